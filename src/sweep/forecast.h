/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How much of its way a point is expected to go: a run ends when it has learned, so its price is known only
 * as far as its learning time is. Points that differ only in their size and their seed are a line, with the
 * law of src/phase/transition.h for the time at which their runs end,
 *
 *     1/tau = a (N_h - N_c),   scattered log-normally,
 *
 * fitted to what the line's runs did, those that were stopped included. A line that knows too little borrows
 * the law of the line nearest to it, with their distance in log parameters as further scatter of log tau.
 */
#ifndef RITARDANDO_SWEEP_FORECAST_H
#define RITARDANDO_SWEEP_FORECAST_H

#include "config/config.h"
#include "store/results.h"
#include "sweep/roster.h"

/** What a forecast goes by. */
enum rit_basis {
    RIT_BASIS_END,   /* the run goes to stop.tau whatever happens */
    RIT_BASIS_LINE,  /* runs of its own line */
    RIT_BASIS_OTHER, /* runs of another line */
    RIT_BASIS_PRIOR, /* nothing: anything from a hundredth of the way to all of it */
    RIT_BASES
};

/** Shares of stop.tau, in (0, 1]: the mean, and an interval of 68 %. */
struct rit_guess {
    double share, low, high;
    double doubt;           /* relative error that all runs of a line share */
    double middle, scatter; /* of log(tau / stop.tau) before it is cut off at 0; scatter 0: no run varies */
    enum rit_basis basis;
};

/**
 * Fill guess[roster->count]. have[i] is the result of point i or NULL; failed and diverged ones tell nothing.
 * A point that has a result is guessed like the others.
 */
void rit_forecast(const struct rit_config *config, const struct rit_roster *roster,
                  const struct rit_stored *const *have, struct rit_guess *guess);

/** The guess of log(tau / stop.tau) with this middle and scatter. */
struct rit_guess rit_guess_of(double middle, double scatter, enum rit_basis basis);

/** The share that a run goes which lies at quantile u of its guess, 0 < u < 1. */
double rit_guess_at(const struct rit_guess *guess, double u);

/** The share that the longest of `runs` such runs would go, or so. */
double rit_guess_most(const struct rit_guess *guess, int runs);

/** What is left of the way of a run that has gone the share `ahead` of it and has not learned: the guess
 * given that it lies beyond. Shares of stop.tau. */
struct rit_guess rit_guess_beyond(const struct rit_guess *guess, double ahead);
/** The same at quantile u of what it may be. */
double rit_guess_beyond_at(const struct rit_guess *guess, double ahead, double u);

#endif
