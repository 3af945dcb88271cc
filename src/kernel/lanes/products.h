/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Products over rows of states: forward, backward and weight gradients. See rit_kernels for the formulas. */
#ifndef RITARDANDO_LANES_PRODUCTS_H
#define RITARDANDO_LANES_PRODUCTS_H

#include "kernel/kernels.h"
#include "kernel/lanes/elementary.h"
#include "kernel/lanes/tile.h"

/* Bytes of a panel that stay in the L1 cache while all rows pass over them. */
enum { PANEL_BYTES = 28 << 10 };

/* The tiles of a product: panels of columns, pieces of the sum, and the rows cut for a panel of either width.
 */
struct tiling {
    struct split panels, narrow, wide, sum;
};

INLINE struct tiling tiling_of(int rows, int k, int n)
{
    struct split p = panels(n);
    int widest = p.length + (p.longer > 0);
    return (struct tiling){.panels = p,
                           .narrow = split(rows, max_high[p.length]),
                           .wide = split(rows, max_high[widest]),
                           .sum = split(k, PANEL_BYTES / (widest * LANES * (int)sizeof(float)))};
}

/* One panel and one piece of the sum for `tiles` of equal height; goes on to the rows below. */
INLINE void product_run(int tiles, int high, int wide, struct product_use *use)
{
    if (tiles <= 0)
        return;
    product_of[wide][high](tiles, use);
    use->a += (size_t)(tiles * high) * use->lda;
    use->c += (size_t)(tiles * high) * use->ldc;
}

/* The same for all rows. */
INLINE void product_rows(struct split tiles, int wide, struct product_use use)
{
    product_run(tiles.longer, tiles.length + 1, wide, &use);
    product_run(tiles.parts - tiles.longer, tiles.length, wide, &use);
}

/* Between two pieces of a sum its elements wait in c, which does not change them. */
static void multiply(int rows, int k, int n, const float *a, const float *packed, bool fresh, float *c)
{
    struct tiling tiling = tiling_of(rows, k, n);
    size_t lda = (size_t)rit_ld(k), ldc = (size_t)rit_ld(n);
    for (int i = 0; i < tiling.panels.parts; i++) {
        int wide = piece(tiling.panels, i);
        for (int p = 0, from = 0; p < tiling.sum.parts; from += piece(tiling.sum, p++)) {
            struct product_use use = {.k = piece(tiling.sum, p),
                                      .a = a + from,
                                      .lda = lda,
                                      .w = packed,
                                      .c = c,
                                      .ldc = ldc,
                                      .fresh = fresh && p == 0};
            product_rows(i < tiling.panels.longer ? tiling.wide : tiling.narrow, wide, use);
            packed += (size_t)use.k * wide * LANES;
        }
        c += wide * LANES;
    }
}

/* Sequences that advance together, a pair at a time. */
struct chains {
    int count, n;
    ptrdiff_t next; /* from a row to the one that follows it in time */
    struct tiling tiling;
    const float *packed;
    const float *before[RIT_MAX_CHAINS]; /* the last row of each, */
    float *now[RIT_MAX_CHAINS];          /* the one that follows, */
    const float *state[RIT_MAX_CHAINS];  /* and when these are deltas, the states there */
};

static struct chains chains_of(int count, int n, const float *packed, float *const *row, ptrdiff_t next)
{
    struct chains chains = {
        .count = count, .n = n, .next = next, .tiling = tiling_of(count, n, n), .packed = packed};
    for (int c = 0; c < count; c++) {
        chains.now[c] = row[c];
        chains.before[c] = row[c] - next;
    }
    return chains;
}

/* Sums become states, for `high` chains from `from` on. */
INLINE void finish_states(const int high, const struct chains *chains, int from)
{
    float *const *row = chains->now + from;
    for (int col = 0; col < chains->n; col += LANES) {
        vf x[ABREAST];
        UNROLL for (int r = 0; r < high; r++) x[r] = load(row[r] + col);
        tanh_f32(high, x);
        UNROLL for (int r = 0; r < high; r++)
        {
            store(row[r] + col, x[r]);
            __builtin_prefetch(row[r] + chains->next + col); /* what the next step begins with */
        }
    }
}

static void states(int high, const struct chains *chains, int from)
{
    struct split s = split(high, ABREAST);
    for (int i = 0; i < s.parts; from += piece(s, i++))
        WITH_CONSTANT(piece(s, i), finish_states, chains, from)
}

