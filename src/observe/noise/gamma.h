/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The gradient noise of one step,
 *
 *     Gamma = (1/B) < var_mu(dE_mu/dw_ij) >_ij = V / (B n),   V = (1/N) sum_mu |g_mu - g|^2,
 *
 * over the n weights of a class, from what a gradient sweep leaves: the gradient g_B of the batch and the
 * mean M of the squared norms |g_mu|^2 of single examples. mu is a pair of chords (a time point) or a
 * sequence; N is their number in the block, B that in a batch. V is the variance over the whole block. As on
 * the talk's slide, Gamma has no factor (N-B)/(N-1) for drawing without replacement, by which the
 * covariance of a batch's gradient is smaller.
 *
 * If B of N examples are drawn without replacement, E|g_B|^2 = |g|^2 + V f with f = (N-B)/(B(N-1)), and
 * E M = V + |g|^2, so that
 *
 *     V = (M - |g_B|^2) / (1 - f)
 *
 * is unbiased, and exact for B = N, where f = 0. It needs B >= 2 (or B = N).
 *
 * Pairs in a batch of B of P whole sequences are a cluster sample: the gradient's scatter is that of
 * sequences. |g|^2 = |g_B|^2 - V_sequence (P-B)/(B(P-1)) is unbiased and V_pair = M_pair - |g|^2. M_pair is
 * the mean over the pairs of the batch, a ratio: unbiased for sequences of one length, else up to O(1/B);
 * exact for B = P. The number of pairs in a batch, by which Gamma is divided, is taken as its mean, B T/P.
 */
#ifndef RITARDANDO_OBSERVE_NOISE_GAMMA_H
#define RITARDANDO_OBSERVE_NOISE_GAMMA_H

#include <ritardando/observe.h>

#include "observe/noise/classes.h"

/** Noise per class for both kinds of example [(nat/w)^2]; NaN where the batch does not yield it. */
struct rit_gamma {
    double pair[RIT_MAX_BLOCKS];
    double sequence[RIT_MAX_BLOCKS];
};

/** Of the step just made; needs its sweep to have been asked for RIT_WANT_NOISE. */
void rit_gamma_of(const struct rit_classes *classes, const struct rit_layout *layout,
                  const struct rit_block *block, const struct rit_moment *now, struct rit_gamma *gamma);

/** RIT_BAD_INPUT if the point draws a single example per step: one example has no variance. */
enum rit_status rit_gamma_check(const struct rit_point *point, const char *who, struct rit_error *err);

#endif
