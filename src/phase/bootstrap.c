/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/bootstrap.h"

#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static void draw(struct rit_random *random, int first, int last, double *weight)
{
    int n = last - first;
    for (int i = 0; i < n - 1; i++)
        weight[first + (int)rit_random_below(random, (uint64_t)n)] += 1.0;
    if (n == 1)
        weight[first] = 1.0;
}

void rit_bootstrap_draw(uint64_t key, uint64_t resample, uint64_t part, int cells, const int *start,
                        double *weight)
{
    struct rit_random random = rit_random_open(key, RIT_FOR_BOOTSTRAP, resample, part);
    bool single = false;
    for (int c = 0; c < cells; c++)
        single = single || start[c + 1] - start[c] == 1;
    for (int r = start[0]; r < start[cells]; r++)
        weight[r] = 0.0;
    if (single)
        draw(&random, start[0], start[cells], weight);
    for (int c = 0; c < cells && !single; c++)
        draw(&random, start[c], start[c + 1], weight);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

struct rit_estimate rit_bootstrap_interval(double value, double *replicate, int n, double level,
                                           double freedom)
{
    int good = 0;
    for (int i = 0; i < n; i++)
        if (!isnan(replicate[i]))
            replicate[good++] = replicate[i];
    if (n == 0 || 10 * (n - good) > n)
        return (struct rit_estimate){value, NAN, NAN};
    qsort(replicate, (size_t)good, sizeof *replicate, ascending);
    double tail = 0.5 - 0.5 * level;
    if (isfinite(freedom))
        tail = gsl_cdf_ugaussian_P(gsl_cdf_tdist_Pinv(tail, freedom));
    return (struct rit_estimate){value, gsl_stats_quantile_from_sorted_data(replicate, 1, (size_t)good, tail),
                                 gsl_stats_quantile_from_sorted_data(replicate, 1, (size_t)good, 1.0 - tail)};
}
