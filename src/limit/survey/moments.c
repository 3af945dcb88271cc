/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit/survey/moments.h"

#include <ritardando/status.h>

#include "base/arena.h"

#include <math.h>

struct rit_moments rit_moments_open(size_t n, struct rit_arena *state)
{
    return (struct rit_moments){n, RIT_TAKE(state, RIT_MOMENTS_GROUPS * n, double)};
}

void rit_moments_add(struct rit_moments *moments, uint64_t draw, const double *x)
{
    double *sum = moments->sum + (size_t)(draw % RIT_MOMENTS_GROUPS) * moments->n;
    for (size_t i = 0; i < moments->n; i++)
        sum[i] += x[i];
}

struct rit_estimate rit_moments_estimate(const struct rit_moments *moments, uint64_t draws, rit_statistic *of,
                                         int k, const size_t *index)
{
    double all[RIT_MOMENTS_MEANS] = {0.0}, mean[RIT_MOMENTS_MEANS], without[RIT_MOMENTS_GROUPS], centre = 0.0,
           square = 0.0;
    RIT_CHECK(k <= RIT_MOMENTS_MEANS && draws >= RIT_MOMENTS_GROUPS);
    for (size_t g = 0; g < RIT_MOMENTS_GROUPS; g++)
        for (int i = 0; i < k; i++)
            all[i] += moments->sum[g * moments->n + index[i]];
    for (size_t g = 0; g < RIT_MOMENTS_GROUPS; g++) {
        uint64_t group = draws / RIT_MOMENTS_GROUPS + (g < draws % RIT_MOMENTS_GROUPS);
        for (int i = 0; i < k; i++)
            mean[i] = (all[i] - moments->sum[g * moments->n + index[i]]) / (double)(draws - group);
        without[g] = of(mean);
        centre += without[g] / RIT_MOMENTS_GROUPS;
    }
    for (int g = 0; g < RIT_MOMENTS_GROUPS; g++)
        square += (without[g] - centre) * (without[g] - centre);
    for (int i = 0; i < k; i++)
        mean[i] = all[i] / (double)draws;
    return (struct rit_estimate){of(mean),
                                 sqrt(square * (RIT_MOMENTS_GROUPS - 1) / (double)RIT_MOMENTS_GROUPS)};
}

/* ---- functions of means ---- */

double rit_mean_of(const double *mean)
{
    return mean[0];
}

double rit_variance_of(const double *mean)
{
    return mean[1] - mean[0] * mean[0];
}

double rit_fourth_of(const double *mean)
{
    double m = mean[0], v = rit_variance_of(mean);
    double central = mean[3] - 4.0 * m * mean[2] + 6.0 * m * m * mean[1] - 3.0 * m * m * m * m;
    return central - 3.0 * v * v;
}

double rit_kurtosis_of(const double *mean)
{
    double v = rit_variance_of(mean);
    return rit_fourth_of(mean) / (v * v);
}

double rit_ratio_of(const double *mean)
{
    return mean[1] / (mean[0] * mean[0]);
}

double rit_covariance_of(const double *mean)
{
    return mean[2] - mean[0] * mean[1];
}
