/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/bootstrap.h"

#include <ritardando/status.h>

#include "base/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

static void draw(struct rit_random *random, const int *run, int n, double *weight)
{
    for (int i = 0; i < n - 1; i++)
        weight[run[(int)rit_random_below(random, (uint64_t)n)]] += 1.0;
    if (n == 1)
        weight[run[0]] = 1.0;
}

void rit_bootstrap_draw(uint64_t key, uint64_t resample, uint64_t part, int cells, const int *start,
                        double *weight)
{
    struct rit_random random = rit_random_open(key, RIT_FOR_BOOTSTRAP, resample, part);
    int *together = malloc(((size_t)(start[cells] - start[0]) + 1) * sizeof *together), n = 0;
    RIT_CHECK(together != NULL);
    for (int r = start[0]; r < start[cells]; r++)
        weight[r] = 0.0;
    for (int single = 0; single <= 1; single++) {
        for (int c = 0; c < cells; c++) {
            if ((start[c + 1] - start[c] == 1) != (single == 1))
                continue;
            for (int r = start[c]; r < start[c + 1]; r++)
                together[n++] = r;
            if (single)
                continue;
            draw(&random, together, n, weight);
            n = 0;
        }
    }
    draw(&random, together, n, weight);
    free(together);
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
    for (int i = 0; i < good; i++)
        replicate[i] = fabs(replicate[i] - value);
    qsort(replicate, (size_t)good, sizeof *replicate, ascending);
    double share = level;
    if (isfinite(freedom))
        share = 1.0 - 2.0 * gsl_cdf_ugaussian_Q(gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, freedom));
    double distance = gsl_stats_quantile_from_sorted_data(replicate, 1, (size_t)good, share);
    return (struct rit_estimate){value, value - distance, value + distance};
}
