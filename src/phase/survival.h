/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Learning times of which some are only known to be longer than the run: the product-limit estimate of
 * Kaplan and Meier (J. Am. Stat. Assoc. 53, 457 (1958)) of S(tau) = P(learning time > tau).
 */
#ifndef RITARDANDO_PHASE_SURVIVAL_H
#define RITARDANDO_PHASE_SURVIVAL_H

#include "phase/estimate.h"

#include <stdbool.h>

/** A learning time, or, if censored, the last time at which the run had not learned yet. tau > 0. */
struct rit_lifetime {
    double tau;
    bool censored;
};

/** S from `tau` on, up to the next step. */
struct rit_survival_step {
    double tau;
    int at_risk, events; /* runs still under way just before tau; runs that learned at tau */
    double s, low, high;
};

/**
 * The curve: one step per distinct learning time, ascending. A run censored at the very time of an event
 * counts as at risk there. The band is Greenwood's variance on the scale log(-log S), which keeps it in
 * [0,1]; where S = 0 that scale ends: the lower edge is 0 and the upper one stays as it was. Sorts `life`.
 * Returns the number of steps written to step[at most n].
 */
int rit_survival_curve(struct rit_lifetime *life, int n, double level, struct rit_survival_step *step);

/**
 * The median learning time: where S crosses 1/2; the middle of the interval if S is 1/2 on one (as the
 * usual median of an even number). Limits after Brookmeyer and Crowley (Biometrics 38, 29 (1982)): where the
 * band crosses 1/2. value = INFINITY when fewer than half of the runs learned; high = INFINITY when the upper
 * band never crosses, which is the rule with few runs and a high level. One run has no
 * limits (NaN), no run no value either. Sorts `life`.
 */
struct rit_estimate rit_survival_median(struct rit_lifetime *life, int n, double level);

#endif
