/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The float32 engine's memory, shared by its three files: fast.c (weights and evaluation), chunk.c (which
 * chorales are in work, and their states), gradient.c (everything that sums over pairs).
 *
 * A sweep goes through its chorales in ascending order, a chunk at a time, so that the states of a layer
 * stay in the L2 cache. In a chunk chorale after chorale lies in one array of rows, one row a pair, with a
 * row of zeros before, between and behind: the states before a chorale's start and the deltas after its end.
 * Several chorales advance together as `chains`; when one ends, the next takes its place, so that ragged
 * lengths cost nothing but the end of a chunk. Neither chunks nor chains show in the bits.
 */
#ifndef RITARDANDO_MODEL_FAST_H
#define RITARDANDO_MODEL_FAST_H

#include "kernel/kernels.h"
#include "model/layered/layered.h"

/** One chorale of the chunk. */
struct rit_chunk_part {
    int chorale;
    int pair, pairs; /* first pair in the block, and how many */
    int row;         /* of the first pair in the chunk's arrays */
};

struct rit_chunk {
    int parts, rows; /* rows include those of zeros */
    struct rit_chunk_part *part;
    int *by_length; /* part numbers, longest first */
};

/** Panels and gradient sums of one dense weight block. */
struct rit_fast_matrix {
    float *ahead, *back; /* packed */
    float *g, *square;   /* sums of gradients and of their squares, [rows][rit_ld(cols)] */
};

/** The same of a block that the binary input feeds: J_1 or W, together with the bias of the same units. */
struct rit_fast_notes {
    float *table, *start;
    float *sum; /* [RIT_NOTE_LISTS][ld] */
    float *square_notes, *square_all;
};

struct rit_fast {
    const struct rit_layered_site *site;
    const struct rit_kernels *kernels;
    struct rit_levels levels;
    int depth, n, ld;
    int chains;   /* chorales that advance together */
    int capacity; /* rows of a chunk */

    struct rit_fast_notes first, direct;                          /* J_1 and W */
    struct rit_fast_matrix j[RIT_MAX_DEPTH], m[RIT_MAX_DEPTH], k; /* j[0] is not used */
    struct rit_fast_matrix b[RIT_MAX_DEPTH];                      /* b_a, a >= 2: its ahead is one row */

    /* The block's notes as lists. */
    int *note_first; /* [T + 1] into note */
    uint8_t *note;   /* slots sounding in each pair's input, filled up with RIT_SILENT */
    int *list_first; /* [P][RIT_NOTE_LISTS + 1] into list_row */
    int *list_row;   /* rows of a chorale, counted from its first, in which each slot sounds */

    /* The chunk in work. */
    struct rit_chunk chunk;
    float *mu[RIT_MAX_DEPTH]; /* [capacity][ld] states */
    float *delta[2];          /* [capacity][ld] -dE/d(argument of tanh), layers in turn */
    float *h;                 /* [capacity][64] fields, then -dE/dh in place */
    float *ones;              /* [capacity][16], 1 in the first column; NULL without biases */

    /* Time points of the chunk: their rows, lists of them by slot, and gathered rows for dense products. */
    int points;
    int *point_row, *point_first, *point_list;
    float *picked_delta, *picked_in;

    /* Squared norms of the block's standardised inputs, of rows of the chunk, and as many times 1. */
    double *square_input; /* [T] */
    double *square_mu[RIT_MAX_DEPTH], *square_delta, *square_one;
};

/** Fill the chunk with chorales from `next` on, of the batch's n (index NULL: all of them). Returns the next.
 */
int rit_chunk_fill(struct rit_fast *net, const int *index, int n, int next);

/** States of layers 0 .. depth-1 and the output fields of the chunk. */
void rit_chunk_forward(struct rit_fast *net);

/** Deltas of layer a into net->delta[a % 2], from those of the layer above or of the output. */
void rit_chunk_back(struct rit_fast *net, int a);

/** rit_layered_engine.pass */
void rit_fast_pass(void *self, const struct rit_batch *batch, enum rit_want want,
                   const struct rit_criterion *criterion, double *g, struct rit_sweep *sweep);

#endif
