/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `cost`: what training minimises. A member is one file in src/cost/ that exports
 * `const struct rit_cost rit_cost_NAME`. Whatever the cost, learning times are read off the NLL.
 */
#ifndef RITARDANDO_COST_H
#define RITARDANDO_COST_H

#include <ritardando/criterion.h>
#include <ritardando/member.h>
#include <ritardando/point.h>
#include <ritardando/source.h>

#include <stdint.h>

/** A cost with its parameters read and its targets at hand. */
struct rit_cost_use {
    const struct rit_cost *cost;
    const struct rit_block *block; /* where the targets are */
    double constant[4];            /* filled by the cost's `use`, meaning its own */
};

struct rit_cost {
    struct rit_member member; /* own parameters: keys "cost.*" */

    /** Read the parameters into use->constant; NULL when there are none. */
    void (*use)(const struct rit_point *point, struct rit_cost_use *use);

    /**
     * For each pair r: E_r = sum_i E(h[r][i], s_i), s_i = +1 where bit i of target[r] is set and -1
     * elsewhere, i < 54. Returns the sum of E_r over rows in the fixed order of rows and slots, in double,
     * and writes delta[r][i] = -dE/dh unless delta is NULL. h and delta have `stride` elements a row and may
     * be the same array.
     */
    double (*rows_f32)(const struct rit_cost_use *use, int rows, const uint64_t *target, const float *h,
                       float *delta, int stride);
    double (*rows_f64)(const struct rit_cost_use *use, int rows, const uint64_t *target, const double *h,
                       double *delta, int stride);
};

extern const struct rit_member *const rit_costs[];
/** The cost chosen by the point, with its parameters read. Borrows the block. */
struct rit_cost_use rit_cost_of(const struct rit_point *point, const struct rit_block *block);
/** What learning times are read off, whatever the cost: the NLL. Borrows the block. */
struct rit_cost_use rit_cost_measure(const struct rit_block *block);
/** A cost as a model meets it. Borrows `use`. */
struct rit_criterion rit_cost_criterion(const struct rit_cost_use *use);

#endif