/* Sums become deltas. */
static void deltas(int high, const struct chains *chains, int from)
{
    for (int c = from; c < from + high; c++) {
        for (int col = 0; col < chains->n; col += LANES) {
            vf m = load(chains->state[c] + col);
            __builtin_prefetch(chains->state[c] + chains->next + col);
            __builtin_prefetch(chains->now[c] + chains->next + col);
            store(chains->now[c] + col, load(chains->now[c] + col) * fma_f32(-m, m, all(1.0f)));
        }
    }
}

/*
 * One step of all chains. A tile's rows are finished at once, so that it happens beside the multiply-adds of
 * the next tile.
 */
INLINE void advance(struct chains *chains, void (*finish)(int, const struct chains *, int))
{
    const struct tiling *tiling = &chains->tiling;
    const float *packed = chains->packed;
    for (int i = 0, col = 0; i < tiling->panels.parts; i++) {
        int wide = piece(tiling->panels, i);
        struct split tiles = i < tiling->panels.longer ? tiling->wide : tiling->narrow;
        for (int p = 0, from = 0; p < tiling->sum.parts; p++) {
            int k = piece(tiling->sum, p);
            bool last = i + 1 == tiling->panels.parts && p + 1 == tiling->sum.parts;
            for (int t = 0, c = 0; t < tiles.parts; t++) {
                int high = piece(tiles, t);
                scattered_of[wide][high](from, k, chains->before + c, packed, chains->now + c, col);
                if (last)
                    finish(high, chains, c);
                c += high;
            }
            packed += (size_t)k * wide * LANES;
            from += k;
        }
        col += wide * LANES;
    }
    for (int c = 0; c < chains->count; c++) {
        chains->before[c] = chains->now[c];
        chains->now[c] += chains->next;
    }
}

static void ahead(int count, int steps, int n, const float *packed, float *const *mu)
{
    struct chains chains = chains_of(count, n, packed, mu, rit_ld(n));
    for (int i = 0; i < steps; i++)
        advance(&chains, states);
}

static void back(int count, int steps, int n, const float *packed, float *const *d, const float *const *mu)
{
    struct chains chains = chains_of(count, n, packed, d, -rit_ld(n));
    memcpy(chains.state, mu, sizeof *mu * (size_t)count);
    for (int i = 0; i < steps; i++) {
        advance(&chains, deltas);
        for (int c = 0; c < count; c++)
            chains.state[c] += chains.next;
    }
}

static void outer(int rows, int nj, int nk, const float *d, const float *x, bool chain, float *g,
                  float *square)
{
    int ldx = rit_ld(nk);
    struct split p = panels(nk);
    struct outer_use use = {.rows = rows, .ldd = rit_ld(nj), .ldx = ldx, .chain = chain};
    for (int i = 0, col = 0; i < p.parts; i++) {
        int wide = piece(p, i);
        struct split tiles = split(nj, max_high[wide]);
        use.x = x + col;
        for (int t = 0, j = 0; t < tiles.parts; j += piece(tiles, t++)) {
            size_t at = (size_t)j * ldx + (size_t)col;
            use.d = d + j;
            use.g = g + at;
            use.square = square ? square + at : NULL;
            outer_of[wide][piece(tiles, t)](&use);
        }
        col += wide * LANES;
    }
}

/* For the few products in double (rit_polar_project): one shape of tile, and nothing packed. */
enum { HIGH_F64 = LANES == 16 ? 8 : 4, WIDE_F64 = 2 };

static void multiply_f64(int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c,
                         int ldc)
{
    for (int j = 0; j < n; j += WIDE_F64 * HALF) {
        for (int i = 0; i < m; i += HIGH_F64) {
            int high = m - i < HIGH_F64 ? m - i : HIGH_F64;
            vd sum[HIGH_F64][WIDE_F64];
            const double *row[HIGH_F64], *x = b + j;
            UNROLL for (int r = 0; r < HIGH_F64; r++)
            {
                row[r] = a + (size_t)(r < high ? i + r : i) * lda;
                UNROLL for (int v = 0; v < WIDE_F64; v++) sum[r][v] = all_f64(0.0);
            }
            for (int l = 0; l < k; l++, x += ldb) {
                UNROLL for (int r = 0; r < HIGH_F64; r++)
                {
                    vd y = all_f64(row[r][l]);
                    UNROLL for (int v = 0; v < WIDE_F64; v++) sum[r][v] =
                        fma_f64(y, *(const vd_any *)(x + v * HALF), sum[r][v]);
                }
            }
            UNROLL for (int r = 0; r < HIGH_F64; r++)
            {
                double *to = c + (size_t)(i + r) * ldc + j;
                if (r < high) {
                    UNROLL for (int v = 0; v < WIDE_F64; v++) * (vd_any *)(to + v * HALF) = sum[r][v];
                }
            }
        }
    }
}

#endif
