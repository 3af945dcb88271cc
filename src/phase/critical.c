/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/critical.h"

#include <ritardando/status.h>

#include "phase/bootstrap.h"
#include "phase/profile.h"
#include "phase/trend.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const double rit_reaches[RIT_REACHES] = {1.5, 2.0, 3.0, INFINITY};

static const double zero_power[RIT_ZEROS] = {1.0, 0.5};
static const double zero_reach = 5.0;

static const double one_sigma = 0.6827;

/* What is kept of a resample. */
enum { N_C, RATE, STATISTICS };

static double *new_doubles(size_t n)
{
    double *x = calloc(n + 1, sizeof *x);
    RIT_CHECK(x != NULL);
    return x;
}

static int learned_in(const struct rit_line *line, int cell)
{
    int learned = 0;
    for (int r = line->start[cell]; r < line->start[cell + 1]; r++)
        learned += !line->life[r].censored;
    return learned;
}

/* Counts, window and what can be said without a fit. */
static void take_stock(const struct rit_line *line, double reach, int *first, int *last,
                       struct rit_critical *c)
{
    *c = (struct rit_critical){.sigma = NAN, .error = NAN, .lack_p = NAN, .exponent_p = NAN};
    c->critical = c->rate = c->exponent = c->free_critical = c->straight = rit_estimate_none();
    for (int i = 0; i < RIT_REACHES; i++)
        c->by_reach[i] = NAN;
    c->window_low = c->window_high = NAN;
    rit_window(line, reach, RIT_LEAST_CELLS_FREE, first, last);
    double low = -INFINITY,
           high = INFINITY; /* widest without any learned run below those with one; narrowest that learns */
    bool all = true;
    for (int i = *first; i < *last; i++) {
        int learned = learned_in(line, i), n = line->start[i + 1] - line->start[i];
        if (n == 0)
            continue;
        bool learns = isfinite(rit_line_median(line, i));
        if (learned == 0 && c->learned == 0)
            low = line->width[i];
        if (learns)
            high = fmin(high, line->width[i]);
        all = all && learns;
        c->runs += n;
        c->learned += learned;
        c->cells_learned += learned > 0;
        c->bracketed = c->bracketed || learned == 0;
    }
    if (c->runs == 0)
        return;
    c->window_low = line->width[*first];
    c->window_high = line->width[*last - 1];
    c->known = c->learned == 0 ? RIT_KNOWN_ABOVE : all ? RIT_KNOWN_BELOW : RIT_KNOWN_BETWEEN;
    c->critical.low = low;
    c->critical.high = high;
}

static double not_below_zero(double width)
{
    return width < 0.0 ? 0.0 : width;
}

/* Widths are positive: a value or limit below zero is given as 0. */
static struct rit_estimate positive(struct rit_estimate e)
{
    e.value = not_below_zero(e.value);
    e.low = not_below_zero(e.low);
    e.high = not_below_zero(e.high);
    return e;
}

static double lowest_learned(const struct rit_line *line, int first)
{
    while (learned_in(line, first) == 0)
        first++;
    return line->width[first];
}

/* N_c for windows of other reach, to show what the choice does. */
static void fit_reaches(const struct rit_line *line, struct rit_critical *c)
{
    for (int i = 0; i < RIT_REACHES; i++) {
        int from, to;
        rit_window(line, rit_reaches[i], RIT_LEAST_CELLS_FREE, &from, &to);
        struct rit_power other = rit_power_fit(line, from, to, NULL, 1.0);
        if (other.found && !other.open && !other.edge)
            c->by_reach[i] = other.critical;
    }
}

static void fit_exponent(const struct rit_line *line, int first, int last, double level,
                         const struct rit_power *law, struct rit_critical *c)
{
    if (c->cells_learned < RIT_LEAST_CELLS_FREE)
        return;
    struct rit_power bent = rit_power_fit(line, first, last, NULL, NAN);
    if (!bent.found || bent.open || bent.edge)
        return;
    c->exponent = rit_profile_exponent(line, first, last, &bent, level);
    c->free_critical = positive(rit_profile_critical(line, first, last, NAN, &bent, level));
    c->exponent_p = gsl_cdf_chisq_Q(fmax(0.0, 2.0 * (bent.loglik - law->loglik)), 1.0);
}

