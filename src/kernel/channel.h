/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A channel of Kraus operators K_k: a register is measured with the outcome k and reset, another one, of
 * `dimension` states, is kept. rho <- sum_k K_k rho K_k^+, and p_k = tr K_k rho K_k^+ is how probable k is.
 */
#ifndef RITARDANDO_KERNEL_CHANNEL_H
#define RITARDANDO_KERNEL_CHANNEL_H

#include "kernel/kernels.h"

struct rit_channel {
    int outcomes, dimension;
    int ld;               /* outcomes, rounded up to a multiple of 16: those beyond are zero */
    struct rit_planar of; /* [dimension in][dimension out][ld]: element (out, in) of K_k */
};

/** Doubles of work space of either function below. */
size_t rit_channel_work(const struct rit_channel *channel);

/** `next` = sum_k K_k rho K_k^+ (dimension x dimension, Hermitian) and p[k], [ld]. next may not be rho. */
void rit_channel_step(const struct rit_channel *channel, struct rit_planar rho, struct rit_planar next,
                      double *p, double *work);

/**
 * Back through a step: with c[k] = dE/dp_k ([ld]) and `lambda` the adjoint of what came out, dE = tr lambda
 * d(next), adds dE/dK* = (c_k + lambda) K_k rho to `slope` (laid out like the channel) unless its re is NULL,
 * and makes of lambda the adjoint of what went in, sum_k K_k^+ (c_k + lambda) K_k.
 */
void rit_channel_back(const struct rit_channel *channel, struct rit_planar rho, const double *c,
                      struct rit_planar lambda, struct rit_planar slope, double *work);

/** Doubles of work space of rit_channel_second. */
size_t rit_channel_second_work(const struct rit_channel *channel);

/**
 * |lambda_2|, the largest modulus of an eigenvalue of the channel on traceless operators: the factor by which
 * a step shrinks what differs longest between two states. It takes steps until two vectors of a Krylov space,
 * which hold a pair of complex eigenvalues too, tell it to about 1e-6; where more than two share the modulus,
 * it is how lengths change over many steps. 0 if nothing is left of any difference.
 */
double rit_channel_second(const struct rit_channel *channel, double *work);

#endif
