/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/approach.h"

#include "phase/trend.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const rit_approach_names[RIT_APPROACHES + 1] = {"fluctuation",   "distance", "drift",
                                                            "linearisation", "curve",    NULL};

static double *new_doubles(size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);
    RIT_CHECK(x != NULL);
    return x;
}

/* A variable over points and one more dimension, or NULL. */
static const struct rit_array *series(const struct rit_dataset *dataset, const char *name)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->value && array->dims == 2 ? array : NULL;
}

static double at(const struct rit_array *array, size_t row, size_t k)
{
    return array->value[row * array->length[1] + k];
}

/* The last place at which all runs of finite width have a number; 0 if there is none. */
static size_t last_common(const struct rit_scan_line *line, const struct rit_array *array)
{
    for (size_t k = array->length[1]; k-- > 1;) {
        bool all = true;
        for (int r = 0; r < line->start[line->finite] && all; r++)
            all = isfinite(at(array, line->row[r], k));
        if (all)
            return k;
    }
    return 0;
}

/* ---- one number of each run, NaN where it is not known ---- */

static void take_reading(const struct rit_scan *scan, const struct rit_scan_line *line, const char *name,
                         bool at_start, double *value, double *tau)
{
    const struct rit_array *array = series(scan->dataset, name),
                           *times = rit_dataset_find(scan->dataset, "tangent_tau");
    size_t k = array && !at_start ? last_common(line, array) : 0;
    bool known = array && (at_start || k > 0);
    for (int r = 0; r < line->start[line->finite]; r++)
        value[r] = known ? at(array, line->row[r], k) : NAN;
    if (known && times && times->value && k < times->count)
        *tau = times->value[k];
}

/* Mean ln NLL of the runs of infinite width at every time; NaN where some run has none. Returns whether there
 * are such runs. */
static bool limit_curve(const struct rit_scan_line *line, const struct rit_array *nll, double *mean)
{
    int from = line->start[line->finite], to = line->start[line->cells];
    for (size_t k = 0; k < nll->length[1]; k++) {
        mean[k] = 0.0;
        for (int r = from; r < to; r++)
            mean[k] += log(at(nll, line->row[r], k)) / (to - from);
    }
    return to > from;
}

/* Root mean square over the times of the grid that both curves have, the start apart. */
static void take_curve(const struct rit_scan *scan, const struct rit_scan_line *line, double *value)
{
    const struct rit_array *nll = series(scan->dataset, "nll"), *times = series(scan->dataset, "nll_tau");
    double *mean = new_doubles(nll ? nll->length[1] : 0);
    bool known = nll && times && limit_curve(line, nll, mean);
    for (int r = 0; r < line->start[line->finite]; r++) {
        double sum = 0.0;
        int n = 0;
        for (size_t k = 1; known && k < nll->length[1]; k++) {
            double off = log(at(nll, line->row[r], k)) - mean[k];
            if (isfinite(off)) {
                sum += off * off;
                n++;
            }
        }
        value[r] = n > 0 ? sqrt(sum / n) : NAN;
    }
    free(mean);
}

/* Another size than the width leads to no such limit. */
static bool is_width(const struct rit_scan *scan)
{
    return strcmp(scan->size, "width") == 0;
}

static void take_values(const struct rit_scan *scan, const struct rit_scan_line *line, int of, double *value,
                        double *tau)
{
    *tau = NAN;
    switch (is_width(scan) ? of : RIT_APPROACHES) {
    case RIT_APPROACH_FLUCTUATION:
        take_reading(scan, line, "tangent_distance", true, value, tau);
        break;
    case RIT_APPROACH_DISTANCE:
        take_reading(scan, line, "tangent_distance", false, value, tau);
        break;
    case RIT_APPROACH_DRIFT:
        take_reading(scan, line, "tangent_drift", false, value, tau);
        break;
    case RIT_APPROACH_LINEARISATION:
        take_reading(scan, line, "tangent_linearisation", false, value, tau);
        break;
    case RIT_APPROACH_CURVE:
        take_curve(scan, line, value);
        break;
    default:
        for (int r = 0; r < line->start[line->finite]; r++)
            value[r] = NAN;
    }
}

/* ---- the law ---- */

/* The scatter of ln x from run to run, of all widths with several runs; NaN without. */
static double scatter_of(const struct rit_scan_line *line, const double *value)
{
    double squares = 0.0;
    int freedom = 0;
    for (int c = 0; c < line->finite; c++) {
        int from = line->start[c], n = line->start[c + 1] - from;
        double mean = 0.0;
        for (int r = 0; r < n; r++)
            mean += log(value[from + r]) / n;
        for (int r = 0; n > 1 && r < n; r++)
            squares += (log(value[from + r]) - mean) * (log(value[from + r]) - mean);
        freedom += n > 1 ? n - 1 : 0;
    }
    return freedom > 0 ? sqrt(squares / freedom) : NAN;
}

/* ln x = ln b - p ln N_h, weighted by what runs scatter, and no narrower than the widths scatter round it. */
static void fit(const struct rit_scan_line *line, const double *value, double level,
                struct rit_approach *approach)
{
    size_t cells = (size_t)line->finite;
    double *x = new_doubles(3 * cells), *y = x + cells, *error = y + cells, scatter = scatter_of(line, value);
    for (int c = 0; c < line->finite; c++) {
        int n = line->start[c + 1] - line->start[c];
        x[c] = log(line->width[c]);
        y[c] = log(approach->value[c]);
        error[c] = (scatter > 0.0 ? scatter : 1e-6) / sqrt(n);
    }
    struct rit_trend trend = rit_trend_fit(line->finite, x, y, error);
    if (trend.points >= RIT_APPROACH_WIDTHS) {
        double half = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * level) * trend.slope_error;
        approach->power = (struct rit_estimate){-trend.slope, -trend.slope - half, -trend.slope + half};
    }
    free(x);
}

static void make_one(const struct rit_scan *scan, const struct rit_scan_line *line, int of, double level,
                     struct rit_approach *approach)
{
    *approach =
        (struct rit_approach){.power = rit_estimate_none(), .value = new_doubles((size_t)line->finite)};
    double *value = new_doubles((size_t)line->start[line->finite]);
    take_values(scan, line, of, value, &approach->tau);
    for (int c = 0; c < line->finite; c++) {
        int from = line->start[c], n = line->start[c + 1] - from;
        double sum = 0.0;
        for (int r = from; r < from + n; r++)
            sum += value[r] * value[r] / n;
        approach->value[c] = n > 0 && sum > 0.0 ? sqrt(sum) : NAN;
        approach->widths += isfinite(approach->value[c]);
    }
    fit(line, value, level, approach);
    free(value);
}

void rit_approach_make(const struct rit_scan *scan, const struct rit_scan_line *line, double level,
                       struct rit_approach *approach)
{
    for (int i = 0; i < RIT_APPROACHES; i++)
        make_one(scan, line, i, level, &approach[i]);
}

void rit_approach_release(struct rit_approach *approach)
{
    for (int i = 0; i < RIT_APPROACHES; i++)
        free(approach[i].value);
}
