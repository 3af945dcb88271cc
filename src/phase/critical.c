/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/critical.h"

#include <ritardando/status.h>

#include "phase/bootstrap.h"
#include "phase/trend.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

const double rit_reaches[RIT_REACHES] = {1.5, 2.0, 3.0, INFINITY};

static const double zero_power[RIT_ZEROS] = {1.0, 0.5};
static const double zero_reach = 5.0;

/* All statistics of one resample that get an interval. */
enum { N_C, RATE, EXPONENT, FREE_N_C, STATISTICS };

static double *new_doubles(size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);
    RIT_CHECK(x != NULL);
    return x;
}

static bool learned_in(const struct rit_line *line, int cell, int *learned)
{
    *learned = 0;
    for (int r = line->start[cell]; r < line->start[cell + 1]; r++)
        *learned += !line->life[r].censored;
    return *learned > 0;
}

/* Counts, window and what can be said without a fit. */
static void take_stock(const struct rit_line *line, double reach, int *first, int *last,
                       struct rit_critical *c)
{
    *c = (struct rit_critical){.sigma = NAN, .lack_p = NAN, .exponent_p = NAN};
    c->critical = c->rate = c->exponent = c->free_critical = c->straight = rit_estimate_none();
    for (int i = 0; i < RIT_REACHES; i++)
        c->by_reach[i] = NAN;
    c->window_low = c->window_high = NAN;
    rit_window(line, reach, RIT_LEAST_CELLS_FREE, first, last);
    double low = -INFINITY, high = INFINITY; /* widest that did not learn below the narrowest that did */
    for (int i = *first; i < *last; i++) {
        int learned, n = line->start[i + 1] - line->start[i];
        if (n == 0)
            continue;
        c->runs += n;
        if (learned_in(line, i, &learned)) {
            c->cells_learned++;
            high = fmin(high, line->width[i]);
        } else if (isinf(high)) {
            low = line->width[i];
        }
        c->learned += learned;
        c->bracketed = c->bracketed || learned == 0;
    }
    if (c->runs == 0)
        return;
    c->window_low = line->width[*first];
    c->window_high = line->width[*last - 1];
    c->known = isinf(high) ? RIT_KNOWN_ABOVE : isinf(low) ? RIT_KNOWN_BELOW : RIT_KNOWN_BETWEEN;
    c->critical.low = low;
    c->critical.high = high;
}

/* Widths are positive: a limit below zero is no limit, and is given as 0. */
static struct rit_estimate positive(struct rit_estimate e)
{
    if (e.low < 0.0)
        e.low = 0.0;
    return e;
}

/* The fits to all runs. Returns false when N_c has no value. */
static bool fit_once(const struct rit_line *line, int first, int last, double level, struct rit_critical *c)
{
    if (c->cells_learned < RIT_LEAST_CELLS)
        return false;
    struct rit_power law = rit_power_fit(line, first, last, NULL, 1.0);
    if (!law.found || law.open || law.critical <= 0.0)
        return false;
    c->known = RIT_KNOWN_VALUE;
    c->critical = (struct rit_estimate){law.critical, NAN, NAN};
    c->rate.value = law.rate;
    c->sigma = law.sigma;
    struct rit_straight straight = rit_straight_fit(line, first, last);
    if (straight.critical > 0.0)
        c->straight = positive(rit_straight_interval(&straight, level));
    int parameters;
    double saturated = rit_power_saturated(line, first, last, &parameters);
    if (c->learned > parameters && parameters > 2) /* the factor is the one for few runs */
        c->lack_p = gsl_cdf_chisq_Q(fmax(0.0, 2.0 * (saturated - law.loglik)) * (c->learned - parameters) /
                                        c->learned,
                                    parameters - 2);
    for (int i = 0; i < RIT_REACHES; i++) {
        int from, to;
        rit_window(line, rit_reaches[i], RIT_LEAST_CELLS_FREE, &from, &to);
        struct rit_power other = rit_power_fit(line, from, to, NULL, 1.0);
        if (other.found && !other.open)
            c->by_reach[i] = other.critical;
    }
    if (c->cells_learned >= RIT_LEAST_CELLS_FREE) {
        struct rit_power bent = rit_power_fit(line, first, last, NULL, NAN);
        if (bent.found && !bent.open) {
            c->exponent.value = bent.exponent;
            c->free_critical.value = bent.critical;
            c->exponent_p = gsl_cdf_chisq_Q(fmax(0.0, 2.0 * (bent.loglik - law.loglik)), 1.0);
        }
    }
    return true;
}

static void fit_resample(const struct rit_line *line, int first, int last, const double *weight,
                         const struct rit_critical *c, double *const statistic[], int resample)
{
    struct rit_power law = rit_power_fit(line, first, last, weight, 1.0);
    statistic[N_C][resample] = law.critical;
    statistic[RATE][resample] = law.rate;
    statistic[EXPONENT][resample] = statistic[FREE_N_C][resample] = NAN;
    if (!isnan(c->exponent.value)) {
        struct rit_power bent = rit_power_fit(line, first, last, weight, NAN);
        statistic[EXPONENT][resample] = bent.exponent;
        statistic[FREE_N_C][resample] = bent.critical;
    }
}

