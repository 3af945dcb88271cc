/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/analysis.h"

#include "phase/floor.h"
#include "phase/mirror.h"
#include "phase/trend.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_POINTS = 8 };

static void *new_array(size_t n, size_t size)
{
    void *p = calloc(n + 1, size);
    RIT_CHECK(p != NULL);
    return p;
}

struct rit_analysis_options rit_analysis_defaults(void)
{
    return (struct rit_analysis_options){.level = 0.6827, .resamples = 1000, .key = 1, .reach = 2.0};
}

/* Entry of a variable (point) or NaN. */
static double entry(const struct rit_dataset *dataset, const char *name, size_t row)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->dims == 1 && array->value ? array->value[row] : NAN;
}

/* ---- the cells ---- */

static void fill_times(const struct rit_scan *scan, const struct rit_scan_line *line, int c, double level,
                       struct rit_cell *cell)
{
    struct rit_lifetime *life = new_array((size_t)cell->runs, sizeof *life);
    cell->learned = new_array((size_t)scan->thresholds, sizeof *cell->learned);
    cell->median = new_array((size_t)scan->thresholds, sizeof *cell->median);
    cell->waited = new_array((size_t)scan->thresholds, sizeof *cell->waited);
    for (int t = 0; t < scan->thresholds; t++) {
        cell->waited[t] = NAN;
        for (int r = 0; r < cell->runs; r++) {
            life[r] = line->life[t][line->start[c] + r];
            cell->learned[t] += !life[r].censored;
            if (life[r].censored)
                cell->waited[t] = fmin(cell->waited[t], life[r].tau); /* fmin passes over the NaN */
        }
        cell->median[t] = rit_survival_median(life, cell->runs, level);
    }
    free(life);
}

/* What keeps those runs of a cell that did not learn. */
static void fill_bars(const struct rit_scan *scan, const struct rit_scan_line *line, int c,
                      struct rit_cell *cell)
{
    const struct rit_dataset *dataset = scan->dataset;
    cell->never = new_array((size_t)scan->thresholds, sizeof *cell->never);
    cell->stuck = new_array((size_t)scan->thresholds, sizeof *cell->stuck);
    cell->slow = new_array((size_t)scan->thresholds, sizeof *cell->slow);
    cell->floor_one_row = cell->floor_network = NAN;
    for (int r = line->start[c]; r < line->start[c + 1]; r++) {
        cell->floor_one_row = fmin(cell->floor_one_row, rit_floor_of_one_row(dataset, line->row[r]));
        cell->floor_network = fmin(cell->floor_network, rit_floor_of_network(dataset, line->row[r]));
        for (int t = 0; t < scan->thresholds; t++) {
            if (!line->life[t][r].censored)
                continue;
            enum rit_bar bar = rit_floor_bar(dataset, line->row[r], scan->eps[t]);
            cell->never[t] += bar == RIT_BAR_NEVER;
            cell->stuck[t] += bar == RIT_BAR_STUCK;
            cell->slow[t] += bar == RIT_BAR_SLOW;
        }
    }
}

/* Where no run learned and none can, a bound on widths is no answer. */
static void mark_never(const struct rit_scan *scan, const struct rit_scan_line *line,
                       struct rit_line_result *result)
{
    for (int t = 0; t < scan->thresholds; t++) {
        struct rit_critical *at = &result->transition.at[t];
        int never = 0;
        for (int c = 0; c < line->finite; c++)
            never += result->cell[c].never[t];
        if (at->known == RIT_KNOWN_ABOVE && never == line->start[line->finite]) {
            at->known = RIT_KNOWN_NEVER;
            at->critical = rit_estimate_none();
        }
    }
}

