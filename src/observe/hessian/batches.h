/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The largest curvature that batches see: lambda_max of the Hessian of (1/b) sum E_t over b pairs drawn
 * without replacement, with states and deltas of whole sequences. Its mean over draws lies above that of the
 * whole block by about beta/b: what is noise to a batch adds to what is curved.
 */
#ifndef RITARDANDO_OBSERVE_HESSIAN_BATCHES_H
#define RITARDANDO_OBSERVE_HESSIAN_BATCHES_H

#include "slope/exact.h"

#include <stdint.h>

struct rit_batches {
    struct rit_exact *exact;
    const struct rit_layout *layout;
    int draws, pairs;
    unsigned char *in; /* [pairs] */
    int *chosen;       /* [pairs] */
    double *v, *work;  /* [size], of slope/sharpest.h */
};

struct rit_batches rit_batches_open(struct rit_exact *exact, const struct rit_layout *layout,
                                    const struct rit_block *block, int draws, struct rit_arena *work);

/**
 * Mean of lambda_max over the draws of `size` pairs (all, if there are fewer), and its standard error; NaN if
 * a gradient was not finite. The draws are those of streams (seed, RIT_FOR_HESSIAN, size, draw), the same at
 * every moment.
 */
void rit_batches_largest(struct rit_batches *batches, const double *w, uint64_t seed, int size, double guess,
                         double *mean, double *error);

#endif
