/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/aging_cell.h"

#include <ritardando/status.h>

#include "phase/bootstrap.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_RUNS = 3, FEWEST_CURVES = 3, FEWEST_POINTS = 5, NEIGHBOURS = 2 };

/* Gradients are sums of float32: nothing that is made of them is known better than this. */
#define LEAST_ERROR   1e-7
#define WORST_QUALITY 5.0

const char *const rit_aging_form_formula[RIT_FORMS] = {"t/tw^mu", "tw^b F(t/tw^mu)",
                                                       "[(tw+t)^(1-mu) - tw^(1-mu)]/(1-mu)"};

struct rit_aging_options rit_aging_defaults(void)
{
    return (struct rit_aging_options){.bootstrap = {.level = 0.6827, .resamples = 400, .key = 1},
                                      .lowest = 0.1};
}

const char *rit_aging_sentence(enum rit_aging_verdict verdict)
{
    switch (verdict) {
    case RIT_AGING_NOTHING:
        return "no runs";
    case RIT_AGING_FOUND:
        return "found";
    case RIT_AGING_FEW_RUNS:
        return "too few runs: error bars need 3 seeds or more";
    case RIT_AGING_FEW_CURVES:
        return "too few curves: a collapse needs 3 waiting times or more in the window";
    case RIT_AGING_FEW_POINTS:
        return "too few points: a curve needs 5 lags or more in the window";
    case RIT_AGING_UNDETERMINED:
        return "not determined by these data";
    case RIT_AGING_NONE:
        return "no aging: within its error mu is 0, the curves do not depend on the waiting time";
    case RIT_AGING_UNSURE:
        return "one run: no error bar";
    case RIT_AGING_NO_COLLAPSE:
        return "no collapse: the best mu leaves the curves apart by several errors";
    case RIT_AGING_NO_SCATTER:
        return "the runs do not differ: no error bars";
    case RIT_AGING_VERDICTS:
        break;
    }
    return "?";
}

double rit_mu_at(int k)
{
    return RIT_MU_LOW + (RIT_MU_HIGH - RIT_MU_LOW) * k / (RIT_MU_STEPS - 1);
}

/* Everything the steps of an analysis share. */
struct work {
    const struct rit_aging_runs *runs;
    const struct rit_aging_options *options;
    struct rit_aging_cell *cell;
    double *log_value; /* [runs][waits][lags]; NaN in all runs where one has no positive value */
    double *mean;      /* [waits][lags] of a resample */
    double *weight;    /* [runs] */
    struct rit_curves curves;
};

static size_t rows(const struct rit_aging_runs *runs)
{
    return (size_t)runs->waits * (size_t)runs->lags;
}

static double *new_doubles(size_t n)
{
    double *x = malloc((n ? n : 1) * sizeof *x);
    RIT_CHECK(x);
    for (size_t i = 0; i < n; i++)
        x[i] = NAN;
    return x;
}

static void take_logs(struct work *work)
{
    const struct rit_aging_runs *runs = work->runs;
    for (size_t row = 0; row < rows(runs); row++) {
        bool good = runs->lag[row] > 0.0;
        for (int r = 0; r < runs->runs; r++)
            good = good && isfinite(runs->value[(size_t)r * rows(runs) + row]) &&
                   runs->value[(size_t)r * rows(runs) + row] > 0.0;
        for (int r = 0; r < runs->runs; r++) {
            size_t at = (size_t)r * rows(runs) + row;
            work->log_value[at] = good ? log(runs->value[at]) : NAN;
        }
    }
}

static void weighted_mean(const struct work *work, const double *weight, double *mean)
{
    size_t n = rows(work->runs);
    for (size_t row = 0; row < n; row++) {
        double sum = 0.0, total = 0.0;
        for (int r = 0; r < work->runs->runs; r++) {
            sum += weight[r] * work->log_value[(size_t)r * n + row];
            total += weight[r];
        }
        mean[row] = sum / total;
    }
}

/* Standard error of the mean at lag k of a curve: the variance over runs, averaged over neighbouring lags. */
static double pooled_error(const double *variance, int k, int lags)
{
    double sum = 0.0;
    int count = 0;
    for (int j = k - NEIGHBOURS; j <= k + NEIGHBOURS; j++) {
        if (j < 0 || j >= lags || isnan(variance[j]))
            continue;
        sum += variance[j];
        count++;
    }
    return sqrt(sum / count);
}

