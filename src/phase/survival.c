/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/survival.h"

#include <ritardando/status.h>

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static int by_time_events_first(const void *left, const void *right)
{
    const struct rit_lifetime *a = left, *b = right;
    if (a->tau != b->tau)
        return a->tau < b->tau ? -1 : 1;
    return (int)a->censored - (int)b->censored;
}

int rit_survival_curve(struct rit_lifetime *life, int n, double level, struct rit_survival_step *step)
{
    if (n == 0)
        return 0;
    qsort(life, (size_t)n, sizeof *life, by_time_events_first);
    double z = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * level);
    double s = 1.0, low = 1.0, high = 1.0, greenwood = 0.0;
    int steps = 0;
    for (int i = 0; i < n;) {
        int events = 0, left = i;
        double tau = life[i].tau;
        for (; i < n && life[i].tau == tau; i++)
            events += !life[i].censored;
        if (events == 0)
            continue;
        int at_risk = n - left;
        s *= (double)(at_risk - events) / at_risk;
        if (s > 0.0) {
            greenwood += (double)events / ((double)at_risk * (at_risk - events));
            double theta = z * sqrt(greenwood) / log(s); /* negative */
            low = pow(s, exp(-theta));
            high = pow(s, exp(theta));
        } else {
            low = 0.0;
        }
        step[steps++] = (struct rit_survival_step){tau, at_risk, events, s, low, high};
    }
    return steps;
}

struct rit_estimate rit_survival_median(struct rit_lifetime *life, int n, double level)
{
    if (n == 0)
        return rit_estimate_none();
    if (n == 1)
        return (struct rit_estimate){life[0].censored ? INFINITY : life[0].tau, NAN, NAN};
    struct rit_survival_step *step = malloc((size_t)n * sizeof *step);
    RIT_CHECK(step != NULL);
    int steps = rit_survival_curve(life, n, level, step);
    struct rit_estimate median = {INFINITY, INFINITY, INFINITY};
    const double slack = 1e-12; /* s is a product of fractions: 1/2 may come out an ulp beside */
    for (int i = steps - 1; i >= 0; i--) {
        if (step[i].s <= 0.5 + slack)
            median.value = fabs(step[i].s - 0.5) <= slack && i + 1 < steps
                               ? 0.5 * (step[i].tau + step[i + 1].tau)
                               : step[i].tau;
        if (step[i].low <= 0.5)
            median.low = step[i].tau;
        if (step[i].high <= 0.5)
            median.high = step[i].tau;
    }
    free(step);
    return median;
}
