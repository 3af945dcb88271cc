/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The float32 engine's memory, shared by its three files: fast.c (weights and evaluation), chunk.c (which
 * sequences are in work, and their states), gradient.c (everything that sums over pairs).
 *
 * A sweep goes through its sequences in ascending order, a chunk at a time, so that the states of a layer
 * stay in the L2 cache. In a chunk sequence after sequence lies in one array of rows, one row a pair, with a
 * row of zeros before, between and behind: the states before a sequence's start and the deltas after its end.
 * Several sequences advance together as `chains`; when one ends, the next takes its place, so that ragged
 * lengths cost nothing but the end of a chunk. Neither chunks nor chains show in the bits.
 *
 * A net without recurrence has no rows of zeros and no chains: a product goes over the whole chunk.
 */
#ifndef RITARDANDO_MODEL_FAST_H
#define RITARDANDO_MODEL_FAST_H

#include "kernel/kernels.h"
#include "model/layered/layered.h"

/** One sequence of the chunk. */
struct rit_chunk_part {
    int sequence;
    int pair, pairs; /* first pair in the block, and how many */
    int row;         /* of the first pair in the chunk's arrays */
};

/** Neighbouring rows that a product goes over at once. */
struct rit_chunk_spans {
    int n;
    const struct rit_chunk_part *span;
};

struct rit_chunk {
    int parts, rows, pairs; /* rows include those of zeros */
    struct rit_chunk_part *part;
    int *by_length;                        /* part numbers, longest first */
    struct rit_chunk_part *joined, whole;  /* neighbours joined, and all rows: of nets without recurrence */
    struct rit_chunk_spans inputs, states; /* for products over inputs, and over states */
};

/** Panels and gradient sums of a weight block as a dense matrix; those of a bias are one row or column. */
struct rit_fast_matrix {
    float *ahead, *back; /* packed */
    float *g, *square;   /* sums of gradients and of their squares, [rows][rit_ld(cols)] */
};

/** The same of a block that an input of bits feeds, J_1 or W, together with the bias of the same units. */
struct rit_fast_bits {
    float *table, *start;
    float *sum; /* [in + 1][ld] */
    float *square_bits, *square_all;
};

struct rit_fast {
    const struct rit_layered_site *site;
    const struct rit_kernels *kernels;
    int depth, n, ld; /* hidden layers, and their units */
    bool recurrent;
    int in, out, ld_out;
    int chains;   /* sequences that advance together */
    int capacity; /* rows of a chunk */

    struct rit_fast_matrix
        matrix[RIT_MAX_BLOCKS];         /* by block of the layout; not those in `first`, `direct` */
    struct rit_fast_bits first, direct; /* J_1 and W where the input is bits */

    /* The input: reals, or bits as lists. */
    float *x; /* [T][rit_ld(in)] standardised reals; NULL: bits */
    struct rit_levels levels;
    int *bit_first;  /* [T + 1] into bit */
    uint8_t *bit;    /* bits set in each pair's input, filled up with `in`, the row of zeros of a table */
    int *list_first; /* [P][in + 2] into list_row */
    int *list_row;   /* rows of a sequence, counted from its first, in which each bit is set, and all rows */

    /* The chunk in work. */
    struct rit_chunk chunk;
    float *mu[RIT_MAX_DEPTH];    /* [capacity][ld] states */
    float *slope[RIT_MAX_DEPTH]; /* [capacity][ld] phi' without recurrence */
    float *delta[2];             /* [capacity][ld] -dE/d(argument of tanh), layers in turn */
    float *h;                    /* [capacity][ld_out] outputs, then -dE/dh in place */
    float *ones;                 /* [capacity][16], 1 in the first column; NULL without biases */

    /* Time points of the chunk: their pairs and rows, lists of rows by bit, and gathered rows for dense
     * products.
     */
    int points;
    int *point_pair, *point_row, *point_first, *point_list;
    float *picked_delta, *picked_in;

    /* Squared norms of the block's standardised inputs, of rows of the chunk, and as many times 1. */
    double *square_input; /* [T] */
    double *square_mu[RIT_MAX_DEPTH], *square_delta, *square_one;
};

/** Fill the chunk with sequences from `next` on, of the batch's n (index NULL: all of them). Returns the
 * next.
 */
int rit_chunk_fill(struct rit_fast *net, const int *index, int n, int next);

/** States of layers 0 .. depth-1 and the output fields of the chunk. */
void rit_chunk_forward(struct rit_fast *net);

/** Deltas of layer a into net->delta[a % 2], from those of the layer above or of the output. */
void rit_chunk_back(struct rit_fast *net, int a);

/** rit_layered_engine.pass */
void rit_fast_pass(void *self, const struct rit_batch *batch, enum rit_want want,
                   const struct rit_criterion *criterion, double *g, struct rit_pass *sweep);

#endif