/* The law with z = 1. Returns false when N_c has no value. */
static bool fit_law(const struct rit_line *line, int first, int last, double level, struct rit_power *law,
                    struct rit_critical *c)
{
    if (c->cells_learned < RIT_LEAST_CELLS)
        return false;
    *law = rit_power_fit(line, first, last, NULL, 1.0);
    if (law->found && law->edge) {
        c->known = RIT_KNOWN_EDGE;
        c->critical.high = lowest_learned(line, first);
        return false;
    }
    if (!law->found || law->open || law->critical <= 0.0)
        return false;
    c->known = RIT_KNOWN_VALUE;
    c->critical = positive(rit_profile_critical(line, first, last, 1.0, law, level));
    struct rit_estimate one = rit_profile_critical(line, first, last, 1.0, law, one_sigma);
    c->error = isfinite(one.high - one.low) ? 0.5 * (one.high - one.low) : NAN;
    c->rate.value = law->rate;
    c->sigma = law->sigma;
    return true;
}

void rit_critical_find(const struct rit_line *line, double level, double reach, struct rit_critical *c)
{
    struct rit_power law;
    int first, last;
    take_stock(line, reach, &first, &last, c);
    fit_law(line, first, last, level, &law, c);
}

/* The fits to all runs. Returns false when N_c has no value. */
static bool fit_once(const struct rit_line *line, int first, int last, double level, struct rit_critical *c)
{
    struct rit_power law;
    if (!fit_law(line, first, last, level, &law, c))
        return false;
    struct rit_straight straight = rit_straight_fit(line, first, last);
    if (straight.critical > 0.0)
        c->straight = positive(rit_straight_interval(&straight, level));
    int parameters;
    double saturated = rit_power_saturated(line, first, last, &parameters);
    if (c->learned > parameters && parameters > 2) /* the factor is the one for few runs */
        c->lack_p = gsl_cdf_chisq_Q(fmax(0.0, 2.0 * (saturated - law.loglik)) * (c->learned - parameters) /
                                        c->learned,
                                    parameters - 2);
    fit_reaches(line, c);
    fit_exponent(line, first, last, level, &law, c);
    return true;
}

/* Factor by which the deviations of replicates are those that the likelihood allows; NaN if they do not vary.
 */
static double scale_of(double value, double error, const double *replicate, int n)
{
    double *copy = new_doubles((size_t)n);
    for (int i = 0; i < n; i++)
        copy[i] = replicate[i];
    struct rit_estimate e = rit_bootstrap_interval(value, copy, n, one_sigma, INFINITY);
    free(copy);
    double own = 0.5 * (e.high - e.low);
    return own > 1e-6 * error ? error / own : NAN;
}

/* Which thresholds are extrapolated: error[] is NaN for the others. Returns how many. */
static int choose_thresholds(const double *eps, const struct rit_transition *t, double *error)
{
    double lowest = INFINITY;
    int points = 0;
    for (int i = 0; i < t->thresholds; i++)
        if (t->at[i].known == RIT_KNOWN_VALUE && t->at[i].error > 0.0)
            lowest = fmin(lowest, eps[i]);
    for (int i = 0; i < t->thresholds; i++) {
        bool use = t->at[i].known == RIT_KNOWN_VALUE && eps[i] <= zero_reach * lowest * (1.0 + 1e-9);
        error[i] = use ? t->at[i].error : NAN;
        points += error[i] > 0.0;
    }
    return points;
}

