/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/transition.h"

#include <ritardando/status.h>

#include "base/exact.h"
#include "phase/tobit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_min.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums over the runs of a line: all that the likelihood needs, whatever N_c. */
struct sums {
    int cells, limits;
    const double *width;
    double lowest; /* width at which a run learned; INFINITY for none */
    struct rit_tobit_group *known, *group;
    struct rit_tobit_limit *limit, *shifted;
    int *limit_cell;
};

static double weight_of(const double *weight, int run)
{
    return weight ? weight[run] : 1.0;
}

static struct sums sums_new(const struct rit_line *line, int first, int last, const double *weight)
{
    int cells = last - first, runs = line->start[last] - line->start[first];
    struct sums s = {.cells = cells, .width = line->width + first, .lowest = INFINITY};
    size_t n = (size_t)cells + 1, m = (size_t)runs + 1;
    s.known = calloc(2 * n, sizeof *s.known);
    s.limit = calloc(2 * m, sizeof *s.limit);
    s.limit_cell = calloc(m, sizeof *s.limit_cell);
    RIT_CHECK(s.known && s.limit && s.limit_cell);
    s.group = s.known + n;
    s.shifted = s.limit + m;
    for (int c = 0; c < cells; c++) {
        for (int r = line->start[first + c]; r < line->start[first + c + 1]; r++) {
            double w = weight_of(weight, r), y = rit_log(line->life[r].tau);
            if (w == 0.0)
                continue;
            if (!line->life[r].censored) {
                struct rit_tobit_group *g = &s.known[c];
                double d = y - g->mean;
                g->count += w;
                g->mean += d * w / g->count;
                g->squares += d * w * (y - g->mean);
                s.lowest = fmin(s.lowest, s.width[c]);
            } else if (s.limits > 0 && s.limit_cell[s.limits - 1] == c && s.limit[s.limits - 1].y == y) {
                s.limit[s.limits - 1].count += w;
            } else {
                s.limit_cell[s.limits] = c;
                s.limit[s.limits++] = (struct rit_tobit_limit){0.0, y, w};
            }
        }
    }
    return s;
}

static void sums_release(struct sums *s)
{
    free(s->known);
    free(s->limit);
    free(s->limit_cell);
}

/* At given N_c the law is linear: log tau = b0 + b1 x with x = -log(N_h - N_c), b1 = z. A held z goes into y.
 */
static bool fit_at(struct sums *s, double critical, double exponent, struct rit_tobit *fit)
{
    if (!(critical < s->lowest))
        return false;
    double z = isnan(exponent) ? 0.0 : exponent;
    for (int c = 0; c < s->cells; c++) {
        struct rit_tobit_group *g = &s->group[c];
        *g = s->known[c];
        if (g->count == 0.0)
            continue;
        g->x = -rit_log(s->width[c] - critical);
        g->mean -= z * g->x;
    }
    int limits = 0;
    for (int l = 0; l < s->limits; l++) {
        double gap = s->width[s->limit_cell[l]] - critical;
        if (gap <= 0.0)
            continue; /* never learns: probability 1 */
        double x = -rit_log(gap);
        s->shifted[limits++] = (struct rit_tobit_limit){x, s->limit[l].y - z * x, s->limit[l].count};
    }
    struct rit_tobit_data data = {s->cells, limits, s->group, s->shifted};
    return rit_tobit_fit(&data, isnan(exponent), RIT_SIGMA_MIN, fit);
}

struct search {
    struct sums *sums;
    double exponent;
    struct rit_tobit fit; /* the last one */
};

/* Minus the profile log-likelihood at N_c = lowest - exp(u). */
static double minus_profile(double u, void *context)
{
    struct search *search = context;
    bool good = fit_at(search->sums, search->sums->lowest - rit_exp(u), search->exponent, &search->fit);
    return good ? -search->fit.loglik : HUGE_VAL;
}

enum { GRID = 24, REFINE = 60 };
#define NEAREST 1e-4 /* of the lowest width that learned: no N_c is searched nearer to it */