static void estimate_errors(struct work *work)
{
    const struct rit_aging_runs *runs = work->runs;
    size_t n = rows(runs), lags = (size_t)runs->lags;
    double *variance = new_doubles(n);
    for (size_t row = 0; row < n && runs->runs > 1; row++)
        variance[row] = gsl_stats_variance(work->log_value + row, n, (size_t)runs->runs) / runs->runs;
    for (size_t row = 0; row < n; row++)
        work->cell->error[row] =
            runs->runs > 1 ? pooled_error(variance + row / lags * lags, (int)(row % lags), runs->lags)
                           : work->options->assumed_error;
    free(variance);
}

/* The curves of means at lags t >= lowest * t_w. Returns the number of curves with enough points. */
static void make_curves(const struct work *work, const double *mean, double lowest, struct rit_curves *curves)
{
    const struct rit_aging_runs *runs = work->runs;
    curves->n = 0;
    for (int i = 0; i < runs->waits; i++) {
        struct rit_curve *curve = &curves->curve[curves->n];
        curve->waiting = runs->waiting[i];
        curve->n = 0;
        for (int k = 0; k < runs->lags; k++) {
            size_t row = (size_t)i * (size_t)runs->lags + (size_t)k;
            if (isnan(mean[row]) || !(runs->lag[row] >= lowest * runs->waiting[i]))
                continue;
            curve->x[curve->n] = log(runs->lag[row]);
            curve->y[curve->n] = mean[row];
            curve->error[curve->n++] = fmax(work->cell->error[row], LEAST_ERROR);
        }
        if (curve->n > 0)
            curves->n++;
    }
}

/* Slopes of one curve into slope[lags]; none where the five points that make it straddle a lag that was
 * measured but has no positive value. */
static void place_slopes(const struct rit_curve *curve, const double *lag, const double *mean, int lags,
                         double *slope)
{
    double *found = new_doubles((size_t)curve->n);
    int *place = malloc(2 * ((size_t)curve->n + 1) * sizeof *place), *missing = place + curve->n, gone = 0,
        n = 0;
    RIT_CHECK(place != NULL);
    rit_local_slopes(curve, found);
    for (int k = 0; k < lags && n < curve->n; k++) {
        if (!(lag[k] >= 0.0))
            continue;
        if (isnan(mean[k])) {
            gone++;
            continue;
        }
        place[n] = k;
        missing[n++] = gone;
    }
    for (int j = NEIGHBOURS; j + NEIGHBOURS < n; j++)
        if (missing[j - NEIGHBOURS] == missing[j + NEIGHBOURS])
            slope[place[j]] = found[j];
    free(found);
    free(place);
}

/* Local slopes of all curves into slope[waits][lags]. */
static void make_slopes(struct work *work, const double *mean, double *slope)
{
    const struct rit_aging_runs *runs = work->runs;
    make_curves(work, mean, 0.0, &work->curves);
    int at = 0;
    for (int i = 0; i < runs->waits && at < work->curves.n; i++) {
        const struct rit_curve *curve = &work->curves.curve[at];
        size_t row = (size_t)i * (size_t)runs->lags;
        if (curve->waiting != runs->waiting[i])
            continue;
        place_slopes(curve, runs->lag + row, mean + row, runs->lags, slope + row);
        at++;
    }
}

static enum rit_aging_verdict judge_data(const struct work *work)
{
    struct rit_aging_cell *cell = work->cell;
    int full = 0;
    bool scatter = false;
    cell->curves = work->curves.n;
    for (int i = 0; i < work->curves.n; i++) {
        const struct rit_curve *curve = &work->curves.curve[i];
        cell->points += curve->n;
        full += curve->n >= FEWEST_POINTS;
        for (int j = 0; j < curve->n; j++)
            scatter = scatter || curve->error[j] > LEAST_ERROR;
    }
    if (work->runs->runs == 0)
        return RIT_AGING_NOTHING;
    if (work->runs->runs < FEWEST_RUNS && !(work->runs->runs == 1 && work->options->assumed_error > 0.0))
        return RIT_AGING_FEW_RUNS;
    if (work->curves.n < FEWEST_CURVES)
        return RIT_AGING_FEW_CURVES;
    if (full < FEWEST_CURVES)
        return RIT_AGING_FEW_POINTS;
    return scatter ? RIT_AGING_FOUND : RIT_AGING_NO_SCATTER;
}

static struct rit_collapse_best fit_form(const struct rit_curves *curves, int form)
{
    return rit_collapse_search(curves, form == RIT_FORM_XI ? RIT_SCALING_XI : RIT_SCALING_POWER,
                               form == RIT_FORM_MU_B);
}

