/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The binary input as lists: products with it are sums of rows. See rit_kernels for the formulas. */
#ifndef RITARDANDO_LANES_BITS_H
#define RITARDANDO_LANES_BITS_H

#include "kernel/kernels.h"
#include "kernel/lanes/tile.h"

/* add_bits for the vectors from `col` on */
INLINE void add_bits_panel(const int wide, int rows, int ld, int col, const int *first, const uint8_t *bit,
                           const float *table, const float *start, float *c)
{
    table += col;
    c += col;
    for (int r = 0; r < rows; r++, c += ld) {
        vf sum[ABREAST];
        UNROLL for (int v = 0; v < wide; v++) sum[v] = load(start + col + v * LANES);
        for (int l = first[r]; l < first[r + 1]; l += RIT_BITS_AT_ONCE) {
            UNROLL for (int i = 0; i < RIT_BITS_AT_ONCE; i++)
            {
                const float *w = table + bit[l + i] * ld;
                UNROLL for (int v = 0; v < wide; v++) sum[v] += load(w + v * LANES);
            }
        }
        UNROLL for (int v = 0; v < wide; v++) store(c + v * LANES, sum[v]);
    }
}

static void add_bits(int rows, int n, const int *first, const uint8_t *bit, const float *table,
                     const float *start, float *c)
{
    struct split p = panels(n);
    for (int i = 0, col = 0; i < p.parts; col += piece(p, i++) * LANES)
        WITH_CONSTANT(piece(p, i), add_bits_panel, rows, rit_ld(n), col, first, bit, table, start, c)
}

/* bit_sums for the vectors from `col` on */
INLINE void bit_sums_panel(const int wide, int ld, int col, int lists, const int *first, const int *row,
                           const float *d, bool chain, float *sum, const struct rit_bit_squares *squares)
{
    vf s[ABREAST], linear[ABREAST], quadratic[ABREAST];
    UNROLL for (int v = 0; v < wide; v++) s[v] = linear[v] = quadratic[v] = all(0.0f);
    for (int i = 0; i < lists; i++) {
        if (first[i] == first[i + 1])
            continue;
        float *to = sum + (size_t)i * ld + col;
        UNROLL for (int v = 0; v < wide; v++) s[v] = all(0.0f);
        if (chain) {
            UNROLL for (int v = 0; v < wide; v++) s[v] = load(to + v * LANES);
        }
        for (int l = first[i]; l < first[i + 1]; l++) {
            const float *x = d + (size_t)row[l] * ld + col;
            UNROLL for (int v = 0; v < wide; v++) s[v] += load(x + v * LANES);
        }
        UNROLL for (int v = 0; v < wide; v++)
        {
            vf total = s[v];
            if (!chain)
                total += load(to + v * LANES);
            store(to + v * LANES, total);
        }
        if (squares && i < lists - 1) {
            UNROLL for (int v = 0; v < wide; v++)
            {
                linear[v] += s[v];
                quadratic[v] = fma_f32(s[v], s[v], quadratic[v]);
            }
        }
    }
    if (!squares)
        return;
    /* sum_i (off S + step S_i)^2 = step^2 sum S_i^2 + S (n off^2 S + 2 off step sum S_i), S the sum of all, n
     * bits
     */
    double off = squares->levels.off, step = squares->levels.on - off;
    vf c0 = all((float)(step * step)), c1 = all((float)((lists - 1) * off * off)),
       c2 = all((float)(2.0 * off * step));
    UNROLL for (int v = 0; v < wide; v++)
    {
        float *bits = squares->bits + col + v * LANES, *one = squares->all + col + v * LANES;
        vf mixed = fma_f32(c1, s[v], c2 * linear[v]);
        store(bits, load(bits) + fma_f32(c0, quadratic[v], s[v] * mixed));
        store(one, fma_f32(s[v], s[v], load(one)));
    }
}

static void bit_sums(int n, int lists, const int *first, const int *row, const float *d, bool chain,
                     float *sum, const struct rit_bit_squares *squares)
{
    struct split p = panels(n);
    for (int i = 0, col = 0; i < p.parts; col += piece(p, i++) * LANES)
        WITH_CONSTANT(piece(p, i), bit_sums_panel, rit_ld(n), col, lists, first, row, d, chain, sum, squares)
}

#endif
