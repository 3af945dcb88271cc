/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Sums over elements: 16 virtual lanes in double, element i in lane i mod 16, then the fixed tree. */
#ifndef RITARDANDO_LANES_REDUCE_H
#define RITARDANDO_LANES_REDUCE_H

#include "kernel/kernels.h"
#include "kernel/lanes/elementary.h"
#include "kernel/lanes/tile.h"

enum { PARTS = RIT_VIRTUAL_LANES / HALF }; /* vectors of doubles that make 16 lanes */

struct lanes {
    vd part[PARTS];
};

INLINE struct lanes no_lanes(void)
{
    struct lanes l;
    UNROLL for (int p = 0; p < PARTS; p++) l.part[p] = all_f64(0.0);
    return l;
}

INLINE double finish(struct lanes l)
{
    double lane[RIT_VIRTUAL_LANES] __attribute__((aligned(64)));
    UNROLL for (int p = 0; p < PARTS; p++) * (vd *)(lane + p * HALF) = l.part[p];
    return tree_sum(lane);
}

static double sum(size_t n, const float *x)
{
    struct lanes l = no_lanes();
    for (size_t i = 0; i < n; i += RIT_VIRTUAL_LANES)
        UNROLL for (int p = 0; p < PARTS; p++) l.part[p] += widen(x + i + p * HALF);
    return finish(l);
}

static void row_squares(int rows, int n, const float *x, double *square)
{
    int ld = rit_ld(n);
    for (int r = 0; r < rows; r++, x += ld) {
        struct lanes l = no_lanes();
        for (int i = 0; i < ld; i += RIT_VIRTUAL_LANES) {
            UNROLL for (int p = 0; p < PARTS; p++)
            {
                vd y = widen(x + i + p * HALF);
                l.part[p] = fma_f64(y, y, l.part[p]);
            }
        }
        square[r] = finish(l);
    }
}

INLINE void pair_sums_of(const int n, int rows, const double *d, const double *const *x, double *sum)
{
    double s[RIT_PAIR_SUMS];
    UNROLL for (int i = 0; i < n; i++) s[i] = sum[i];
    for (int r = 0; r < rows; r++) {
        UNROLL for (int i = 0; i < n; i++) s[i] = fma(d[r], x[i][r], s[i]);
    }
    UNROLL for (int i = 0; i < n; i++) sum[i] = s[i];
}

static void pair_sums(int rows, int n, const double *d, const double *const *x, double *sum)
{
    if (n == 1)
        pair_sums_of(1, rows, d, x, sum);
    else if (n == 2)
        pair_sums_of(2, rows, d, x, sum);
    else
        pair_sums_of(3, rows, d, x, sum);
}

enum { EIGHT = 8, EIGHTH = EIGHT / HALF }; /* lanes of sums over doubles, and the vectors that hold them */

