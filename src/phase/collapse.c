/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/collapse.h"

#include "phase/minimum.h"

#include <math.h>
#include <stdlib.h>

void rit_curves_new(struct rit_curves *curves, int lags)
{
    enum { ARRAYS = 4 };
    size_t n = lags > 0 ? (size_t)lags : 1;
    *curves = (struct rit_curves){.memory = malloc(RIT_MAX_LIST * ARRAYS * n * sizeof(double))};
    RIT_CHECK(curves->memory != NULL);
    for (size_t i = 0; i < RIT_MAX_LIST; i++) {
        double *own = curves->memory + i * ARRAYS * n;
        curves->curve[i] =
            (struct rit_curve){.x = own, .y = own + n, .error = own + 2 * n, .scaled = own + 3 * n};
    }
}

void rit_curves_release(struct rit_curves *curves)
{
    free(curves->memory);
    *curves = (struct rit_curves){0};
}

/* log of the scaling variable of a point at log lag x. */
static double scaled(enum rit_scaling scaling, double mu, double waiting, double x)
{
    if (scaling == RIT_SCALING_POWER)
        return x - mu * log(waiting);
    double u = log1p(exp(x) / waiting), power = 1.0 - mu; /* log(1 + t/t_w) */
    if (fabs(power) < 1e-9)
        return log(u);
    return power * log(waiting) + log(expm1(power * u) / power);
}

/* Sums of the weighted straight line through bracketing points, with x counted from the point compared. */
struct line {
    double k, kx, kxx, ky, kxy, kb, kxb; /* b: of the derivatives log t_w of y by -b */
};

static void add_to_line(struct line *line, double x, double y, double b, double error)
{
    double w = 1.0 / (error * error);
    line->k += w;
    line->kx += w * x;
    line->kxx += w * x * x;
    line->ky += w * y;
    line->kxy += w * x * y;
    line->kb += w * b;
    line->kxb += w * x * b;
}

/*
 * One term of S, with the line's value at x = 0. Two points that bracket 0 make a line; the determinant
 * is positive as they lie apart.
 */
static void compare(const struct line *line, double y, double b, double error, struct rit_collapse *sum)
{
    double det = line->k * line->kxx - line->kx * line->kx;
    double at = (line->kxx * line->ky - line->kx * line->kxy) / det;
    double slope_b = (line->kxx * line->kb - line->kx * line->kxb) / det;
    double weight = 1.0 / (error * error + line->kxx / det);
    double r = y - at, q = b - slope_b;
    sum->s += weight * r * r;
    sum->sb += weight * r * q;
    sum->bb += weight * q * q;
    sum->compared++;
}

struct rit_collapse rit_collapse_at(const struct rit_curves *curves, enum rit_scaling scaling, double mu)
{
    const double *x[RIT_MAX_LIST];
    double b[RIT_MAX_LIST];
    struct rit_collapse sum = {0};
    for (int i = 0; i < curves->n; i++) {
        const struct rit_curve *curve = &curves->curve[i];
        b[i] = log(curve->waiting);
        for (int j = 0; j < curve->n; j++)
            curve->scaled[j] = scaled(scaling, mu, curve->waiting, curve->x[j]);
        x[i] = curve->scaled;
        sum.points += curve->n;
    }
    for (int i = 0; i < curves->n; i++) {
        int next[RIT_MAX_LIST] = {0}; /* in each other curve, the first point not left of the one compared */
        for (int j = 0; j < curves->curve[i].n; j++) {
            struct line line = {0};
            for (int o = 0; o < curves->n; o++) {
                const struct rit_curve *other = &curves->curve[o];
                while (next[o] < other->n && x[o][next[o]] < x[i][j])
                    next[o]++;
                if (o == i || next[o] == 0 || next[o] == other->n)
                    continue;
                for (int k = next[o] - 1; k <= next[o]; k++)
                    add_to_line(&line, x[o][k] - x[i][j], other->y[k], b[o], other->error[k]);
            }
            if (line.k > 0.0)
                compare(&line, curves->curve[i].y[j], b[i], curves->curve[i].error[j], &sum);
        }
    }
    double n = 2 * sum.compared >= sum.points && sum.compared > 0 ? sum.compared : NAN;
    sum.s /= n;
    sum.sb /= n;
    sum.bb /= n;
    return sum;
}

double rit_collapse_free(const struct rit_collapse *collapse, double *b)
{
    double best = collapse->sb / collapse->bb;
    if (b)
        *b = best;
    return collapse->s - best * collapse->sb;
}

struct search {
    const struct rit_curves *curves;
    enum rit_scaling scaling;
    bool free_b;
};

static double quality(double mu, void *context)
{
    const struct search *search = context;
    struct rit_collapse collapse = rit_collapse_at(search->curves, search->scaling, mu);
    double s = search->free_b ? rit_collapse_free(&collapse, NULL) : collapse.s;
    return isnan(s) ? HUGE_VAL : s;
}

struct rit_collapse_best rit_collapse_search(const struct rit_curves *curves, enum rit_scaling scaling,
                                             bool free_b)
{
    struct search search = {curves, scaling, free_b};
    struct rit_collapse_best best = {0};
    best.mu = rit_minimum(quality, &search, RIT_MU_LOW, RIT_MU_HIGH, 50, &best.quality);
    if (isnan(best.mu))
        return (struct rit_collapse_best){.mu = NAN, .b = NAN, .quality = NAN};
    struct rit_collapse collapse = rit_collapse_at(curves, scaling, best.mu);
    if (free_b)
        rit_collapse_free(&collapse, &best.b);
    return best;
}
