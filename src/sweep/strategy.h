/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Where the next runs of a line go, by what its runs so far tell of the border between what is learned and
 * what is not. A cell is one value of the axis, with some seeds that all run to the same tau.
 *
 *  1. Upwards from the lowest value in factors of two, until the border is behind at every threshold, or the
 *     highest value has been run to the last tau.
 *  2. At a threshold whose border has no value yet: halfway between the cells beside it, then beyond it,
 * until four cells learn.
 *     The same where the cells that learn lie far above what the law makes of them: it holds near the border.
 *  3. Where it has one, whose error is still too large: to the cells, and to as long a tau, that lower the
 *     variance of the border most for the steps they take, by the Fisher information of the law
 *     log tau = -log a - log(N - N_c) + sigma e with censoring (src/phase/transition.h). A third more runs at
 * a time, so that what decides is looked at again as it becomes known.
 *
 * The answer depends on what it is told and on nothing else: no time, no data, no order of arrival.
 */
#ifndef RITARDANDO_SWEEP_STRATEGY_H
#define RITARDANDO_SWEEP_STRATEGY_H

#include "phase/survival.h"

#include <stdbool.h>

struct rit_strategy {
    double from, to;   /* of the axis */
    bool whole, below; /* whole numbers only; networks learn below the border */
    double error;      /* of the border over its value, that is enough */
    double first_tau, last_tau;
    double growth; /* a step costs about as much as the axis to this power */
};

/** The cells of a line, ascending: at[c] was run to tau[c] with seeds[c] seeds, of which start[c] .. start[c
 * + 1]
 * - 1 say something; life[t] are their learning times at threshold t. */
struct rit_told {
    int cells, thresholds;
    const double *at, *tau;
    const int *seeds, *start;
    struct rit_lifetime *const *life;
};

/** What a cell shall be: never less than it is. */
struct rit_wish {
    double at, tau;
    int seeds;
};

enum { RIT_MAX_WISHES = 64, RIT_MAX_SEEDS = 200 /* of a cell */ };

/** Why nothing more is asked for. */
enum rit_enough {
    RIT_ENOUGH_NOT = 0,
    RIT_ENOUGH_ERROR,   /* every border that can be found has an error as small as wanted */
    RIT_ENOUGH_NOTHING, /* nothing within the range and the last tau would tell more */
};

/** The border at one threshold, on the axis; `value` NaN while it is not known. */
struct rit_border {
    double value, error;
    bool enough;
};

/** Fills wish and *n; border[told->thresholds] unless it is NULL. */
enum rit_enough rit_strategy_ask(const struct rit_strategy *strategy, const struct rit_told *told,
                                 struct rit_wish wish[RIT_MAX_WISHES], int *n, struct rit_border *border);

#endif
