/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Triangular factors of kernel matrices, with pivots, in an order of sums that is the same on every machine:
 * after r steps A = L L^T up to a rest none of whose elements is above the largest pivot that is left. A
 * matrix of a kernel that knows less than its rows, such as two of the same past, is no exception. Source:
 * Harbrecht, Peters and Schneider, Appl. Numer. Math. 62, 428 (2012).
 */
#ifndef RITARDANDO_KERNEL_CHOLESKY_H
#define RITARDANDO_KERNEL_CHOLESKY_H

/** L of n rows, by columns. */
struct rit_factor {
    int n, ld;      /* ld: n in whole vectors */
    int rank;       /* columns that it has */
    int *pivot;     /* [n] the row whose pivot column k has */
    double *column; /* [n][ld] L_tk at k ld + t */
};

struct rit_arena;
struct rit_factor rit_factor_open(int n, struct rit_arena *arena);

/**
 * Factorises a symmetric positive semidefinite matrix [n][ld], until no pivot is above `least` times its
 * largest diagonal element. `diagonal` is work space of n.
 */
void rit_factor_make(struct rit_factor *factor, const double *matrix, double least, double *diagonal);

/**
 * The rows of L for m more rows of the kernel, `cross` [n][ld] being its values between the n rows and these,
 * by columns [rank][ld]. ld is a multiple of 16, and what lies beyond the m elements of a row is zero.
 */
void rit_factor_extend(const struct rit_factor *factor, const double *cross, int ld, double *column);

#endif
