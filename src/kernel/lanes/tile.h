/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Register tiles: `high` rows of NV vectors each are kept in registers over the whole sum. The shapes fill
 * the register file: accumulators, NV loaded vectors and one broadcast.
 *
 * Every shape is one function made from an inlined body with constant sizes. The accumulator arrays
 * have literal sizes, or gcc would keep them in memory.
 */
#ifndef RITARDANDO_LANES_TILE_H
#define RITARDANDO_LANES_TILE_H

#include "kernel/lanes/vector.h"

#include <stdbool.h>
#include <stddef.h>

#if LANES != 16 && !defined __ARM_NEON /* 16 registers */
enum { MAX_WIDE = 3 };
#define FOR_ALL_TILES(X) ROWS_12(X, 1) ROWS_6(X, 2) ROWS_4(X, 3)
static const int max_high[MAX_WIDE + 1] = {0, 12, 6, 4};
#else /* 32 registers */
enum { MAX_WIDE = 5 };
#define FOR_ALL_TILES(X) ROWS_12(X, 1) ROWS_12(X, 2) ROWS_9(X, 3) ROWS_6(X, 4) ROWS_5(X, 5)
static const int max_high[MAX_WIDE + 1] = {0, 12, 12, 9, 6, 5};
#endif
enum { MAX_HIGH = 12 };

#define ROWS_4(X, NV)  X(1, NV) X(2, NV) X(3, NV) X(4, NV)
#define ROWS_5(X, NV)  ROWS_4(X, NV) X(5, NV)
#define ROWS_6(X, NV)  ROWS_5(X, NV) X(6, NV)
#define ROWS_9(X, NV)  ROWS_6(X, NV) X(7, NV) X(8, NV) X(9, NV)
#define ROWS_12(X, NV) ROWS_9(X, NV) X(10, NV) X(11, NV) X(12, NV)

/** `parts` pieces as equal as can be; the first `longer` have length + 1. */
struct split {
    int parts, length, longer;
};

INLINE struct split split(int n, int largest)
{
    int parts = (n + largest - 1) / largest;
    return (struct split){.parts = parts, .length = n / parts, .longer = n % parts};
}

INLINE int piece(struct split s, int i)
{
    return s.length + (i < s.longer);
}

INLINE int piece_start(struct split s, int i)
{
    return i * s.length + (i < s.longer ? i : s.longer);
}

/* Number of vectors that hold n floats, and how they are split into panels. */
INLINE int vectors(int n)
{
    return (n + LANES - 1) / LANES;
}

INLINE struct split panels(int n)
{
    return split(vectors(n), MAX_WIDE);
}

/* to[r][..] (zero if fresh) += sum_i row[r][i] w[i][..] over k rows of one panel w, [k][NV vectors] */
INLINE void product_tile(const int high, const int wide, int k, const float *const *row, const float *w,
                         float *const *to, bool fresh)
{
    vf sum[MAX_HIGH][MAX_WIDE];
    UNROLL for (int r = 0; r < high; r++)
    {
        UNROLL for (int v = 0; v < wide; v++) sum[r][v] = all(0.0f);
    }
    if (!fresh) {
        UNROLL for (int r = 0; r < high; r++)
        {
            UNROLL for (int v = 0; v < wide; v++) sum[r][v] = load(to[r] + v * LANES);
        }
    }
    for (int i = 0; i < k; i++, w += wide * LANES) {
        vf x[MAX_WIDE];
        UNROLL for (int v = 0; v < wide; v++)
        {
            x[v] = load(w + v * LANES);
            PIN(x[v]);
        }
        UNROLL for (int r = 0; r < high; r++)
        {
            vf y = all(row[r][i]);
            UNROLL for (int v = 0; v < wide; v++) sum[r][v] = fma_f32(y, x[v], sum[r][v]);
        }
    }
    UNROLL for (int r = 0; r < high; r++)
    {
        UNROLL for (int v = 0; v < wide; v++) store(to[r] + v * LANES, sum[r][v]);
    }
}

/* A product over rows at constant distances. */
struct product_use {
    int k;          /* terms of the sum */
    const float *a; /* rows of k factors, stride lda */
    size_t lda;
    const float *w; /* one panel */
    float *c;       /* rows of NV vectors, stride ldc */
    size_t ldc;
    bool fresh;
};

struct outer_use {
    int rows;
    const float *d, *x;
    int ldd, ldx;
    bool chain;
    float *g, *square; /* both with stride ldx */
};

