/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The plain driver: passes in float64, in loops that follow the formulas. A model over it gives what makes it
 * a model: how a sequence goes forward, how deltas come back, and a table of feeds, which says what every
 * weight block multiplies. Batches, criteria, gradients and second moments are the driver's.
 *
 * Every weight block b acts as y(t) += B x(t - lag), so that with delta(t) = -dE/dy(t) its gradient is
 * -sum_t delta(t) x(t - lag)^T and its second moment sum_t |delta(t)|^2 |x(t - lag)|^2. A block that acts in
 * several places of a pair (a complex matrix, on real and on imaginary parts) has as many terms:
 * -sum_t sum_k delta_k(t) x_k(t - lag)^T.
 */
#ifndef RITARDANDO_MODEL_PLAIN_H
#define RITARDANDO_MODEL_PLAIN_H

#include <ritardando/model.h>

/** What a weight block multiplies, and the deltas of what it feeds. Rows of all T pairs. */
struct rit_feed {
    const double *delta; /* [T][terms][rows of the block]; NULL: its gradient is made by `collect` alone */
    const double *in;    /* [T][terms][its columns]; NULL: the number 1 (a bias), in one term */
    int lag;             /* pairs by which `in` comes earlier; nothing before a sequence's start */
};

/** The net of every model over the driver. */
struct rit_net {
    const struct rit_layout *layout;
    const struct rit_block *block;
    const double *w; /* as loaded; borrowed */
    int in, out;     /* widths of inputs and outputs */
    double *x;       /* [T][in] standardised inputs */
    double *y;       /* [T][out] outputs; in `backward` their deltas, -dE/dy */
    struct rit_feed feed[RIT_MAX_BLOCKS];
    int more[RIT_MAX_BLOCKS]; /* terms of a feed beyond the first */
    void *self;               /* the model's own */
    /** From net->x of the pairs from .. to - 1, one sequence, to net->y. */
    void (*forward)(struct rit_net *net, int from, int to);
    /** From the deltas in net->y to those of all feeds. */
    void (*backward)(struct rit_net *net, int from, int to);
    /** Adds to g the gradient sum_t dE_t/dw of blocks without a feed, over the chosen pairs of all sequences
     * that went backward since the last call. NULL: none. */
    void (*collect)(struct rit_net *net, double *g);
    uint64_t draw;         /* of the batch of this pass */
    double *sequence;      /* flat: gradient of one sequence */
    unsigned char *chosen; /* [T] whether a pair contributes to the gradient */
};

/** A net with everything but self, forward, backward and the feeds; NULL while the arena only measures. */
struct rit_net *rit_plain_open(const struct rit_layout *layout, const struct rit_block *block,
                               struct rit_arena *arena);

/** rit_model.load and rit_model.pass. */
void rit_plain_load(struct rit_net *net, const double *w);
void rit_plain_pass(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                    const struct rit_criterion *criterion, double *g, struct rit_pass *sweep);

/** The same, where a net stands as one of several engines. */
void rit_plain_engine_load(void *net, const double *w);
void rit_plain_engine_pass(void *net, const struct rit_batch *batch, enum rit_want want,
                           const struct rit_criterion *criterion, double *g, struct rit_pass *sweep);

/** y += B x and x += B^T y for weight block b; nothing if b < 0. A block of one column acts on x = NULL as on
 * the number 1. */
void rit_plain_multiply(const struct rit_net *net, int b, const double *x, double *y);
void rit_plain_multiply_back(const struct rit_net *net, int b, const double *y, double *x);

#endif