/* The lowest point of a coarse grid in u, then Brent's method between its neighbours. */
static double search_critical(struct search *search, double low, double high, struct rit_power *power)
{
    double step = (high - low) / GRID, best = HUGE_VAL, u = low, value[GRID + 1];
    int at = 0;
    for (int i = 0; i <= GRID; i++) {
        value[i] = minus_profile(low + i * step, search);
        if (value[i] < best) {
            best = value[i];
            at = i;
        }
    }
    u = low + at * step;
    power->open = at == GRID;
    power->edge = at == 0;
    if (at == 0 || at == GRID || !(value[at] < value[at - 1] && value[at] < value[at + 1]))
        return u;
    gsl_min_fminimizer *brent = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    RIT_CHECK(brent != NULL);
    gsl_function f = {minus_profile, search};
    if (gsl_min_fminimizer_set_with_values(brent, &f, u, value[at], u - step, value[at - 1], u + step,
                                           value[at + 1]) == GSL_SUCCESS) {
        for (int i = 0; i < REFINE; i++) {
            if (gsl_min_fminimizer_iterate(brent) != GSL_SUCCESS)
                break;
            double a = gsl_min_fminimizer_x_lower(brent), b = gsl_min_fminimizer_x_upper(brent);
            if (b - a < 1e-7)
                break;
        }
        u = gsl_min_fminimizer_x_minimum(brent);
    }
    gsl_min_fminimizer_free(brent);
    return u;
}

static int cells_with_learned(const struct sums *s)
{
    int cells = 0;
    for (int c = 0; c < s->cells; c++)
        cells += s->known[c].count > 0.0;
    return cells;
}

struct rit_power rit_power_fit(const struct rit_line *line, int first, int last, const double *weight,
                               double exponent)
{
    struct rit_power power = {NAN, NAN, NAN, NAN, NAN, false, false, false};
    struct sums s = sums_new(line, first, last, weight);
    int needed = isnan(exponent) ? 3 : 2;
    if (cells_with_learned(&s) >= needed) {
        struct search search = {.sums = &s, .exponent = exponent};
        double widest = s.width[s.cells - 1];
        double u = search_critical(&search, rit_log(NEAREST * s.lowest), rit_log(s.lowest + widest), &power);
        if (minus_profile(u, &search) < HUGE_VAL) {
            power.critical = s.lowest - rit_exp(u);
            power.rate = rit_exp(-search.fit.intercept);
            power.exponent = isnan(exponent) ? search.fit.slope : exponent;
            power.sigma = search.fit.sigma;
            power.loglik = search.fit.loglik;
            power.found = true;
        }
    }
    sums_release(&s);
    return power;
}

double rit_power_profile(const struct rit_line *line, int first, int last, const double *weight,
                         double exponent, double critical)
{
    struct sums s = sums_new(line, first, last, weight);
    struct rit_tobit fit = {0};
    double value = fit_at(&s, critical, exponent, &fit) ? fit.loglik : -INFINITY;
    sums_release(&s);
    return value;
}

/* With a mean for each cell, only sigma is shared. Cells where nothing learned have probability 1. */
static double minus_saturated(double log_sigma, const struct sums *s)
{
    double h = rit_exp(-log_sigma), total = 0.0;
    for (int c = 0; c < s->cells; c++) {
        const struct rit_tobit_group *g = &s->known[c];
        if (g->count == 0.0)
            continue;
        /* Newton in p = mean / sigma; concave. */
        double p = h * g->mean, value = 0.0;
        for (int iteration = 0; iteration < 60; iteration++) {
            double r = p - h * g->mean, slope = -g->count * r, bend = g->count;
            value = -0.5 * (g->count * r * r + h * h * g->squares);
            for (int l = 0; l < s->limits; l++) {
                if (s->limit_cell[l] != c)
                    continue;
                double hazard, u = p - h * s->limit[l].y;
                value += s->limit[l].count * rit_log_phi(u, &hazard);
                slope += s->limit[l].count * hazard;
                bend += s->limit[l].count * hazard * (hazard + u);
            }
            if (slope * slope / bend < 1e-18)
                break;
            p += slope / bend;
        }
        total += value - g->count * log_sigma;
    }
    return -total;
}

double rit_power_saturated(const struct rit_line *line, int first, int last, int *parameters)
{
    struct sums s = sums_new(line, first, last, NULL);
    *parameters = cells_with_learned(&s);
    double best = HUGE_VAL;
    /* One smooth hump in log sigma: a fine grid, then a golden section around its best point. */
    const double low = rit_log(RIT_SIGMA_MIN), high = rit_log(10.0);
    enum { STEPS = 60 };
    double step = (high - low) / STEPS, at = low;
    for (int i = 0; i <= STEPS && *parameters > 0; i++) {
        double value = minus_saturated(low + i * step, &s);
        if (value < best) {
            best = value;
            at = low + i * step;
        }
    }
    double a = fmax(at - step, low), b = fmin(at + step, high);
    const double golden = 0.6180339887498949;
    for (int i = 0; i < 40 && *parameters > 0; i++) {
        double left = b - golden * (b - a), right = a + golden * (b - a);
        double at_left = minus_saturated(left, &s), at_right = minus_saturated(right, &s);
        best = fmin(best, fmin(at_left, at_right));
        if (at_left < at_right)
            b = right;
        else
            a = left;
    }
    sums_release(&s);
    return *parameters > 0 ? -best : 0.0;
}

