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
    int vectors;
};

INLINE struct tiling tiling_of(int rows, int k, int n)
{
    struct split p = panels(n);
    int widest = p.length + (p.longer > 0);
    return (struct tiling){.panels = p,
                           .narrow = split(rows, max_high[p.length]),
                           .wide = split(rows, max_high[widest]),
                           .sum = split(k, PANEL_BYTES / (widest * LANES * (int)sizeof(float))),
                           .vectors = vectors(n)};
}

/* What happens to the rows of a tile once their sums are complete. */
enum finish_kind { LEAVE, TO_STATES, TO_DELTAS };

/*
 * Column by column, so that the next step of these chains can begin with the first columns while the last
 * are still on their way; and tile by tile, so that it runs beside the multiply-adds of the next tile.
 */
INLINE void finish_rows(const enum finish_kind kind, int rows, int nv, float *const *c,
                        const float *const *mu)
{
    for (int v = 0; kind == TO_STATES && v < nv; v++)
        for (int r = 0; r < rows; r++)
            store(c[r] + v * LANES, tanh_f32(load(c[r] + v * LANES)));
    for (int v = 0; kind == TO_DELTAS && v < nv; v++) {
        for (int r = 0; r < rows; r++) {
            vf m = load(mu[r] + v * LANES);
            store(c[r] + v * LANES, load(c[r] + v * LANES) * fma_f32(-m, m, all(1.0f)));
        }
    }
}

/*
 * c[r] += packed a[r] for rows given by their addresses. Between two pieces of a sum its elements wait in c,
 * which does not change them.
 */
INLINE void product_rows(const enum finish_kind kind, const struct tiling *tiling, const float *const *a,
                         const float *packed, bool fresh, float *const *c, const float *const *mu)
{
    for (int i = 0, col = 0; i < tiling->panels.parts; i++) {
        int wide = piece(tiling->panels, i);
        struct split tiles = i < tiling->panels.longer ? tiling->wide : tiling->narrow;
        product_function *const *of_height = product_of[wide];
        for (int p = 0, from = 0; p < tiling->sum.parts; p++) {
            int k = piece(tiling->sum, p);
            bool last = i + 1 == tiling->panels.parts && p + 1 == tiling->sum.parts;
            for (int j = 0, r = 0; j < tiles.parts; j++) {
                int high = piece(tiles, j);
                of_height[high](from, k, a + r, packed, c + r, (size_t)col, fresh && p == 0);
                if (last)
                    finish_rows(kind, high, tiling->vectors, c + r, mu + r);
                r += high;
            }
            packed += (size_t)k * wide * LANES;
            from += k;
        }
        col += wide * LANES;
    }
}

static void multiply(int rows, int k, int n, const float *a, const float *packed, bool fresh, float *c)
{
    enum { GROUP = 240 }; /* rows whose addresses are made at once */
    const float *from[GROUP];
    float *to[GROUP];
    int lda = rit_ld(k), ldc = rit_ld(n);
    while (rows > 0) {
        int count = rows < GROUP ? rows : GROUP;
        for (int r = 0; r < count; r++, a += lda, c += ldc) {
            from[r] = a;
            to[r] = c;
        }
        struct tiling tiling = tiling_of(count, k, n);
        product_rows(LEAVE, &tiling, from, packed, fresh, to, from);
        rows -= count;
    }
}

static void ahead(int chains, int steps, int n, const float *packed, float *const *mu)
{
    int ld = rit_ld(n);
    struct tiling tiling = tiling_of(chains, n, n);
    float *now[RIT_MAX_CHAINS];
    const float *before[RIT_MAX_CHAINS];
    for (int c = 0; c < chains; c++) {
        now[c] = mu[c];
        before[c] = mu[c] - ld;
    }
    for (int i = 0; i < steps; i++) {
        product_rows(TO_STATES, &tiling, before, packed, false, now, before);
        for (int c = 0; c < chains; c++) {
            before[c] = now[c];
            now[c] += ld;
        }
    }
}

static void back(int chains, int steps, int n, const float *packed, float *const *d, const float *const *mu)
{
    int ld = rit_ld(n);
    struct tiling tiling = tiling_of(chains, n, n);
    float *now[RIT_MAX_CHAINS];
    const float *after[RIT_MAX_CHAINS], *state[RIT_MAX_CHAINS];
    for (int c = 0; c < chains; c++) {
        now[c] = d[c];
        after[c] = d[c] + ld;
        state[c] = mu[c];
    }
    for (int i = 0; i < steps; i++) {
        product_rows(TO_DELTAS, &tiling, after, packed, false, now, state);
        for (int c = 0; c < chains; c++) {
            after[c] = now[c];
            now[c] -= ld;
            state[c] -= ld;
        }
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