static void fill_decay(const struct rit_scan *scan, const struct rit_scan_line *line, int c, double level,
                       struct rit_cell *cell)
{
    const struct rit_array *nll = rit_dataset_find(scan->dataset, "nll"),
                           *tau = rit_dataset_find(scan->dataset, "nll_tau");
    cell->power = cell->exponent = cell->asymptote = rit_estimate_none();
    if (!nll || !tau || nll->dims != 2 || tau->count != nll->count)
        return;
    double *power = new_array(3 * (size_t)cell->runs, sizeof *power), *exponent = power + cell->runs,
           *asymptote = exponent + cell->runs;
    enum rit_decay_window *window = new_array((size_t)cell->runs, sizeof *window);
    int *first = new_array(2 * (size_t)cell->runs, sizeof *first), *last = first + cell->runs;
    int powers = 0, decays = 0, count[3] = {0}, n = (int)nll->length[1];
    const size_t *row = line->row + line->start[c];
    for (int r = 0; r < cell->runs; r++) {
        size_t at = row[r] * (size_t)n;
        window[r] = rit_decay_window(n, tau->value + at, nll->value + at, RIT_DECAY_LOW, RIT_DECAY_HIGH,
                                     LEAST_POINTS, &first[r], &last[r]);
        count[window[r]]++;
    }
    /* Runs of one cell are compared in one kind of window, that of most of them. */
    cell->window = count[RIT_DECAY_BAND] + count[RIT_DECAY_LATE] == 0 ? RIT_DECAY_NONE
                   : count[RIT_DECAY_BAND] >= count[RIT_DECAY_LATE]   ? RIT_DECAY_BAND
                                                                      : RIT_DECAY_LATE;
    for (int r = 0; r < cell->runs; r++) {
        size_t at = row[r] * (size_t)n;
        if (window[r] == RIT_DECAY_NONE || window[r] != cell->window)
            continue;
        struct rit_decay pure = rit_decay_fit(first[r], last[r], tau->value + at, nll->value + at, true);
        if (cell->window == RIT_DECAY_BAND && pure.found)
            power[powers++] = pure.exponent;
        struct rit_decay fit = rit_decay_fit(first[r], last[r], tau->value + at, nll->value + at, false);
        if (fit.found) {
            exponent[decays] = fit.exponent;
            asymptote[decays++] = fit.asymptote;
        }
    }
    cell->decays = decays;
    cell->power = rit_estimate_mean(power, powers, level);
    cell->exponent = rit_estimate_mean(exponent, decays, level);
    cell->asymptote = rit_estimate_mean(asymptote, decays, level);
    free(power);
    free(window);
    free(first);
}

static void fill_cells(const struct rit_scan *scan, const struct rit_scan_line *line, double level,
                       struct rit_line_result *result)
{
    result->cell = new_array((size_t)line->cells, sizeof *result->cell);
    for (int c = 0; c < line->cells; c++) {
        struct rit_cell *cell = &result->cell[c];
        cell->runs = line->start[c + 1] - line->start[c];
        cell->pairs = cell->outputs = cell->weights = NAN;
        if (cell->runs > 0) {
            cell->pairs = entry(scan->dataset, "pairs", line->row[line->start[c]]);
            cell->outputs = entry(scan->dataset, "outputs", line->row[line->start[c]]);
            cell->weights = entry(scan->dataset, "weights", line->row[line->start[c]]);
        }
        fill_times(scan, line, c, level, cell);
        fill_bars(scan, line, c, cell);
        fill_decay(scan, line, c, level, cell);
    }
}

/* ---- capacity: output bits per weight ---- */

double rit_analysis_weights(const struct rit_scan_line *line, const struct rit_line_result *result,
                            double width)
{
    int known[3], n = 0; /* first, middle and last recorded widths: the farthest apart */
    int recorded = 0, seen = 0;
    for (int c = 0; c < line->finite; c++)
        recorded += !isnan(result->cell[c].weights);
    for (int c = 0; c < line->finite && recorded >= 3; c++) {
        if (isnan(result->cell[c].weights))
            continue;
        if (seen == 0 || seen == recorded / 2 || seen == recorded - 1)
            known[n++] = c;
        seen++;
    }
    if (recorded < 3)
        return NAN;
    double sum = 0.0;
    for (int i = 0; i < 3; i++) {
        double term = result->cell[known[i]].weights;
        for (int j = 0; j < 3; j++)
            if (j != i)
                term *= (width - line->width[known[j]]) / (line->width[known[i]] - line->width[known[j]]);
        sum += term;
    }
    return sum;
}

/* Bits that are asked of every network of the line; NaN where they differ, or no network has other weights.
 */
static double asked_of(const struct rit_scan_line *line, const struct rit_cell *cell)
{
    double asked = NAN;
    bool grows = line->cells < 2;
    for (int c = 0; c < line->cells; c++) {
        double here = cell[c].pairs * cell[c].outputs;
        if (!isnan(asked) && !isnan(here) && here != asked)
            return NAN;
        asked = isnan(asked) ? here : asked;
        grows = grows || cell[c].weights != cell[0].weights;
    }
    return grows ? asked : NAN;
}

/* More weights at a larger N_c: the limits change places. */
static void fill_capacity(const struct rit_scan *scan, const struct rit_scan_line *line,
                          struct rit_line_result *result)
{
    result->capacity = new_array((size_t)scan->thresholds, sizeof *result->capacity);
    double asked = asked_of(line, result->cell);
    for (int t = 0; t < scan->thresholds; t++) {
        const struct rit_critical *at = &result->transition.at[t];
        result->capacity[t] = rit_estimate_none();
        if (at->known != RIT_KNOWN_VALUE || isnan(asked))
            continue;
        result->capacity[t].value = asked / rit_analysis_weights(line, result, at->critical.value);
        result->capacity[t].low = asked / rit_analysis_weights(line, result, at->critical.high);
        result->capacity[t].high = asked / rit_analysis_weights(line, result, at->critical.low);
    }
}

/* ---- growth with the number of chorales ---- */

