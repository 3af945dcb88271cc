/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/profile.h"

#include "base/exact.h"
#include "phase/quantile.h"

#include <math.h>
#include <stddef.h>

enum { HALVINGS = 40 };

struct profile {
    const struct rit_line *line;
    int first, last;
    double exponent, lowest; /* width at which a run learned */
    double least;            /* log-likelihood within the interval */
    double (*loglik)(const struct profile *profile, double x);
};

/* At N_c = lowest - exp(u). */
static double at_critical(const struct profile *p, double u)
{
    return rit_power_profile(p->line, p->first, p->last, NULL, p->exponent, p->lowest - rit_exp(u));
}

/* At z = exp(v). */
static double at_exponent(const struct profile *p, double v)
{
    struct rit_power fit = rit_power_fit(p->line, p->first, p->last, NULL, rit_exp(v));
    return fit.found ? fit.loglik : -INFINITY;
}

/* Where the likelihood falls below the least on the way from x, within the interval, to `end`; NaN: nowhere.
 */
static double limit(const struct profile *p, double x, double end)
{
    double inside = x, outside = NAN, step = (end - x) / 200.0;
    for (double at = x + step; isnan(outside); step *= 1.3, at += step) {
        bool over = step > 0.0 ? at >= end : at <= end;
        at = over ? end : at;
        if (!(p->loglik(p, at) >= p->least))
            outside = at;
        else if (over)
            return NAN;
        else
            inside = at;
    }
    for (int i = 0; i < HALVINGS; i++) {
        double middle = 0.5 * (inside + outside);
        if (p->loglik(p, middle) >= p->least)
            inside = middle;
        else
            outside = middle;
    }
    return inside;
}

/* Fills what the data decide; false if there are too few learned runs. */
static bool prepare(struct profile *p, int parameters, const struct rit_power *fit, double level)
{
    int learned = 0;
    p->lowest = INFINITY;
    for (int c = p->first; c < p->last; c++) {
        for (int r = p->line->start[c]; r < p->line->start[c + 1]; r++) {
            if (p->line->life[r].censored)
                continue;
            learned++;
            p->lowest = fmin(p->lowest, p->line->width[c]);
        }
    }
    if (!fit->found || learned <= parameters)
        return false;
    double freedom = learned - parameters, t = rit_t_quantile(level, learned - parameters);
    p->least = fit->loglik - 0.5 * learned * rit_log1p(t * t / freedom);
    return true;
}

struct rit_estimate rit_profile_critical(const struct rit_line *line, int first, int last, double exponent,
                                         const struct rit_power *fit, double level)
{
    struct profile p = {line, first, last, exponent, NAN, NAN, at_critical};
    struct rit_estimate e = {fit->critical, NAN, NAN};
    if (!prepare(&p, isnan(exponent) ? 3 : 2, fit, level))
        return e;
    double u = rit_log(p.lowest - fit->critical);
    double far = limit(&p, u, rit_log(p.lowest + 2.0 * line->width[last - 1])),
           near = limit(&p, u, u + rit_log(1e-6));
    e.low = isnan(far) ? -INFINITY : p.lowest - rit_exp(far);
    e.high = isnan(near) ? p.lowest : p.lowest - rit_exp(near);
    return e;
}

struct rit_estimate rit_profile_exponent(const struct rit_line *line, int first, int last,
                                         const struct rit_power *fit, double level)
{
    struct profile p = {line, first, last, NAN, NAN, NAN, at_exponent};
    struct rit_estimate e = {fit->exponent, NAN, NAN};
    if (!(fit->exponent > 0.0) || !prepare(&p, 3, fit, level))
        return e;
    double v = rit_log(fit->exponent), low = limit(&p, v, v + rit_log(0.02)),
           high = limit(&p, v, v + rit_log(50.0));
    e.low = isnan(low) ? 0.0 : rit_exp(low);
    e.high = isnan(high) ? INFINITY : rit_exp(high);
    return e;
}