/* Spread of the replicates as a symmetric error for weights. */
static double error_of(const double *replicate, int n)
{
    double *copy = new_doubles((size_t)n);
    for (int i = 0; i < n; i++)
        copy[i] = replicate[i];
    struct rit_estimate e = rit_bootstrap_interval(0.0, copy, n, 0.6827, INFINITY);
    free(copy);
    return 0.5 * (e.high - e.low);
}

static void extrapolate(const double *eps, const struct rit_analysis_options *options, double freedom,
                        struct rit_transition *t)
{
    int n = t->thresholds, resamples = t->resamples;
    double *x = new_doubles(3 * (size_t)n), *y = x + n, *error = y + n;
    double *critical = new_doubles(2 * (size_t)resamples), *slope = critical + resamples;
    double lowest = INFINITY;
    for (int i = 0; i < n; i++)
        if (t->at[i].known == RIT_KNOWN_VALUE)
            lowest = fmin(lowest, eps[i]);
    for (int i = 0; i < n; i++) {
        bool use = t->at[i].known == RIT_KNOWN_VALUE && eps[i] <= zero_reach * lowest * (1.0 + 1e-9);
        error[i] = use ? error_of(t->replicate + (size_t)i * resamples, resamples) : NAN;
        t->zero.points += error[i] > 0.0;
    }
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
            for (int i = 0; i < n; i++)
                y[i] = t->replicate[(size_t)i * resamples + b];
            struct rit_trend again = rit_trend_fit(n, x, y, error);
            bool whole = again.points == trend.points; /* a threshold missing would change the meaning */
            critical[b] = whole ? again.intercept : NAN;
            slope[b] = whole ? -again.slope : NAN;
            if (form == RIT_ZERO_LINEAR)
                t->zero_replicate[b] = critical[b];
        }
        t->zero.critical[form] =
            rit_bootstrap_interval(trend.intercept, critical, resamples, options->level, freedom);
        t->zero.slope[form] = rit_bootstrap_interval(-trend.slope, slope, resamples, options->level, freedom);
    }
    free(x);
    free(critical);
}

void rit_transition_analyse(int cells, const double *width, const int *start, int thresholds,
                            const double *eps, const struct rit_lifetime *const *life,
                            const struct rit_analysis_options *options, uint64_t part,
                            struct rit_transition *t)
{
    int resamples = options->resamples;
    size_t n = (size_t)resamples;
    *t = (struct rit_transition){.thresholds = thresholds, .resamples = resamples};
    t->at = calloc((size_t)thresholds + 1, sizeof *t->at);
    t->replicate = new_doubles((size_t)thresholds * n);
    t->zero_replicate = new_doubles(n);
    int *window = calloc(2 * (size_t)thresholds + 1, sizeof *window);
    RIT_CHECK(t->at && window);
    double *weight = new_doubles((size_t)(cells > 0 ? start[cells] : 0));
    double *work = new_doubles((size_t)thresholds * STATISTICS * n);

    double freedom = INFINITY; /* of the lowest threshold with a value */
    for (int i = thresholds - 1; i >= 0; i--) {
        struct rit_line line = {cells, width, start, life[i]};
        take_stock(&line, options->reach, &window[2 * i], &window[2 * i + 1], &t->at[i]);
        if (fit_once(&line, window[2 * i], window[2 * i + 1], options->level, &t->at[i]))
            freedom = rit_line_freedom(&line, window[2 * i], window[2 * i + 1]);
    }
    for (int b = 0; b < resamples && cells > 0; b++) {
        rit_bootstrap_draw(options->key, (uint64_t)b, part, cells, start, weight);
        for (int i = 0; i < thresholds; i++) {
            if (t->at[i].known != RIT_KNOWN_VALUE)
                continue;
            struct rit_line line = {cells, width, start, life[i]};
            double *statistic[STATISTICS];
            for (int s = 0; s < STATISTICS; s++)
                statistic[s] = work + ((size_t)i * STATISTICS + s) * n;
            fit_resample(&line, window[2 * i], window[2 * i + 1], weight, &t->at[i], statistic, b);
        }
    }
    for (int i = 0; i < thresholds; i++) {
        struct rit_critical *c = &t->at[i];
        double *statistic = work + (size_t)i * STATISTICS * n, *kept = t->replicate + (size_t)i * n;
        for (int b = 0; b < resamples; b++) {
            kept[b] = c->known == RIT_KNOWN_VALUE ? statistic[N_C * n + b] : NAN;
            c->failed += c->known == RIT_KNOWN_VALUE && isnan(kept[b]);
        }
        if (c->known != RIT_KNOWN_VALUE)
            continue;
        struct rit_line line = {cells, width, start, life[i]};
        double nu = rit_line_freedom(&line, window[2 * i], window[2 * i + 1]);
        struct rit_estimate *target[STATISTICS] = {&c->critical, &c->rate, &c->exponent, &c->free_critical};
        for (int s = 0; s < STATISTICS; s++)
            if (!isnan(target[s]->value))
                *target[s] = positive(rit_bootstrap_interval(target[s]->value, statistic + s * n, resamples,
                                                             options->level, nu));
    }
    for (int b = 0; b < resamples; b++)
        t->zero_replicate[b] = NAN;
    extrapolate(eps, options, freedom, t);
    free(window);
    free(weight);
    free(work);
}

void rit_transition_release(struct rit_transition *t)
{
    free(t->at);
    free(t->replicate);
    free(t->zero_replicate);
    *t = (struct rit_transition){0};
}