static bool same_family(const struct rit_scan *scan, int chorales, int a, int b)
{
    for (int i = 0; i < scan->axes; i++)
        if (i != chorales && scan->line[a].place[i] != scan->line[b].place[i])
            return false;
    return true;
}

static void find_families(struct rit_analysis *a)
{
    const struct rit_scan *scan = a->scan;
    int chorales = rit_scan_axis_find(scan, "chorales");
    a->family = new_array((size_t)scan->lines, sizeof *a->family);
    for (int l = 0; l < scan->lines && chorales >= 0; l++) {
        int first = 0;
        while (!same_family(scan, chorales, first, l))
            first++;
        a->family[l] = first == l ? a->families++ : a->family[first];
    }
}

/* log N_c = log b + s log P, weighted by the errors of log N_c; lines share no runs, so that these are all
 * there is to know. */
static void fit_growth(const struct rit_analysis *a, int family, int threshold, struct rit_growth *growth)
{
    const struct rit_scan *scan = a->scan;
    const struct rit_scan_axis *axis = &scan->axis[rit_scan_axis_find(scan, "chorales")];
    int n = 0, lines = scan->lines;
    double *x = new_array(3 * (size_t)lines, sizeof *x), *y = x + lines, *error = y + lines;
    for (int l = 0; l < lines; l++) {
        const struct rit_critical *at = &a->line[l].transition.at[threshold];
        /* Every line has been analysed: NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        if (a->family[l] != family || at->known != RIT_KNOWN_VALUE || !(at->error > 0.0))
            continue;
        x[n] = log(axis->number[scan->line[l].place[axis - scan->axis]]);
        y[n] = log(at->critical.value);
        error[n++] = at->error / at->critical.value;
    }
    *growth = (struct rit_growth){n, rit_estimate_none(), rit_estimate_none()};
    struct rit_trend trend = rit_trend_fit(n, x, y, error);
    if (trend.points >= 3) {
        double z = gsl_cdf_ugaussian_Pinv(0.5 + 0.5 * a->options.level);
        double b = exp(trend.intercept), factor = exp(z * trend.intercept_error),
               half = z * trend.slope_error;
        growth->prefactor = (struct rit_estimate){b, b / factor, b * factor};
        growth->power = (struct rit_estimate){trend.slope, trend.slope - half, trend.slope + half};
    }
    free(x);
}

static void find_transition(const struct rit_scan *scan, int l, const struct rit_analysis_options *options,
                            struct rit_transition *transition)
{
    const struct rit_scan_line *line = &scan->line[l];
    if (!options->below) {
        rit_transition_analyse(line->finite, line->width, line->start, scan->thresholds, scan->eps,
                               (const struct rit_lifetime *const *)line->life, options, (uint64_t)l,
                               transition);
        return;
    }
    struct rit_mirrored m;
    rit_mirror_make(line, scan->thresholds, options->mirror, &m);
    rit_transition_analyse(m.cells, m.width, m.start, scan->thresholds, scan->eps,
                           (const struct rit_lifetime *const *)m.life, options, (uint64_t)l, transition);
    rit_mirror_release(&m, scan->thresholds);
    rit_mirror_back(options->mirror, transition);
}

void rit_analysis_make(const struct rit_scan *scan, const struct rit_analysis_options *options,
                       struct rit_analysis *a)
{
    *a = (struct rit_analysis){.scan = scan, .options = *options};
    a->line = new_array((size_t)scan->lines, sizeof *a->line);
    for (int l = 0; l < scan->lines; l++) {
        const struct rit_scan_line *line = &scan->line[l];
        find_transition(scan, l, options, &a->line[l].transition);
        fill_cells(scan, line, options->level, &a->line[l]);
        mark_never(scan, line, &a->line[l]);
        fill_capacity(scan, line, &a->line[l]);
        rit_approach_make(scan, line, options->level, a->line[l].approach);
    }
    find_families(a);
    a->growth = new_array((size_t)a->families * (size_t)scan->thresholds, sizeof *a->growth);
    for (int f = 0; f < a->families; f++)
        for (int t = 0; t < scan->thresholds; t++)
            fit_growth(a, f, t, &a->growth[f * scan->thresholds + t]);
}

void rit_analysis_release(struct rit_analysis *a)
{
    for (int l = 0; l < a->scan->lines; l++) {
        for (int c = 0; c < a->scan->line[l].cells; c++) {
            free(a->line[l].cell[c].learned);
            free(a->line[l].cell[c].median);
            free(a->line[l].cell[c].waited);
            free(a->line[l].cell[c].never);
            free(a->line[l].cell[c].stuck);
            free(a->line[l].cell[c].slow);
        }
        free(a->line[l].cell);
        free(a->line[l].capacity);
        rit_approach_release(a->line[l].approach);
        rit_transition_release(&a->line[l].transition);
    }
    free(a->line);
    free(a->family);
    free(a->growth);
    *a = (struct rit_analysis){0};
}