/* replicate: [thresholds][resamples] N_c */
static void extrapolate(const double *eps, const double *replicate,
                        const struct rit_analysis_options *options, struct rit_transition *t)
{
    int n = t->thresholds, resamples = t->resamples;
    double *x = new_doubles(4 * (size_t)n), *y = x + n, *error = y + n, *scale = error + n;
    double *critical = new_doubles(2 * (size_t)resamples), *slope = critical + resamples;
    t->zero.points = choose_thresholds(eps, t, error);
    for (int i = 0; i < n; i++)
        scale[i] = error[i] > 0.0 ? scale_of(t->at[i].critical.value, error[i],
                                             replicate + (size_t)i * (size_t)resamples, resamples)
                                  : NAN;
    for (int form = 0; form < RIT_ZEROS; form++) {
        t->zero.critical[form] = t->zero.slope[form] = rit_estimate_none();
        if (t->zero.points < 3)
            continue;
        for (int i = 0; i < n; i++) {
            x[i] = pow(eps[i], zero_power[form]);
            y[i] = t->at[i].critical.value;
        }
        struct rit_trend trend = rit_trend_fit(n, x, y, error);
        for (int b = 0; b < resamples; b++) {
            for (int i = 0; i < n; i++) {
                double value = t->at[i].critical.value;
                y[i] = value + scale[i] * (replicate[(size_t)i * (size_t)resamples + (size_t)b] - value);
            }
            struct rit_trend again = rit_trend_fit(n, x, y, error);
            bool whole = again.points == trend.points; /* a threshold missing would change the meaning */
            critical[b] = whole ? again.intercept : NAN;
            slope[b] = whole ? -again.slope : NAN;
        }
        t->zero.critical[form] =
            rit_bootstrap_interval(trend.intercept, critical, resamples, options->level, INFINITY);
        t->zero.slope[form] =
            rit_bootstrap_interval(-trend.slope, slope, resamples, options->level, INFINITY);
    }
    free(x);
    free(critical);
}

void rit_transition_analyse(int cells, const double *width, const int *start, int thresholds,
                            const double *eps, const struct rit_lifetime *const *life,
                            const struct rit_analysis_options *options, uint64_t part,
                            struct rit_transition *t)
{
    size_t n = (size_t)options->resamples;
    *t = (struct rit_transition){.thresholds = thresholds, .resamples = options->resamples};
    t->at = calloc((size_t)thresholds + 1, sizeof *t->at);
    int *window = calloc(2 * (size_t)thresholds + 1, sizeof *window);
    RIT_CHECK(t->at && window);
    double *weight = new_doubles((size_t)(cells > 0 ? start[cells] : 0));
    double *statistic[STATISTICS];
    for (int s = 0; s < STATISTICS; s++)
        statistic[s] = new_doubles((size_t)thresholds * n);

    for (int i = 0; i < thresholds; i++) {
        struct rit_line line = {cells, width, start, life[i]};
        take_stock(&line, options->reach, &window[2 * i], &window[2 * i + 1], &t->at[i]);
        fit_once(&line, window[2 * i], window[2 * i + 1], options->level, &t->at[i]);
    }
    for (size_t b = 0; b < n && cells > 0; b++) {
        rit_bootstrap_draw(options->key, b, part, cells, start, weight);
        for (int i = 0; i < thresholds; i++) {
            struct rit_line line = {cells, width, start, life[i]};
            struct rit_power law = {.critical = NAN, .rate = NAN};
            if (t->at[i].known == RIT_KNOWN_VALUE)
                law = rit_power_fit(&line, window[2 * i], window[2 * i + 1], weight, 1.0);
            statistic[N_C][(size_t)i * n + b] = law.critical;
            statistic[RATE][(size_t)i * n + b] = law.rate;
            t->at[i].failed += t->at[i].known == RIT_KNOWN_VALUE && isnan(law.critical);
        }
    }
    extrapolate(eps, statistic[N_C], options, t);
    for (int i = 0; i < thresholds; i++) {
        struct rit_critical *c = &t->at[i];
        if (c->known == RIT_KNOWN_VALUE)
            c->rate =
                positive(rit_bootstrap_interval(c->rate.value, statistic[RATE] + (size_t)i * n,
                                                options->resamples, options->level, fmax(1, c->learned - 2)));
    }
    free(window);
    free(weight);
    for (int s = 0; s < STATISTICS; s++)
        free(statistic[s]);
}

void rit_transition_release(struct rit_transition *t)
{
    free(t->at);
    *t = (struct rit_transition){0};
}
