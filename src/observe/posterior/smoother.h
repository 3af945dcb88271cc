/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What a kernel Q makes of targets y on its T pairs: predictions A y at other pairs, whose kernel with them
 * is Q_x. With the triangular factor Q = L L^T of rank r, and L_x of the other pairs,
 *
 *     with noise   A = Q_x (Q + s^2)^-1             = L_x (G + s^2)^-1 L^T,    G = L^T L
 *     at a time    A = Q_x Q^-1 (1 - exp(-Q tau/T)) = L_x (tau/T) phi(G tau/T) L^T,    phi(x) = (1 - e^-x)/x
 *
 * where G has full rank even if the kernel knows less than its rows. phi of a matrix: a Taylor polynomial of
 * a small multiple, then doublings phi(2x) = phi(x) (1 + e^-x)/2 (Higham, Functions of Matrices, SIAM 2008,
 * 10). All sums have a fixed order.
 */
#ifndef RITARDANDO_OBSERVE_POSTERIOR_SMOOTHER_H
#define RITARDANDO_OBSERVE_POSTERIOR_SMOOTHER_H

#include "kernel/cholesky.h"

struct rit_smoother {
    int n, ld;                            /* T, and in whole vectors, of rows and of their squares */
    struct rit_factor factor;             /* of Q */
    double *lower;                        /* [T][ld] L, by rows */
    double *gram;                         /* [rank][ld] G */
    double *inner, *power, *other, *part; /* [rank][ld] work */
};

struct rit_smoother rit_smoother_open(int n, struct rit_arena *arena);

/** For the kernel Q [n][ld]; pivots below `least` of the largest variance are taken for zero. */
void rit_smoother_make(struct rit_smoother *smoother, const double *kernel, double least);

/**
 * A^T [n][ld_x] for m other pairs, whose kernel with the n is `cross` [n][ld_x], zero beyond m. `column`
 * [n][ld_x] is work space. `noise` is s^2 >= 0; or, with noise < 0, tau is the time.
 */
void rit_smoother_apply(struct rit_smoother *smoother, const double *cross, int ld_x, double noise,
                        double tau, double *column, double *weights);

#endif
