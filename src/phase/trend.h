/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How a critical width moves with something else: with the threshold, with the number of chorales. */
#ifndef RITARDANDO_PHASE_TREND_H
#define RITARDANDO_PHASE_TREND_H

/** y = b0 + b1 x by weighted least squares; b0 and b1 are NaN with fewer than two different x. */
struct rit_trend {
    double intercept, slope, chi2;
    double intercept_error,
        slope_error; /* of independent points; widened where they scatter more than that */
    int points;
};

/** Points with a NaN, or an error that is not positive and finite, are left out. */
struct rit_trend rit_trend_fit(int n, const double *x, const double *y, const double *error);

#endif
