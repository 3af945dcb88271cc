/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The layered recurrent network in two arithmetics behind one interface: `reference` in plain float64 loops,
 * slow and obvious, and `fast` in float32 kernels that must equal it.
 *
 *     mu_a(t) = tanh( J_a mu_{a-1}(t) + M_a mu_a(t-1) [+ b_a] ),  mu_0(t) = x(t),  mu_a = 0 before a
 * sequence's start; H(t) = K mu_{N_L}(t) + W x(t) + h
 *
 * `fast` also serves networks that lack some of these: all M_a (feed-forward ones, of any activation), W, K
 * (of depth 0), biases.
 */
#ifndef RITARDANDO_MODEL_LAYERED_H
#define RITARDANDO_MODEL_LAYERED_H

#include <ritardando/model.h>

#include "kernel/kernels.h"

/** Sizes, and the index in the layout of every weight block; -1 for a block the network does not have. */
struct rit_layered {
    int depth, width;
    int in, out; /* widths of the ports */
    int j[RIT_MAX_DEPTH], m[RIT_MAX_DEPTH], b[RIT_MAX_DEPTH];
    int k, w, h;
    enum rit_activation phi;          /* without M_a; with them it is tanh */
    double factor[RIT_MAX_DEPTH + 1]; /* of feed-forward products, the output's last: those of `dense`, which
                                         gives `fast` weights times them */
};

/** What the sweeps of a network need to know. Borrowed for the life of the net. */
struct rit_layered_site {
    struct rit_layered shape;
    const struct rit_layout *layout;
    const struct rit_block *block;
};

/** One arithmetic: the calls of rit_model with its own working memory `self`. */
struct rit_layered_engine {
    void *(*open)(const struct rit_layered_site *site, struct rit_arena *arena);
    void (*load)(void *self, const double *w);
    void (*pass)(void *self, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_pass *sweep);
};

extern const struct rit_layered_engine rit_layered_reference, rit_layered_fast;

/** A bit as a standardised input: (bit - mean) / deviation. */
static inline struct rit_levels rit_levels_of(const struct rit_block *block)
{
    return (struct rit_levels){.off = (0.0 - block->mean) / block->deviation,
                               .on = (1.0 - block->mean) / block->deviation};
}

#endif