static enum rit_aging_verdict judge_fit(const struct rit_aging_form_fit *fit, int runs)
{
    double mu = fit->mu.value, low = fit->mu.low, high = fit->mu.high;
    if (isnan(mu))
        return RIT_AGING_UNDETERMINED;
    if (runs < FEWEST_RUNS)
        return RIT_AGING_UNSURE;
    if (fit->quality > WORST_QUALITY)
        return RIT_AGING_NO_COLLAPSE;
    if (!(high - low <= 1.0) || low <= RIT_MU_LOW + 0.01 || high >= RIT_MU_HIGH - 0.01)
        return RIT_AGING_UNDETERMINED;
    if (fabs(mu) < 0.05 || (mu - 2.0 * (mu - low) <= 0.0 && mu + 2.0 * (high - mu) >= 0.0))
        return RIT_AGING_NONE;
    return RIT_AGING_FOUND;
}

static void fit_profiles(const struct work *work)
{
    struct rit_aging_cell *cell = work->cell;
    for (int k = 0; k < RIT_MU_STEPS; k++) {
        struct rit_collapse collapse = rit_collapse_at(&work->curves, RIT_SCALING_POWER, rit_mu_at(k));
        cell->profile[k] = collapse.s;
        cell->profile_free[k] = rit_collapse_free(&collapse, NULL);
    }
    cell->simple = rit_collapse_at(&work->curves, RIT_SCALING_POWER, 1.0).s;
    cell->none = rit_collapse_at(&work->curves, RIT_SCALING_POWER, 0.0).s;
}

static void fit_families(const struct work *work)
{
    struct rit_aging_cell *cell = work->cell;
    for (int f = 0; f < RIT_FAMILIES; f++) {
        cell->family[f] = rit_family_fit(&work->curves, (enum rit_family)f);
        if (!isnan(cell->family[f].aicc) &&
            (cell->best_family < 0 || cell->family[f].aicc < cell->family[cell->best_family].aicc))
            cell->best_family = f;
    }
}

/* Replicates of everything that gets an interval. */
struct replicates {
    double *mu[RIT_FORMS], *b[RIT_FORMS], *amplitude[RIT_FAMILIES], *exponent[RIT_FAMILIES];
    double *slope; /* [resamples][waits * lags] */
};

static void resample(struct work *work, uint64_t part, struct replicates *to)
{
    const struct rit_analysis_options *options = &work->options->bootstrap;
    const int start[2] = {0, work->runs->runs};
    bool window = work->cell->data == RIT_AGING_FOUND;
    for (int s = 0; s < options->resamples; s++) {
        rit_bootstrap_draw(options->key, (uint64_t)s, part, 1, start, work->weight);
        weighted_mean(work, work->weight, work->mean);
        make_slopes(work, work->mean, to->slope + (size_t)s * rows(work->runs));
        if (!window)
            continue;
        make_curves(work, work->mean, work->options->lowest, &work->curves);
        for (int f = 0; f < RIT_FORMS; f++) {
            struct rit_collapse_best best = fit_form(&work->curves, f);
            to->mu[f][s] = best.mu;
            to->b[f][s] = best.b;
        }
        for (int f = 0; f < RIT_FAMILIES; f++) {
            struct rit_family_fit fit = rit_family_fit(&work->curves, (enum rit_family)f);
            to->amplitude[f][s] = fit.amplitude;
            to->exponent[f][s] = fit.exponent;
        }
    }
}

static void make_intervals(const struct work *work, struct replicates *from)
{
    struct rit_aging_cell *cell = work->cell;
    const struct rit_analysis_options *options = &work->options->bootstrap;
    int n = options->resamples;
    double freedom = work->runs->runs - 1;
    for (int f = 0; f < RIT_FORMS; f++) {
        struct rit_aging_form_fit *fit = &cell->form[f];
        fit->mu = rit_bootstrap_interval(fit->mu.value, from->mu[f], n, options->level, freedom);
        fit->b = rit_bootstrap_interval(fit->b.value, from->b[f], n, options->level, freedom);
    }
    for (int f = 0; f < RIT_FAMILIES; f++) {
        cell->amplitude[f] =
            rit_bootstrap_interval(cell->family[f].amplitude, from->amplitude[f], n, options->level, freedom);
        cell->exponent[f] =
            rit_bootstrap_interval(cell->family[f].exponent, from->exponent[f], n, options->level, freedom);
    }
    size_t size = rows(work->runs);
    for (size_t row = 0; row < size; row++)
        cell->slope_error[row] = gsl_stats_sd(from->slope + row, size, (size_t)n);
}

