/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Sums over elements: 16 virtual lanes in double, element i in lane i mod 16, then the fixed tree. */
#ifndef RITARDANDO_LANES_REDUCE_H
#define RITARDANDO_LANES_REDUCE_H

#include "kernel/kernels.h"
#include "kernel/lanes/elementary.h"

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

/* Vector j of a row of output slots: the sign bit where the target is off. */
INLINE vi flips(uint64_t target, int j)
{
    vu word = (vu){0} + (uint32_t)(target >> (j * LANES));
    return (vi)(~(word << (vu)(31 - lane_number())) & 0x80000000u);
}

/*
 * E of a row's four virtual vectors is added in float as (0 + 1) + (2 + 3), the rows in double. All 64
 * slots are computed; those beyond the 54 are masked.
 */
INLINE double nll_rows(const bool write, int rows, const uint64_t *target, const float *h, float *delta)
{
    enum { VECTORS = RIT_SLOTS_LD / LANES, PER = RIT_VIRTUAL_LANES / LANES };
    struct lanes l = no_lanes();
    for (int r = 0; r < rows; r++, h += RIT_SLOTS_LD, delta += RIT_SLOTS_LD) {
        vf e[VECTORS];
        UNROLL for (int j = 0; j < VECTORS; j++)
        {
            if (j * LANES >= RIT_SLOTS) {
                e[j] = all(0.0f);
                continue;
            }
            vf d;
            e[j] = nll_f32(load(h + j * LANES), flips(target[r], j), &d);
            if ((j + 1) * LANES > RIT_SLOTS) {
                vi used = lane_number() < RIT_SLOTS - j * LANES;
                e[j] = (vf)((vi)e[j] & used);
                d = (vf)((vi)d & used);
            }
            if (write)
                store(delta + j * LANES, d);
        }
        float row[RIT_VIRTUAL_LANES] __attribute__((aligned(64)));
        UNROLL for (int p = 0; p < PER; p++)
            store(row + p * LANES, (e[p] + e[p + PER]) + (e[p + 2 * PER] + e[p + 3 * PER]));
        UNROLL for (int p = 0; p < PARTS; p++) l.part[p] += widen(row + p * HALF);
    }
    return finish(l);
}

static double nll(int rows, const uint64_t *target, const float *h, float *delta)
{
    /* Without delta its address still advances, so it must be one; nothing is written there. */
    static float nowhere[1];
    return delta ? nll_rows(true, rows, target, h, delta) : nll_rows(false, rows, target, h, nowhere);
}

#endif