struct rit_straight rit_straight_fit(const struct rit_line *line, int first, int last)
{
    struct rit_straight fit = {NAN, NAN, NAN, 0, NAN, NAN, NAN, 0.0};
    size_t cells = (size_t)(last - first);
    double *x = malloc((3 * cells + 1) * sizeof *x), *y = x + cells, *w = y + cells;
    RIT_CHECK(x != NULL);
    double squares = 0.0;
    for (int c = first; c < last; c++) {
        int n = line->start[c + 1] - line->start[c], learned = 0;
        double mean = 0.0, sum = 0.0;
        if (n == 0)
            continue;
        const struct rit_lifetime *life = line->life + line->start[c];
        for (int r = 0; r < n; r++)
            learned += !life[r].censored;
        if (learned == n && n > 1) {
            for (int r = 0; r < n; r++)
                mean += rit_log(life[r].tau) / n;
            for (int r = 0; r < n; r++)
                sum += (rit_log(life[r].tau) - mean) * (rit_log(life[r].tau) - mean);
            squares += sum;
            fit.freedom += n - 1;
        }
        double median = rit_line_median(line, c);
        if (isinf(median))
            continue;
        x[fit.cells] = line->width[c];
        y[fit.cells] = 1.0 / median;
        w[fit.cells] = n * median * median / (n > 2 ? M_PI_2 : 1.0); /* relative error squared, but for sd */
        fit.cells++;
    }
    if (fit.cells >= 2) {
        double variance =
            fit.freedom > 0.0 ? fmax(squares / fit.freedom, RIT_SIGMA_MIN * RIT_SIGMA_MIN) : NAN;
        double c0, c1, cov00, cov01, cov11, chi2;
        gsl_fit_wlinear(x, 1, w, 1, y, 1, (size_t)fit.cells, &c0, &c1, &cov00, &cov01, &cov11, &chi2);
        fit.critical = -c0 / c1;
        fit.rate = c1;
        fit.chi2 = chi2 / variance;
        fit.variance0 = variance * cov00;
        fit.covariance = variance * cov01;
        fit.variance1 = variance * cov11;
    }
    free(x);
    return fit;
}

struct rit_estimate rit_straight_interval(const struct rit_straight *fit, double level)
{
    struct rit_estimate e = {fit->critical, NAN, NAN};
    if (isnan(fit->critical) || isnan(fit->variance1))
        return e;
    double c0 = -fit->critical * fit->rate, c1 = fit->rate;
    double t = gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, fit->freedom), t2 = t * t;
    /* a N^2 + 2 b N + c <= 0 */
    double a = c1 * c1 - t2 * fit->variance1, b = c0 * c1 - t2 * fit->covariance,
           c = c0 * c0 - t2 * fit->variance0;
    if (a <= 0.0)
        return (struct rit_estimate){fit->critical, -INFINITY, INFINITY};
    double root = sqrt(fmax(0.0, b * b - a * c));
    return (struct rit_estimate){fit->critical, (-b - root) / a, (-b + root) / a};
}

double rit_line_median(const struct rit_line *line, int cell)
{
    int n = line->start[cell + 1] - line->start[cell];
    struct rit_lifetime *life = malloc(((size_t)n + 1) * sizeof *life);
    RIT_CHECK(life != NULL);
    memcpy(life, line->life + line->start[cell], (size_t)n * sizeof *life); /* the median sorts */
    double median = n > 0 ? rit_survival_median(life, n, 0.5).value : INFINITY;
    free(life);
    return median;
}

void rit_window(const struct rit_line *line, double reach, int least, int *first, int *last)
{
    *first = 0;
    *last = line->cells;
    double start = INFINITY;
    int with_learned = 0;
    for (int c = 0; c < line->cells; c++) {
        bool learned = false;
        for (int r = line->start[c]; r < line->start[c + 1]; r++)
            learned = learned || !line->life[r].censored;
        if (isinf(start) && isfinite(rit_line_median(line, c)))
            start = line->width[c];
        if (line->width[c] > reach * start && with_learned >= least) {
            *last = c;
            return;
        }
        with_learned += learned;
    }
}
