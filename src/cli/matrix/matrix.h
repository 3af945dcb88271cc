/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Large matrices that are made of a trained point by passes of its network, over all ranks: behind
 * `spectrum`. */
#ifndef RITARDANDO_CLI_MATRIX_H
#define RITARDANDO_CLI_MATRIX_H

#include "base/arena.h"
#include "cli/again/again.h"
#include "slope/exact.h"
#include "slope/hessian.h"
#include "slope/levels.h"
#include "spectrum/columns.h"

/** The point at one of its moments, on every rank: weights from rank 0, which alone trains again. */
struct rit_site {
    struct rit_holding holding;
    struct rit_trail trail;
    const struct rit_layout *layout;
    const struct rit_model *model;
    struct rit_arena arena;
    struct rit_exact *exact; /* its cost in float64 */
    double *w;               /* on their group; [size] */
    double tau;
    uint64_t step;
    bool open; /* the holding is */
    bool wide; /* the kernel of infinite width is asked for, which no training moves: there are no weights,
                  layout, model and cost */
};

/** At proper time tau; NaN: at the end of its run. `kernel`: for its tangent kernel alone. Collective; to be
 * closed in any case. */
enum rit_status rit_site_open(MPI_Comm comm, const char *run, const char *point, double tau, bool kernel,
                              struct rit_site *site, struct rit_error *err);
void rit_site_close(struct rit_site *site);

/** One kind of matrix: what its eigenvalues need. */
struct rit_matrix {
    const char *name, *unit; /* "hessian", "nat/w^2" */
    /** Its side at this point. */
    int (*side)(const struct rit_site *site);
    /** Rows of the columns that are made, and how many columns. */
    void (*columns)(const struct rit_site *site, int *rows, int *cols);
    /** A maker of columns, in `work`; NULL from a measuring arena. */
    void *(*open)(const struct rit_site *site, int unit, struct rit_arena *work);
    bool (*make)(void *self, int j, double *x);
    /**
     * The symmetric matrix from its columns, which it may be itself, and the floor below which eigenvalues
     * are errors. Collective.
     */
    enum rit_status (*finish)(struct rit_spread *columns, struct rit_spread *matrix, double *floor,
                              struct rit_error *err);
};

extern const struct rit_matrix rit_matrix_hessian, rit_matrix_kernel;

#endif
