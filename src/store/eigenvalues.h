/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The spectrum of a large matrix that was made of a point's network, as an HDF5 file. docs/spectrum.md */
#ifndef RITARDANDO_STORE_EIGENVALUES_H
#define RITARDANDO_STORE_EIGENVALUES_H

#include <ritardando/status.h>

#include "store/signature.h"

#include <stdint.h>

/** A number beside the eigenvalues. */
struct rit_eigenvalue_fact {
    const char *name, *unit, *meaning;
    double value;
};

/** What is written. Borrowed. */
struct rit_eigenvalue_sheet {
    struct rit_signature signature;
    const char *of, *unit; /* "hessian", "kernel"; of its eigenvalues */
    const char *library;   /* what diagonalised it */
    double tau;
    int64_t step;
    int side;
    const double *value; /* [side] ascending */
    int facts;
    const struct rit_eigenvalue_fact *fact;
};

/** Write the file, atomically. RIT_IO. */
enum rit_status rit_eigenvalues_write(const char *path, const struct rit_eigenvalue_sheet *sheet,
                                      struct rit_error *err);

#endif