static void bootstrap(struct work *work, uint64_t part)
{
    size_t n = (size_t)work->options->bootstrap.resamples;
    double *memory = new_doubles(n * (2 * RIT_FORMS + 2 * RIT_FAMILIES));
    struct replicates replicates = {.slope = new_doubles(n * rows(work->runs))};
    for (size_t f = 0; f < RIT_FORMS; f++) {
        replicates.mu[f] = memory + n * (2 * f);
        replicates.b[f] = memory + n * (2 * f + 1);
    }
    for (size_t f = 0; f < RIT_FAMILIES; f++) {
        replicates.amplitude[f] = memory + n * (2 * RIT_FORMS + 2 * f);
        replicates.exponent[f] = memory + n * (2 * RIT_FORMS + 2 * f + 1);
    }
    resample(work, part, &replicates);
    make_intervals(work, &replicates);
    free(memory);
    free(replicates.slope);
}

static void clear(struct rit_aging_cell *cell)
{
    for (int k = 0; k < RIT_MU_STEPS; k++)
        cell->profile[k] = cell->profile_free[k] = NAN;
    for (int f = 0; f < RIT_FORMS; f++) {
        cell->form[f].mu = cell->form[f].b = rit_estimate_none();
        cell->form[f].quality = NAN;
        cell->form[f].verdict = cell->data;
    }
    for (int f = 0; f < RIT_FAMILIES; f++) {
        cell->amplitude[f] = cell->exponent[f] = rit_estimate_none();
        cell->family[f] = (struct rit_family_fit){NAN, NAN, NAN, NAN};
    }
    cell->simple = cell->none = NAN;
    cell->best_family = -1;
}

static void analyse_window(struct work *work)
{
    struct rit_aging_cell *cell = work->cell;
    fit_profiles(work);
    fit_families(work);
    for (int f = 0; f < RIT_FORMS; f++) {
        struct rit_collapse_best best = fit_form(&work->curves, f);
        cell->form[f].mu.value = best.mu;
        cell->form[f].b.value = best.b;
        cell->form[f].quality = best.quality;
    }
    for (int f = 0; f < RIT_FAMILIES; f++) {
        cell->amplitude[f].value = cell->family[f].amplitude;
        cell->exponent[f].value = cell->family[f].exponent;
    }
}

void rit_aging_analyse(const struct rit_aging_runs *runs, const struct rit_aging_options *options,
                       uint64_t part, struct rit_aging_cell *cell)
{
    *cell = (struct rit_aging_cell){.runs = runs->runs,
                                    .mean = new_doubles(rows(runs)),
                                    .error = new_doubles(rows(runs)),
                                    .slope = new_doubles(rows(runs)),
                                    .slope_error = new_doubles(rows(runs))};
    struct work work = {.runs = runs,
                        .options = options,
                        .cell = cell,
                        .log_value = new_doubles((size_t)runs->runs * rows(runs)),
                        .mean = new_doubles(rows(runs)),
                        .weight = new_doubles((size_t)runs->runs)};
    rit_curves_new(&work.curves, runs->lags);
    RIT_CHECK(runs->runs >= 0 && runs->waits <= RIT_MAX_LIST);
    for (int r = 0; r < runs->runs; r++)
        work.weight[r] = 1.0;
    take_logs(&work);
    weighted_mean(&work, work.weight, cell->mean);
    estimate_errors(&work);
    make_curves(&work, cell->mean, options->lowest, &work.curves);
    cell->data = judge_data(&work);
    clear(cell);
    if (cell->data == RIT_AGING_FOUND)
        analyse_window(&work);
    make_slopes(&work, cell->mean, cell->slope);
    if (runs->runs >= FEWEST_RUNS)
        bootstrap(&work, part);
    for (int f = 0; f < RIT_FORMS && cell->data == RIT_AGING_FOUND; f++)
        cell->form[f].verdict = judge_fit(&cell->form[f], runs->runs);
    free(work.log_value);
    free(work.mean);
    free(work.weight);
    rit_curves_release(&work.curves);
}

void rit_aging_cell_release(struct rit_aging_cell *cell)
{
    free(cell->mean);
    free(cell->error);
    free(cell->slope);
    free(cell->slope_error);
    *cell = (struct rit_aging_cell){0};
}
