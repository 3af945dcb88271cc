/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The weights of a network at some proper times, as an HDF5 file for other programs. docs/weights.md */
#ifndef RITARDANDO_STORE_WEIGHTS_H
#define RITARDANDO_STORE_WEIGHTS_H

#include <ritardando/model.h>
#include <ritardando/status.h>

#include "store/signature.h"

/** What is written. Borrowed. */
struct rit_weights_sheet {
    struct rit_signature signature;
    const struct rit_block *block; /* its ports and the moments of its inputs */
    const struct rit_layout *layout;
    int times;           /* at least one */
    const double *tau;   /* [times] ascending */
    const int64_t *step; /* [times] */
    const double *w;     /* [times][layout->size] */
};

/**
 * Write the file, atomically: the variables tau and step, one variable (tau, to, from) for each weight
 * matrix, and as attributes the parameters that have a meaning for the point, under their keys. Equal sheets
 * give equal bytes. RIT_IO.
 */
enum rit_status rit_weights_write(const char *path, const struct rit_weights_sheet *sheet,
                                  struct rit_error *err);

#endif
