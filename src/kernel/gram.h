/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The kernels of an infinitely wide network (ritardando/wide.h) between the pairs of two blocks, tile by
 * tile. A tile is found from the sequences' starts on, since an entry (t,s) needs (t-1,s-1): whole sequences
 * cost each entry once. Its bits do not depend on how the matrix is cut into tiles.
 */
#ifndef RITARDANDO_KERNEL_GRAM_H
#define RITARDANDO_KERNEL_GRAM_H

#include <ritardando/model.h>
#include <ritardando/wide.h>

#include "kernel/dual.h"

/** A block as the kernels meet it. */
struct rit_gram_side {
    const struct rit_block *block;
    double *x;                             /* [T][inputs] */
    struct rit_duals level[RIT_MAX_DEPTH]; /* of the T pairs */
};

struct rit_gram {
    struct rit_wide wide;
    struct rit_hermite hermite;
    struct rit_gram_side side[2];
    bool same; /* both sides are one block, prepared once */
    int ld;    /* of the rows of work */
    double *work;
    bool converged; /* false: the series of an activation needs more terms than there are */
};

/** The mean of an output over networks at their start. */
double rit_wide_mean(const struct rit_wide *wide, const struct rit_block *trained);

/**
 * Takes the memory for kernels between the pairs of blocks `a` and `b`, which may be the same, and unless the
 * arena only measures prepares both: all that grows as T, not as T^2. Borrows the blocks.
 */
struct rit_gram rit_gram_open(const struct rit_wide *wide, const struct rit_block *a,
                              const struct rit_block *b, struct rit_arena *arena);

/**
 * nngp and ntk of the pairs i .. i + m - 1 of `a` with j .. j + n - 1 of `b`, row-major with `stride`. Either
 * may be NULL. They must have converged.
 */
void rit_gram_tile(struct rit_gram *gram, int i, int m, int j, int n, double *nngp, double *ntk, int stride);

#endif