/* g[r][..] += sum_t d[t][r] x[t][..] for `high` columns of d and NV vectors of x */
INLINE void outer_tile(const int high, const int wide, const struct outer_use *use)
{
    vf sum[MAX_HIGH][MAX_WIDE];
    int rows = use->rows, ldd = use->ldd, ldx = use->ldx;
    const float *d = use->d, *x = use->x;
    float *g = use->g, *square = use->square;
    UNROLL for (int r = 0; r < high; r++)
    {
        UNROLL for (int v = 0; v < wide; v++) sum[r][v] = all(0.0f);
    }
    if (use->chain) {
        UNROLL for (int r = 0; r < high; r++)
        {
            UNROLL for (int v = 0; v < wide; v++) sum[r][v] = load(g + (size_t)r * ldx + v * LANES);
        }
    }
    for (int t = 0; t < rows; t++, d += ldd, x += ldx) {
        vf in[MAX_WIDE];
        UNROLL for (int v = 0; v < wide; v++)
        {
            in[v] = load(x + v * LANES);
            PIN(in[v]);
        }
        UNROLL for (int r = 0; r < high; r++)
        {
            vf y = all(d[r]);
            UNROLL for (int v = 0; v < wide; v++) sum[r][v] = fma_f32(y, in[v], sum[r][v]);
        }
    }
    UNROLL for (int r = 0; r < high; r++)
    {
        UNROLL for (int v = 0; v < wide; v++)
        {
            float *at = g + (size_t)r * ldx + v * LANES;
            vf total = sum[r][v];
            if (!use->chain)
                total += load(at);
            store(at, total);
        }
    }
    if (square) {
        UNROLL for (int r = 0; r < high; r++)
        {
            UNROLL for (int v = 0; v < wide; v++)
            {
                float *at = square + (size_t)r * ldx + v * LANES;
                store(at, fma_f32(sum[r][v], sum[r][v], load(at)));
            }
        }
    }
}

/* Tiles one below the other. */
typedef void product_function(int tiles, const struct product_use *use);
/* One tile of rows anywhere: columns `from` .. of a, columns `to` .. of c. */
typedef void scattered_function(int from, int k, const float *const *a, const float *w, float *const *c,
                                int to);
typedef void outer_function(const struct outer_use *use);

#define DEFINE_TILE(R, NV)                                                                                   \
    static void product_##R##x##NV(int tiles, const struct product_use *use)                                 \
    {                                                                                                        \
        const float *a = use->a, *row[MAX_HIGH];                                                             \
        float *c = use->c, *to[MAX_HIGH];                                                                    \
        for (int t = 0; t < tiles; t++) {                                                                    \
            UNROLL for (int r = 0; r < (R); r++, a += use->lda, c += use->ldc) row[r] = a, to[r] = c;        \
            product_tile(R, NV, use->k, row, use->w, to, use->fresh);                                        \
        }                                                                                                    \
    }                                                                                                        \
    static void scattered_##R##x##NV(int from, int k, const float *const *a, const float *w,                 \
                                     float *const *c, int to)                                                \
    {                                                                                                        \
        const float *row[MAX_HIGH];                                                                          \
        float *sum[MAX_HIGH];                                                                                \
        UNROLL for (int r = 0; r < (R); r++) row[r] = a[r] + from, sum[r] = c[r] + to;                       \
        product_tile(R, NV, k, row, w, sum, false);                                                          \
    }                                                                                                        \
    static void outer_##R##x##NV(const struct outer_use *use)                                                \
    {                                                                                                        \
        outer_tile(R, NV, use);                                                                              \
    }
FOR_ALL_TILES(DEFINE_TILE)

#define PRODUCT_ENTRY(R, NV)   [NV][R] = product_##R##x##NV,
#define SCATTERED_ENTRY(R, NV) [NV][R] = scattered_##R##x##NV,
#define OUTER_ENTRY(R, NV)     [NV][R] = outer_##R##x##NV,
static product_function *const product_of[MAX_WIDE + 1][MAX_HIGH + 1] = {FOR_ALL_TILES(PRODUCT_ENTRY)};
static scattered_function *const scattered_of[MAX_WIDE + 1][MAX_HIGH + 1] = {FOR_ALL_TILES(SCATTERED_ENTRY)};
static outer_function *const outer_of[MAX_WIDE + 1][MAX_HIGH + 1] = {FOR_ALL_TILES(OUTER_ENTRY)};

#endif
