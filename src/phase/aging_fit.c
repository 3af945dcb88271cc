/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/aging_fit.h"

#include "phase/minimum.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdbool.h>

enum { NEIGHBOURS = 2, FEWEST = 8 };

const char *const rit_family_formula[RIT_FAMILIES] = {"A (t/tw)^a", "A ln(1 + t/tw)",
                                                      "A [1 - (1 + t/tw)^-a]"};

/* log of the family's shape, A = 1, at log u. */
static double shape(enum rit_family family, double a, double log_u)
{
    if (family == RIT_FAMILY_POWER)
        return a * log_u;
    double v = log1p(exp(log_u));
    return family == RIT_FAMILY_LOGARITHM ? log(v) : log(-expm1(-a * v));
}

struct job {
    const struct rit_curves *curves;
    enum rit_family family;
    double log_amplitude; /* the best one for the exponent tried last */
    int n;
};

/* Weighted mean square residual at the best amplitude; log a is what is searched. */
static double residual(double log_a, void *context)
{
    struct job *job = context;
    double a = exp(log_a), w_sum = 0.0, r_sum = 0.0, rr_sum = 0.0;
    job->n = 0;
    for (int i = 0; i < job->curves->n; i++) {
        const struct rit_curve *curve = &job->curves->curve[i];
        for (int j = 0; j < curve->n; j++) {
            double w = 1.0 / (curve->error[j] * curve->error[j]);
            double r = curve->y[j] - shape(job->family, a, curve->x[j] - log(curve->waiting));
            w_sum += w;
            r_sum += w * r;
            rr_sum += w * r * r;
        }
        job->n += curve->n;
    }
    job->log_amplitude = r_sum / w_sum;
    return fmax(rr_sum - r_sum * r_sum / w_sum, 0.0) / job->n;
}

struct rit_family_fit rit_family_fit(const struct rit_curves *curves, enum rit_family family)
{
    struct rit_family_fit fit = {NAN, NAN, NAN, NAN};
    struct job job = {.curves = curves, .family = family};
    const double lowest = log(1e-3), highest = log(30.0);
    double mean = residual(0.0, &job), log_a = 0.0;
    bool inside = true;
    if (job.n < FEWEST)
        return fit;
    if (family != RIT_FAMILY_LOGARITHM) {
        log_a = rit_minimum(residual, &job, lowest, highest, 60, &mean);
        mean = residual(log_a, &job);
        inside = lowest < log_a && log_a < highest;
        fit.exponent = inside ? exp(log_a) : NAN;
    }
    double k = family == RIT_FAMILY_LOGARITHM ? 2.0 : 3.0, n = job.n;
    fit.amplitude = inside ? exp(job.log_amplitude) : NAN;
    fit.rms = sqrt(mean);
    fit.aicc = n * log(mean) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
    return fit;
}

void rit_local_slopes(const struct rit_curve *curve, double *slope)
{
    for (int j = 0; j < curve->n; j++) {
        double c0, v00, v01, v11, squares;
        slope[j] = NAN;
        if (j >= NEIGHBOURS && j + NEIGHBOURS < curve->n)
            gsl_fit_linear(curve->x + j - NEIGHBOURS, 1, curve->y + j - NEIGHBOURS, 1, 2 * NEIGHBOURS + 1,
                           &c0, &slope[j], &v00, &v01, &v11, &squares);
    }
}
