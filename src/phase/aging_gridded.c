/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The aging analysis as gridded arrays. */
#include "phase/aging_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const forms[RIT_FORMS] = {"mu", "mu-b", "xi"};
static const char *const families[RIT_FAMILIES] = {"power", "logarithm", "saturating"};

/* One accessor per variable: GET(name, expression of the entry `e` and the index `i` beside the cell). */
#define GET(name, expression)                                                                                \
    static double get_##name(const struct rit_aging_entry *e, int i)                                         \
    {                                                                                                        \
        (void)i;                                                                                             \
        return expression;                                                                                   \
    }

GET(runs, e->fit.runs)
GET(left_out, e->left_out)
GET(points, e->fit.points)
GET(unscaled, e->fit.none)
GET(simple, e->fit.simple)
GET(lag, e->lag[i])
GET(delta, exp(e->fit.mean[i]))
GET(delta_error, e->fit.error[i])
GET(slope, e->fit.slope[i])
GET(slope_error, e->fit.slope_error[i])
GET(profile, e->fit.profile[i])
GET(profile_free, e->fit.profile_free[i])
GET(verdict, e->fit.form[i].verdict)
GET(mu, e->fit.form[i].mu.value)
GET(mu_low, e->fit.form[i].mu.low)
GET(mu_high, e->fit.form[i].mu.high)
GET(b, e->fit.form[i].b.value)
GET(b_low, e->fit.form[i].b.low)
GET(b_high, e->fit.form[i].b.high)
GET(quality, e->fit.form[i].quality)
GET(amplitude, e->fit.amplitude[i].value)
GET(amplitude_low, e->fit.amplitude[i].low)
GET(amplitude_high, e->fit.amplitude[i].high)
GET(exponent, e->fit.exponent[i].value)
GET(exponent_low, e->fit.exponent[i].low)
GET(exponent_high, e->fit.exponent[i].high)
GET(rms, e->fit.family[i].rms)
GET(aicc, e->fit.family[i].aicc)

enum over { OVER_CELLS, OVER_LAGS, OVER_MU, OVER_FORMS, OVER_FAMILIES };

static const char verdicts[] = "nothing found few-runs few-curves few-points undetermined no-aging one-run "
                               "no-scatter no-collapse";

static const struct {
    const char *name, *unit, *meaning;
    enum over over;
    double (*get)(const struct rit_aging_entry *entry, int inner);
} variables[] = {
    {"aging_runs", "1", "runs that were analysed", OVER_CELLS, get_runs},
    {"aging_left_out", "1", "diverged runs, left out", OVER_CELLS, get_left_out},
    {"aging_points", "1", "points of all curves in the window", OVER_CELLS, get_points},
    {"aging_s_unscaled", "1", "S of Delta against t, without rescaling", OVER_CELLS, get_unscaled},
    {"aging_s_simple", "1", "S of Delta against t/t_w", OVER_CELLS, get_simple},
    {"aging_lag", "tau", "lag at which the steps were made", OVER_LAGS, get_lag},
    {"aging_delta", "tau^2", "Delta(t_w, t_w+t), exp of the mean of log Delta over runs", OVER_LAGS,
     get_delta},
    {"aging_delta_error", "1", "relative standard error of aging_delta", OVER_LAGS, get_delta_error},
    {"aging_slope", "1", "local slope d log Delta / d log t", OVER_LAGS, get_slope},
    {"aging_slope_error", "1", "standard error of the local slope", OVER_LAGS, get_slope_error},
    {"aging_s", "1", "S of Delta against t/t_w^mu", OVER_MU, get_profile},
    {"aging_s_free", "1", "S of t_w^-b Delta against t/t_w^mu at the best b", OVER_MU, get_profile_free},
    {"aging_verdict", "1", "whether there is a mu, or why not", OVER_FORMS, get_verdict},
    {"aging_mu", "1", "mu of the best collapse", OVER_FORMS, get_mu},
    {"aging_mu_low", "1", "lower limit of aging_mu", OVER_FORMS, get_mu_low},
    {"aging_mu_high", "1", "upper limit of aging_mu", OVER_FORMS, get_mu_high},
    {"aging_b", "1", "b of the best collapse", OVER_FORMS, get_b},
    {"aging_b_low", "1", "lower limit of aging_b", OVER_FORMS, get_b_low},
    {"aging_b_high", "1", "upper limit of aging_b", OVER_FORMS, get_b_high},
    {"aging_quality", "1", "S of the best collapse", OVER_FORMS, get_quality},
    {"aging_amplitude", "1", "A of a form fitted to Delta as a function of t/t_w", OVER_FAMILIES,
     get_amplitude},
    {"aging_amplitude_low", "1", "lower limit of aging_amplitude", OVER_FAMILIES, get_amplitude_low},
    {"aging_amplitude_high", "1", "upper limit of aging_amplitude", OVER_FAMILIES, get_amplitude_high},
    {"aging_exponent", "1", "a of the form", OVER_FAMILIES, get_exponent},
    {"aging_exponent_low", "1", "lower limit of aging_exponent", OVER_FAMILIES, get_exponent_low},
    {"aging_exponent_high", "1", "upper limit of aging_exponent", OVER_FAMILIES, get_exponent_high},
    {"aging_rms", "1", "weighted root mean square residual of the form, in standard errors", OVER_FAMILIES,
     get_rms},
    {"aging_aicc", "1", "corrected Akaike information of the form", OVER_FAMILIES, get_aicc},
};

