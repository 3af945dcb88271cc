/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The rows of a dataset, one result at a time: in memory, or read from the journals that hold them. */
#ifndef RITARDANDO_STORE_ROWS_H
#define RITARDANDO_STORE_ROWS_H

#include "store/dataset.h"

struct rit_rows {
    const struct rit_row *row; /* [n] borrowed */
    int n;
    struct rit_reading reading;
    struct rit_result held; /* the row read last */
    const atomic_bool *given_up;
};

void rit_rows_begin(struct rit_rows *rows, const struct rit_row *row, int n,
                    const struct rit_dataset_about *about);
/** The result of row i, until the next call; and, if not NULL, its rit_result_content. RIT_STOPPED once the
 * dataset is given up. */
enum rit_status rit_rows_get(struct rit_rows *rows, int i, const struct rit_result **result,
                             struct rit_hash *content, struct rit_error *err);
void rit_rows_end(struct rit_rows *rows);

#endif
