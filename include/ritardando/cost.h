/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `cost`: what training minimises. A member is one file in src/cost/ that exports
 * `const struct rit_cost rit_cost_NAME`. Whatever the cost, learning times are read off the measure, which
 * follows from what the targets are.
 */
#ifndef RITARDANDO_COST_H
#define RITARDANDO_COST_H

#include <ritardando/criterion.h>
#include <ritardando/member.h>
#include <ritardando/point.h>
#include <ritardando/rows.h>
#include <ritardando/task.h>

/** A cost with its parameters read and its targets at hand. */
struct rit_cost_use {
    const struct rit_cost *cost;
    struct rit_rows asked; /* the targets of the block; borrowed */
    double constant[4];    /* filled by the cost's `use`, meaning its own */
};

enum { RIT_ASKS_BITS = 1 << RIT_ROW_BITS, RIT_ASKS_REALS = 1 << RIT_ROW_REALS };

struct rit_cost {
    struct rit_member member; /* own parameters: keys "cost.*" */
    unsigned asks;            /* the targets it can be asked of: RIT_ASKS_BITS, RIT_ASKS_REALS or both */

    /** Read the parameters into use->constant; NULL when there are none. */
    void (*use)(const struct rit_point *point, struct rit_cost_use *use);

    /** E of one output y whose target is s, +-1 for a bit; *minus_slope becomes -dE/dy. */
    double (*unit)(const struct rit_cost_use *use, double s, double y, double *minus_slope);

    /**
     * The same for whole rows in float32, as in struct rit_criterion, where that is faster. NULL: by way of
     * `unit`.
     */
    double (*rows_f32)(const struct rit_cost_use *use, int pair, int rows, const float *y, float *delta,
                       int stride);
};

extern const struct rit_member *const rit_costs[];

/** The cost chosen by the point, with its parameters read. Borrows the block's rows. RIT_BAD_INPUT if it
 * cannot be asked of the block's targets. */
enum rit_status rit_cost_open(const struct rit_point *point, const struct rit_block *block,
                              struct rit_cost_use *use, struct rit_error *err);

/** A cost as a model meets it. Borrows `use`. */
struct rit_criterion rit_cost_criterion(const struct rit_cost_use *use);

/** What learning is read off: for bits the negative log-likelihood, for reals the mean square error. */
struct rit_measure {
    struct rit_cost_use use;
    double scale; /* from the sum over the block to a number per unit and pair */
    const char *name,
        *unit; /* what it is called: "negative log-likelihood" in "bit", "mean square error" in "1" */
};

struct rit_measure rit_measure_of(const struct rit_block *block);

#endif
