/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Intervals of a transition's parameters by their profile likelihood: all values x whose log-likelihood, at
 * the best of everything else, falls short of its maximum by no more than
 *
 *     n/2 log(1 + t^2/(n - p)),
 *
 * t being Student's quantile of n - p degrees of freedom, n the number of learned runs and p that of the
 * parameters of their mean. For a linear law without censored runs these are exactly Student's intervals.
 * They contain the estimate, know that N_c lies below every width at which a run learned, and take the
 * scatter from all widths at once, so that two seeds which happen to agree do not make a small error.
 */
#ifndef RITARDANDO_PHASE_PROFILE_H
#define RITARDANDO_PHASE_PROFILE_H

#include "phase/estimate.h"
#include "phase/transition.h"

/**
 * N_c with its interval for a fit found by rit_power_fit over cells [first, last) with the same `exponent`
 * (NaN: free). low is -INFINITY where there is no lower limit; both limits are NaN with fewer than p + 1
 * learned runs.
 */
struct rit_estimate rit_profile_critical(const struct rit_line *line, int first, int last, double exponent,
                                         const struct rit_power *fit, double level);

/** The exponent z of a fit with free exponent, likewise; 0 and INFINITY where there is no limit. */
struct rit_estimate rit_profile_exponent(const struct rit_line *line, int first, int last,
                                         const struct rit_power *fit, double level);

#endif
