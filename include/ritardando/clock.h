/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Proper time as a function of the number of steps alone, in closed form: no rounding adds up over a run, and
 * nobody needs to have been there at the step before. With a warm-up of s steps and rate eta,
 *
 *     eta_n = eta sin(pi n / 2s) for n < s, else eta;        tau_n = eta_1 + ... + eta_n = eta U(n),
 *     U(n)  = sin(m a/2) sin((m+1) a/2) / sin(a/2) + n - m,  a = pi/2s, m = min(n, s),
 *
 * and where a second stage follows on step `last`, its steps count with its own rate.
 *
 * A rule without a rate keeps time itself (struct rit_gait of rule.h): its proper time is a state of the
 * walk, and what is asked of the clock by both steps and tau is answered by tau.
 */
#ifndef RITARDANDO_CLOCK_H
#define RITARDANDO_CLOCK_H

#include <ritardando/point.h>
#include <ritardando/status.h>

#include <stdbool.h>
#include <stdint.h>

struct rit_clock {
    bool own;        /* the rule keeps time itself: nothing below has a meaning, nor has a step's tau */
    uint64_t warmup; /* steps s; 0 for none */
    uint64_t last;   /* last step of the first stage; UINT64_MAX if there is only one */
    double eta[2];   /* rate of each stage */
};

/** What the clock reads: the rate, whether there is a second stage, the second stage, and the end of a run.
 */
extern const struct rit_param_table rit_rate_params, rit_stages_params, rit_stage2_params, rit_end_params;

/** The clock of a point: rule.eta, rule.warmup and section stage2. */
struct rit_clock rit_clock_of(const struct rit_point *point);
/** RIT_BAD_INPUT for a point whose steps to stop.tau are more than can be counted (2^53), or that has batches
 * where the rule follows the whole block. */
enum rit_status rit_clock_check(const struct rit_point *point, struct rit_error *err);

/** Rate of step n = 1, 2, ...; NaN where there is none. */
double rit_clock_rate(const struct rit_clock *clock, uint64_t step);

/** Proper time of steps from+1 .. to; from <= to. Of equal rates it is exact but for one rounding. */
double rit_clock_between(const struct rit_clock *clock, uint64_t from, uint64_t to);

/** tau_n. */
double rit_clock_tau(const struct rit_clock *clock, uint64_t step);

/** The first step at which tau has been reached, as a double: it may be beyond all counting. */
double rit_clock_step(const struct rit_clock *clock, double tau);

/** Proper time between two moments of a run, each a step and its tau. */
double rit_clock_lag(const struct rit_clock *clock, uint64_t from, double from_tau, uint64_t to,
                     double to_tau);

/** Proper time between the steps at which `from` and `to` are reached; 0 if `to` comes first. */
double rit_clock_span(const struct rit_clock *clock, double from, double to);

/** Where a run that has made `steps`, to `tau`, stands against the moment at which `target` is reached: -1
 * before, 0 there, 1 beyond. */
int rit_clock_compare(const struct rit_clock *clock, uint64_t steps, double tau, double target);

/** Whether `tau` has reached `target`: a few roundings short of it counts, 1e-14 of it. */
bool rit_tau_reached(double tau, double target);

#endif