struct shape {
    int dims;
    const char *dim[RIT_GRIDDED_DIMS];
    size_t length[RIT_GRIDDED_DIMS], cells, inner;
};

static void add_dim(struct shape *shape, const char *name, int length)
{
    shape->dim[shape->dims] = name;
    shape->length[shape->dims++] = (size_t)length;
}

static void add_inner(struct shape *shape, const char *name, int length)
{
    add_dim(shape, name, length);
    shape->inner *= (size_t)length;
}

static struct shape shape_of(const struct rit_aging_sheet *sheet, enum over over)
{
    struct shape shape = {.cells = 1, .inner = 1};
    for (int a = 0; sheet->scan && a < sheet->scan->axes; a++)
        add_dim(&shape, sheet->scan->axis[a].name, sheet->scan->axis[a].n);
    if (sheet->scan)
        add_dim(&shape, sheet->scan->size, sheet->scan->widths);
    else
        add_dim(&shape, "line", 1);
    for (int d = 0; d < shape.dims; d++)
        shape.cells *= shape.length[d];
    if (over == OVER_LAGS) {
        add_inner(&shape, "waiting_time", sheet->waits);
        add_inner(&shape, "lag", sheet->lags);
    } else if (over != OVER_CELLS) {
        static const char *const name[] = {
            [OVER_MU] = "mu", [OVER_FORMS] = "form", [OVER_FAMILIES] = "family"};
        static const int length[] = {
            [OVER_MU] = RIT_MU_STEPS, [OVER_FORMS] = RIT_FORMS, [OVER_FAMILIES] = RIT_FAMILIES};
        add_inner(&shape, name[over], length[over]);
    }
    return shape;
}

/* Number of an entry's cell among all places of the grid. */
static size_t place_of(const struct rit_scan *scan, const struct rit_aging_entry *entry)
{
    size_t at = 0, width = 0;
    if (!scan)
        return 0;
    const struct rit_scan_line *line = &scan->line[entry->line];
    for (int a = 0; a < scan->axes; a++)
        at = at * (size_t)scan->axis[a].n + (size_t)line->place[a];
    while (scan->width[width] != line->width[entry->cell])
        width++;
    return at * (size_t)scan->widths + width;
}

void rit_aging_sheet_add(const struct rit_aging_sheet *sheet, struct rit_gridded *gridded)
{
    if (sheet->entries == 0)
        return;
    rit_gridded_add_attribute(gridded, "aging_lowest", true, "%.10g", sheet->options.lowest);
    rit_gridded_add_attribute(gridded, "aging_resamples", true, "%d", sheet->options.bootstrap.resamples);
    rit_gridded_add_coordinate(gridded, "waiting_time", "tau", sheet->waits, sheet->waiting, NULL);
    rit_gridded_add_coordinate(gridded, "lag", "tau", sheet->lags, sheet->lag, NULL);
    rit_gridded_add_coordinate(gridded, "mu", "1", RIT_MU_STEPS, sheet->mu, NULL);
    rit_gridded_add_coordinate(gridded, "form", NULL, RIT_FORMS, NULL, forms);
    rit_gridded_add_coordinate(gridded, "family", NULL, RIT_FAMILIES, NULL, families);
    for (size_t v = 0; v < sizeof variables / sizeof variables[0]; v++) {
        struct shape shape = shape_of(sheet, variables[v].over);
        double *value = malloc((shape.cells * shape.inner + 1) * sizeof *value);
        RIT_CHECK(value != NULL);
        for (size_t i = 0; i < shape.cells * shape.inner; i++)
            value[i] = NAN;
        for (int e = 0; e < sheet->entries; e++) {
            size_t at = place_of(sheet->scan, &sheet->entry[e]) * shape.inner;
            for (size_t i = 0; i < shape.inner; i++)
                value[at + i] = variables[v].get(&sheet->entry[e], (int)i);
        }
        struct rit_gridded_array *array =
            rit_gridded_add_array(gridded, variables[v].name, variables[v].unit, variables[v].meaning,
                                  shape.dims, shape.dim, shape.length, value);
        array->flags = variables[v].get == get_verdict ? verdicts : NULL;
        free(value);
    }
}
