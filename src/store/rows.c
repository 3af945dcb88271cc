/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rows.h"

void rit_rows_begin(struct rit_rows *rows, const struct rit_row *row, int n,
                    const struct rit_dataset_about *about)
{
    const struct rit_results *results = about->results;
    *rows = (struct rit_rows){.row = row, .n = n, .given_up = about->given_up};
    rit_reading_begin(&rows->reading, results ? results->file : NULL, results ? results->files : 0);
}

enum rit_status rit_rows_get(struct rit_rows *rows, int i, const struct rit_result **result,
                             struct rit_hash *content, struct rit_error *err)
{
    const struct rit_row *row = &rows->row[i];
    *result = row->result;
    if (rows->given_up && atomic_load(rows->given_up))
        return rit_fail(err, RIT_STOPPED, "the dataset was given up for a newer one");
    if (row->result) {
        if (content)
            *content = rit_result_content(row->result);
        return RIT_OK;
    }
    rit_result_release(&rows->held);
    *result = &rows->held;
    return rit_reading_get(&rows->reading, row->stored, &rows->held, content, err);
}

void rit_rows_end(struct rit_rows *rows)
{
    rit_result_release(&rows->held);
    rit_reading_end(&rows->reading);
}
