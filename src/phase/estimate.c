/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/estimate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

struct rit_estimate rit_estimate_none(void)
{
    return (struct rit_estimate){NAN, NAN, NAN};
}

struct rit_estimate rit_estimate_mean(const double *x, int n, double level)
{
    if (n == 0)
        return rit_estimate_none();
    double mean = gsl_stats_mean(x, 1, (size_t)n);
    if (n == 1)
        return (struct rit_estimate){mean, NAN, NAN};
    double error = gsl_stats_sd_m(x, 1, (size_t)n, mean) / sqrt(n);
    double half = error * gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, n - 1);
    return (struct rit_estimate){mean, mean - half, mean + half};
}
