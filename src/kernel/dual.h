/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The dual of an activation phi: averages over two Gaussian inputs u, v of variances q_1, q_2 and covariance
 * c,
 *
 *     Phi = < phi(u) phi(v) >,    Phi' = < phi'(u) phi'(v) > = dPhi/dc,
 *
 * from which the kernels of infinitely wide networks are made. Closed for all activations but tanh, which has
 * the series of Mehler in its Hermite coefficients a_k(q) = < phi(sqrt q z) he_k(z) >: only odd k, and with
 * g_j(q) = a_{2j+1}(q) / sqrt q, x = c^2 / (q_1 q_2), e_j = g_j(q_1) g_j(q_2)
 *
 *     Phi = c sum_j e_j x^j,    Phi' = sum_j (2j + 1) e_j x^j.
 *
 * What the terms beyond the last can be is known from Parseval: < phi^2 > and < phi'^2 > less the squares of
 * those that are taken. Sources: Mehler, J. reine angew. Math. 66, 161 (1866); Cho and Saul, NIPS 2009;
 * Williams, Neural Comput. 10, 1203 (1998); Daniely, Frostig and Singer, NIPS 2016.
 */
#ifndef RITARDANDO_KERNEL_DUAL_H
#define RITARDANDO_KERNEL_DUAL_H

#include "kernel/kernels.h"

#include <stddef.h>

struct rit_arena;

/** Phi and Phi' of one pair of inputs, or <phi^2> and <phi'^2> of one input. */
struct rit_dual {
    double value, slope;
};

/** Most terms of a series, and the share of its sum that what is left out may be. */
enum { RIT_DUAL_TERMS = 256 };
#define RIT_DUAL_ERROR 1e-11

/** Where tanh is looked at: nodes of the trapezoidal rule, and Hermite polynomials there with their weights.
 */
struct rit_hermite {
    double *node;   /* [nodes] z > 0 */
    double *weight; /* [nodes] of an even function */
    double *odd;    /* [RIT_DUAL_TERMS][nodes] weight times he_{2j+1} */
};

struct rit_hermite rit_hermite_open(struct rit_arena *arena);

/** <phi^2> and <phi'^2> of one input of variance q. */
struct rit_dual rit_dual_square(const struct rit_hermite *hermite, enum rit_activation phi, double q);

/** Phi and Phi' of an activation that has them closed: not tanh. */
struct rit_dual rit_dual_closed(enum rit_activation phi, double q_1, double q_2, double c);

/**
 * How many terms of the series inputs of variances up to q need for an error of Phi and Phi' below
 * RIT_DUAL_ERROR; 0 if RIT_DUAL_TERMS are not enough. 1 for activations without a series.
 */
int rit_dual_terms(const struct rit_hermite *hermite, enum rit_activation phi, double q);

/** Many inputs with their variances, prepared for duals with many others. */
struct rit_duals {
    enum rit_activation phi;
    int n, ld;      /* ld: a row of n and of as many zeros as a vector may reach beyond it */
    int terms;      /* of the series */
    double *q;      /* [n] */
    double *over;   /* [ld] 1/q; 0 where q is 0, and beyond n */
    double *series; /* [RIT_DUAL_TERMS][ld] g_j; tanh only */
};

/** Takes the memory of n inputs. */
struct rit_duals rit_duals_open(enum rit_activation phi, int n, struct rit_arena *arena);

/** Prepares those whose variances stand in q, with so many terms: those that the largest of any of both sides
 * needs. */
void rit_duals_fill(struct rit_duals *duals, const struct rit_hermite *hermite, int terms);

/**
 * Phi and Phi' of input i of `a` with the n inputs from j on of `b`, whose covariances are c. The arrays
 * have room for n in whole vectors of RIT_VIRTUAL_LANES, and c is a number everywhere.
 */
void rit_duals_row(const struct rit_duals *a, int i, const struct rit_duals *b, int j, int n, const double *c,
                   double *value, double *slope);

#endif