INLINE double finish_eight(const vd sum[EIGHTH])
{
    double s[EIGHT] __attribute__((aligned(64)));
    UNROLL for (int p = 0; p < EIGHTH; p++) * (vd *)(s + p * HALF) = sum[p];
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* y NULL stands for zeros. */
INLINE void add_distance(vd sum[EIGHTH], const vd x[EIGHTH], const double *y)
{
    UNROLL for (int p = 0; p < EIGHTH; p++)
    {
        vd d = x[p];
        if (y)
            d -= *(const vd_any *)(y + p * HALF);
        sum[p] += d * d;
    }
}

INLINE void distances_of(const int count, size_t n, const double *x, const double *const *y, double *sum)
{
    vd s[ABREAST][EIGHTH], a[EIGHTH];
    UNROLL for (int i = 0; i < count; i++)
    {
        UNROLL for (int p = 0; p < EIGHTH; p++) s[i][p] = all_f64(0.0);
    }
    size_t k = 0;
    for (; k + EIGHT <= n; k += EIGHT) {
        UNROLL for (int p = 0; p < EIGHTH; p++) a[p] = *(const vd_any *)(x + k + p * HALF);
        UNROLL for (int i = 0; i < count; i++) add_distance(s[i], a, y ? y[i] + k : NULL);
    }
    double rest[EIGHT] __attribute__((aligned(64))) = {0.0};
    memcpy(rest, x + k, sizeof *x * (n - k));
    UNROLL for (int p = 0; p < EIGHTH; p++) a[p] = *(const vd *)(rest + p * HALF);
    UNROLL for (int i = 0; i < count; i++)
    {
        if (y)
            memcpy(rest, y[i] + k, sizeof *x * (n - k));
        add_distance(s[i], a, y ? rest : NULL);
        sum[i] = finish_eight(s[i]);
    }
}

static void distances(size_t n, const double *x, int count, const double *const *y, double *sum)
{
    struct split s = split(count, ABREAST);
    for (int i = 0; i < s.parts; y += piece(s, i), sum += piece(s, i), i++)
        WITH_CONSTANT(piece(s, i), distances_of, n, x, y, sum)
}

static double sum_squares(size_t n, const double *x)
{
    double sum;
    distances_of(1, n, x, NULL, &sum);
    return sum;
}

/* Vector j of a word of fields: the sign bit where the target's bit is not set. */
INLINE vi flips(uint64_t target, int j)
{
    vu word = (vu){0} + (uint32_t)(target >> (j * LANES));
    return (vi)(~(word << (vu)(31 - lane_number())) & 0x80000000u);
}

/* Vectors j .. j + n - 1 of a row's fields: E and delta. */
INLINE void nll_part(const int n, int j, uint64_t target, const float *h, vf *e, vf *delta)
{
    vi flip[ABREAST];
    UNROLL for (int i = 0; i < n; i++)
    {
        flip[i] = flips(target, j + i);
        e[i] = load(h + (j + i) * LANES);
    }
    nll_f32(n, flip, e, delta);
}

/* One word of every row. */
struct nll_use {
    int rows, words, ld;
    int last; /* lanes of the last vector that are used */
    const uint64_t *target;
    const float *h;
    float *delta;
};

/* E of a word's four virtual vectors, of which `used` vectors hold fields, is added in float as
 * (0 + 1) + (2 + 3), the rows in double. */
INLINE double nll_word(const int used, const bool write, const struct nll_use *use)
{
    enum { VECTORS = RIT_WORD / LANES, PER = RIT_VIRTUAL_LANES / LANES, AT_ONCE = 4 };
    const float *h = use->h;
    float *delta = use->delta;
    vi lanes = lane_number() < use->last;
    struct lanes l = no_lanes();
    for (int r = 0; r < use->rows; r++, h += use->ld, delta += use->ld) {
        uint64_t target = use->target[(size_t)r * use->words];
        vf e[VECTORS], d[VECTORS];
        UNROLL for (int j = 0; j < VECTORS; j++) e[j] = d[j] = all(0.0f);
        UNROLL for (int j = 0; j < used; j += AT_ONCE)
            nll_part(used - j < AT_ONCE ? used - j : AT_ONCE, j, target, h, e + j, d + j);
        e[used - 1] = (vf)((vi)e[used - 1] & lanes);
        d[used - 1] = (vf)((vi)d[used - 1] & lanes);
        UNROLL for (int j = 0; write && j < used; j++) store(delta + j * LANES, d[j]);
        float row[RIT_VIRTUAL_LANES] __attribute__((aligned(64)));
        UNROLL for (int p = 0; p < PER; p++)
            store(row + p * LANES, (e[p] + e[p + PER]) + (e[p + 2 * PER] + e[p + 3 * PER]));
        UNROLL for (int p = 0; p < PARTS; p++) l.part[p] += widen(row + p * HALF);
    }
    return finish(l);
}

/* With the number of vectors as a constant. */
#define NLL_CASE(used)                                                                                       \
    case used:                                                                                               \
        return write ? nll_word(used, true, use) : nll_word(used, false, use)

static double nll_of_word(int used, bool write, const struct nll_use *use)
{
    switch (used) {
        NLL_CASE(1);
        NLL_CASE(2);
        NLL_CASE(3);
        NLL_CASE(4);
#if LANES < 16
        NLL_CASE(5);
        NLL_CASE(6);
        NLL_CASE(7);
        NLL_CASE(8);
#endif
#if LANES < 8
        NLL_CASE(9);
        NLL_CASE(10);
        NLL_CASE(11);
        NLL_CASE(12);
        NLL_CASE(13);
        NLL_CASE(14);
        NLL_CASE(15);
        NLL_CASE(16);
#endif
    default:
        return 0.0;
    }
}

static double nll(int rows, int width, const uint64_t *target, const float *h, float *delta)
{
    /* Without delta its address still advances, so it must be one; nothing is written there. */
    static float nowhere[1];
    struct nll_use use = {.rows = rows, .words = (width + RIT_WORD - 1) / RIT_WORD, .ld = rit_ld(width)};
    double sum = 0.0;
    for (int word = 0; word < use.words; word++) {
        int wide = width - word * RIT_WORD, used = vectors(wide < RIT_WORD ? wide : RIT_WORD);
        use.last = wide - (used - 1) * LANES;
        use.target = target + word;
        use.h = h + word * RIT_WORD;
        use.delta = delta ? delta + word * RIT_WORD : nowhere;
        sum += nll_of_word(used, delta != NULL, &use);
    }
    return sum;
}

#endif
