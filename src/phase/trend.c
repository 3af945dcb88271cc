/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/trend.h"

#include <ritardando/status.h>

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct rit_trend rit_trend_fit(int n, const double *x, const double *y, const double *error)
{
    struct rit_trend trend = {NAN, NAN, NAN, NAN, NAN, 0};
    double *u = malloc((3 * (size_t)n + 1) * sizeof *u), *v = u + n, *w = v + n;
    RIT_CHECK(u != NULL);
    bool spread = false;
    for (int i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i]) || !(error[i] > 0.0) || !isfinite(error[i]))
            continue;
        u[trend.points] = x[i];
        v[trend.points] = y[i];
        w[trend.points] = 1.0 / (error[i] * error[i]);
        spread = spread || x[i] != u[0];
        trend.points++;
    }
    double cov00, cov01, cov11;
    if (spread) {
        gsl_fit_wlinear(u, 1, w, 1, v, 1, (size_t)trend.points, &trend.intercept, &trend.slope, &cov00,
                        &cov01, &cov11, &trend.chi2);
        double wider = trend.points > 2 ? fmax(1.0, trend.chi2 / (trend.points - 2)) : 1.0;
        trend.intercept_error = sqrt(wider * cov00);
        trend.slope_error = sqrt(wider * cov11);
    }
    free(u);
    return trend;
}
