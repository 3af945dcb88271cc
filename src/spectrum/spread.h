/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A matrix in ScaLAPACK's block-cyclic form over the grid of a mesh; column-major, as all of Fortran. */
#ifndef RITARDANDO_SPECTRUM_SPREAD_H
#define RITARDANDO_SPECTRUM_SPREAD_H

#include "spectrum/mesh.h"

struct rit_spread {
    const struct rit_mesh *mesh; /* borrowed */
    int rows, cols;
    int here_rows, here_cols; /* part of this rank; 0 outside the grid */
    int ld;
    int form[9];  /* ScaLAPACK's descriptor */
    double *data; /* [here_cols][ld] owned, zero at first */
};

/** RIT_BAD_INPUT if a rank has no memory for its part. */
enum rit_status rit_spread_new(const struct rit_mesh *mesh, int rows, int cols, struct rit_spread *spread,
                               struct rit_error *err);
void rit_spread_free(struct rit_spread *spread);

/** Row and column of the matrix that local ones are. Not collective. */
int rit_spread_row(const struct rit_spread *spread, int here_row);
int rit_spread_col(const struct rit_spread *spread, int here_col);

/** Elements (i .. i + m - 1, j .. j + n - 1), column-major with the stride ld. */
typedef void rit_spread_tile(void *self, int i, int m, int j, int n, double *tile, int ld);

/** Fill a matrix tile by tile, each rank its own: no messages. */
void rit_spread_fill(struct rit_spread *spread, rit_spread_tile *tile, void *self);

/** Put the n whole columns from j on, which lie on rank 0 (elsewhere `column` may be NULL), in their place.
 */
void rit_spread_put(struct rit_spread *spread, int j, int n, const double *column);
/** The reverse. */
void rit_spread_get(const struct rit_spread *spread, int j, int n, double *column);

/** c <- alpha op(a) op(b) + beta c, op being the transpose where asked for. */
void rit_spread_multiply(double alpha, const struct rit_spread *a, bool turn_a, const struct rit_spread *b,
                         bool turn_b, double beta, struct rit_spread *c);

/**
 * All eigenvalues of a symmetric matrix in ascending order, on every rank, and unless NULL the eigenvectors
 * as columns of `vector`. The lower triangle is read; `a` is spoilt. By dsyevd on one rank, by pdsyevd on
 * more, which without vectors is pdsyev. RIT_BAD_INPUT if an element is not finite, or they were not found.
 */
enum rit_status rit_spread_eigen(struct rit_spread *a, double *value, struct rit_spread *vector,
                                 struct rit_error *err);

/** b <- a^-1 b for a positive definite matrix, of which the lower triangle becomes its Cholesky factor.
 * RIT_BAD_INPUT if it is not positive definite. */
enum rit_status rit_spread_solve(struct rit_spread *a, struct rit_spread *b, struct rit_error *err);

#endif
