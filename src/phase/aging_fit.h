/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Forms of an aging curve as a function of u = t/t_w, fitted to all curves of a cell together by weighted
 * least squares on log(value), and compared by AICc. Points of a run are correlated, so differences of AICc
 * rank the families but overstate how sure the ranking is.
 */
#ifndef RITARDANDO_PHASE_AGING_FIT_H
#define RITARDANDO_PHASE_AGING_FIT_H

#include "phase/collapse.h"

enum rit_family {
    RIT_FAMILY_POWER,      /* A u^a */
    RIT_FAMILY_LOGARITHM,  /* A log(1 + u) */
    RIT_FAMILY_SATURATING, /* A [1 - (1+u)^-a], Cugliandolo and Kurchan; tends to the logarithm for a -> 0 */
    RIT_FAMILIES
};

extern const char *const rit_family_formula[RIT_FAMILIES];

struct rit_family_fit {
    double amplitude,
        exponent; /* exponent is NaN for the logarithm; both where the best one is at the end of the search */
    double rms;   /* weighted root mean square of residuals, in standard errors */
    double aicc;  /* n log(rms^2) + 2k + 2k(k+1)/(n-k-1), k with the scale of the errors */
};

/** NaN everywhere if there are fewer than 8 points. */
struct rit_family_fit rit_family_fit(const struct rit_curves *curves, enum rit_family family);

/**
 * Local slopes d log(value) / d log(t): slope[n] of a curve, each from the straight line through the point
 * and two neighbours on either side; NaN at the two outer points of either end.
 */
void rit_local_slopes(const struct rit_curve *curve, double *slope);

#endif
