/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/report.h"

#include "phase/edge.h"
#include "phase/gridded.h"
#include "phase/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *rit_estimate_print(struct rit_estimate e, char *out, size_t size)
{
    if (isnan(e.value)) {
        snprintf(out, size, "-");
        return out;
    }
    double up = e.high - e.value, down = e.low - e.value, smaller = INFINITY;
    if (isfinite(up) && up != 0.0)
        smaller = fabs(up);
    if (isfinite(down) && down != 0.0)
        smaller = fmin(smaller, fabs(down));
    if (isinf(smaller)) {
        snprintf(out, size, "%.4g", e.value);
        return out;
    }
    int digits = 1 - (int)floor(log10(smaller)); /* two of the smaller error */
    digits = digits < 0 ? 0 : digits > 9 ? 9 : digits;
    snprintf(out, size, "%.*f %+.*f %+.*f", digits, e.value, digits, up, digits, down == 0.0 ? -0.0 : down);
    return out;
}

/* ---- what all tables begin with ---- */

void rit_report_line_heads(const struct rit_scan *scan, struct rit_table *table)
{
    for (int a = 0; a < scan->axes; a++)
        rit_table_head(table, "%s", scan->axis[a].name);
}

static void axis_cell(const struct rit_scan_axis *axis, int i, struct rit_table *table)
{
    char value[RIT_SCAN_VALUE];
    rit_table_cell(table, "%s", rit_scan_value(axis, i, value));
}

void rit_report_line_cells(const struct rit_scan *scan, int line, struct rit_table *table)
{
    for (int a = 0; a < scan->axes; a++)
        axis_cell(&scan->axis[a], scan->line[line].place[a], table);
}

static void estimate_cell(struct rit_estimate e, struct rit_table *table)
{
    char text[RIT_ESTIMATE_TEXT];
    rit_table_cell(table, "%s", rit_estimate_print(e, text, sizeof text));
}

static void probability_cell(double p, struct rit_table *table)
{
    if (isnan(p))
        rit_table_cell(table, "-");
    else if (p < 1e-4)
        rit_table_cell(table, "<0.0001");
    else
        rit_table_cell(table, "%.2g", p);
}

/* ---- the tables ---- */

/* On one side of the border alone: on that of networks that learn, or on the other. */
static void bound_cell(const struct rit_critical *c, bool upper, const char *why, struct rit_table *table)
{
    rit_table_cell(table, "%s %g (%s)", upper ? "<" : ">", upper ? c->critical.high : c->critical.low, why);
}

static void critical_cell(const struct rit_critical *c, bool below, struct rit_table *table)
{
    switch (c->known) {
    case RIT_KNOWN_NOTHING:
        rit_table_cell(table, "no runs");
        break;
    case RIT_KNOWN_VALUE:
        estimate_cell(c->critical, table);
        break;
    case RIT_KNOWN_BELOW:
        bound_cell(c, !below, c->learned == c->runs ? "all learn" : "half or more learn", table);
        break;
    case RIT_KNOWN_ABOVE:
        bound_cell(c, below, "none learns", table);
        break;
    case RIT_KNOWN_BETWEEN:
        if (isfinite(c->critical.low) && isfinite(c->critical.high))
            rit_table_cell(table, "%g .. %g (few learn)", c->critical.low, c->critical.high);
        else if (isfinite(c->critical.high))
            rit_table_cell(table, "< %g (few learn)", c->critical.high);
        else if (isfinite(c->critical.low))
            rit_table_cell(table, "> %g (few learn)", c->critical.low);
        else
            rit_table_cell(table, "few learn");
        break;
    case RIT_KNOWN_EDGE:
        bound_cell(c, !below, below ? "just above" : "just below", table);
        break;
    case RIT_KNOWN_NEVER:
        rit_table_cell(table, "none can learn");
        break;
    }
}

static void print_critical(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    rit_report_line_heads(scan, &table);
    rit_table_head(&table, "eps");
    rit_table_keys(&table);
    static const char *const heads[] = {"N_c (z = 1)", "z",    "N_c (free z)", "N_c (straight)", "sigma",
                                        "window",      "runs", "learned",      "p(z = 1 law)",   "p(free z)"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        rit_table_head(&table, "%s", heads[i]);
    for (int l = 0; l < scan->lines; l++) {
        for (int t = 0; t < scan->thresholds; t++) {
            const struct rit_critical *c = &a->line[l].transition.at[t];
            rit_report_line_cells(scan, l, &table);
            rit_table_cell(&table, "%g", scan->eps[t]);
            critical_cell(c, a->options.below, &table);
            estimate_cell(c->exponent, &table);
            estimate_cell(c->free_critical, &table);
            estimate_cell(c->straight, &table);
            if (c->known == RIT_KNOWN_VALUE)
                rit_table_cell(&table, "%.3f", c->sigma);
            else
                rit_table_cell(&table, "-");
            rit_table_cell(&table, "%g..%g", c->window_low, c->window_high);
            rit_table_cell(&table, "%d", c->runs);
            rit_table_cell(&table, "%d", c->learned);
            probability_cell(c->lack_p, &table);
            probability_cell(c->exponent_p, &table);
        }
    }
    char title[RIT_SCAN_LABEL] = "Critical widths, 1/tau = a (N_h - N_c)^z";
    if (a->options.below)
        snprintf(title, sizeof title, "Critical %s N_c, 1/tau = a (N_c - %s)^z: learned below", scan->size,
                 scan->size);
    else if (strcmp(scan->size, "width") != 0)
        snprintf(title, sizeof title, "Critical %s N_c, 1/tau = a (%s - N_c)^z", scan->size, scan->size);
    rit_table_print(&table, title, out);
}

static void print_zero(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    rit_report_line_heads(scan, &table);
    rit_table_keys(&table);
    rit_table_head(&table, "N_c(0), linear in eps");
    rit_table_head(&table, "N_c(0), in sqrt(eps)");
    rit_table_head(&table, "-dN_c/deps");
    rit_table_head(&table, "thresholds");
    for (int l = 0; l < scan->lines; l++) {
        const struct rit_zero *zero = &a->line[l].transition.zero;
        if (isnan(zero->critical[RIT_ZERO_LINEAR].value))
            continue;
        rit_report_line_cells(scan, l, &table);
        estimate_cell(zero->critical[RIT_ZERO_LINEAR], &table);
        estimate_cell(zero->critical[RIT_ZERO_ROOT], &table);
        estimate_cell(zero->slope[RIT_ZERO_LINEAR], &table);
        rit_table_cell(&table, "%d", zero->points);
    }
    rit_table_print(&table, "Small thresholds, N_c(eps) extrapolated to eps = 0", out);
}

static bool any_capacity(const struct rit_analysis *a, int line)
{
    for (int t = 0; t < a->scan->thresholds; t++)
        if (!isnan(a->line[line].capacity[t].value))
            return true;
    return false;
}

static void print_capacity(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    rit_report_line_heads(scan, &table);
    rit_table_keys(&table);
    for (int t = 0; t < scan->thresholds; t++)
        rit_table_head(&table, "eps = %g", scan->eps[t]);
    for (int l = 0; l < scan->lines; l++) {
        if (!any_capacity(a, l))
            continue;
        rit_report_line_cells(scan, l, &table);
        for (int t = 0; t < scan->thresholds; t++)
            estimate_cell(a->line[l].capacity[t], &table);
    }
    if (table.columns > 0)
        rit_table_print(&table, "Capacity, output bits of the training block per weight at N_c", out);
}

static void print_growth(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    int chorales = rit_scan_axis_find(scan, "chorales");
    struct rit_table table = {0};
    for (int i = 0; i < scan->axes; i++)
        if (i != chorales)
            rit_table_head(&table, "%s", scan->axis[i].name);
    rit_table_head(&table, "eps");
    rit_table_keys(&table);
    rit_table_head(&table, "s");
    rit_table_head(&table, "b");
    rit_table_head(&table, "values of P");
    for (int f = 0; f < a->families; f++) {
        int first = 0;
        while (a->family[first] != f)
            first++;
        for (int t = 0; t < scan->thresholds; t++) {
            const struct rit_growth *growth = &a->growth[f * scan->thresholds + t];
            if (isnan(growth->power.value))
                continue;
            for (int i = 0; i < scan->axes; i++)
                if (i != chorales)
                    axis_cell(&scan->axis[i], scan->line[first].place[i], &table);
            rit_table_cell(&table, "%g", scan->eps[t]);
            estimate_cell(growth->power, &table);
            estimate_cell(growth->prefactor, &table);
            rit_table_cell(&table, "%d", growth->lines);
        }
    }
    rit_table_print(&table, "Growth with the number of chorales, N_c = b P^s", out);
}

/* What a cell of counts adds to those of its line. */
static void add_bars(const struct rit_cell *cell, int threshold, int count[4])
{
    count[0] += cell->learned[threshold];
    count[1] += cell->never[threshold];
    count[2] += cell->stuck[threshold];
    count[3] += cell->slow[threshold];
}

/* Thresholds that no predictor reaches which is told the last row alone. */
static void print_floors(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    static const char *const heads[] = {"floor of one row", "of the network", "learned", "never", "stuck",
                                        "too slow"};
    rit_report_line_heads(scan, &table);
    rit_table_head(&table, "eps");
    rit_table_keys(&table);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        rit_table_head(&table, "%s", heads[i]);
    for (int l = 0; l < scan->lines; l++) {
        const struct rit_cell *cell = a->line[l].cell;
        for (int t = 0; t < scan->thresholds; t++) {
            int count[4] = {0}, c = 0;
            while (c < scan->line[l].cells && !(scan->eps[t] < cell[c].floor_one_row))
                c++;
            if (c == scan->line[l].cells)
                continue;
            rit_report_line_cells(scan, l, &table);
            rit_table_cell(&table, "%g", scan->eps[t]);
            rit_table_cell(&table, "%.4f", cell[c].floor_one_row);
            rit_table_cell(&table, "%.4f", cell[c].floor_network);
            for (c = 0; c < scan->line[l].cells; c++)
                add_bars(&cell[c], t, count);
            for (int i = 0; i < 4; i++)
                rit_table_cell(&table, "%d", count[i]);
        }
    }
    rit_table_print(&table, "Thresholds below the floor of predictors that know the last row alone", out);
}

static void print_approach(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    rit_report_line_heads(scan, &table);
    rit_table_head(&table, "x");
    rit_table_keys(&table);
    static const char *const heads[] = {"p", "widths", "narrowest", "widest", "tau"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        rit_table_head(&table, "%s", heads[i]);
    for (int l = 0; l < scan->lines; l++)
        for (int i = 0; i < RIT_APPROACHES; i++) {
            const struct rit_approach *approach = &a->line[l].approach[i];
            if (approach->widths == 0)
                continue;
            int first = 0, last = scan->line[l].finite - 1;
            while (isnan(approach->value[first]))
                first++;
            while (isnan(approach->value[last]))
                last--;
            rit_report_line_cells(scan, l, &table);
            rit_table_cell(&table, "%s", rit_approach_names[i]);
            estimate_cell(approach->power, &table);
            rit_table_cell(&table, "%d", approach->widths);
            rit_table_cell(&table, "%.3g", approach->value[first]);
            rit_table_cell(&table, "%.3g", approach->value[last]);
            if (isnan(approach->tau))
                rit_table_cell(&table, "-");
            else
                rit_table_cell(&table, "%.4g", approach->tau);
        }
    rit_table_print(&table, "Approach to infinite width, x = b N_h^-p", out);
}

static void median_cell(const struct rit_cell *cell, int threshold, struct rit_table *table)
{
    if (cell->runs == 0)
        rit_table_cell(table, "no runs");
    else if (cell->never[threshold] == cell->runs)
        rit_table_cell(table, "never");
    else if (isinf(cell->median[threshold].value) && cell->stuck[threshold] > 0)
        rit_table_cell(table, "> %.4g (%d of %d, %d stuck)", cell->waited[threshold],
                       cell->learned[threshold], cell->runs, cell->stuck[threshold]);
    else if (isinf(cell->median[threshold].value))
        rit_table_cell(table, "> %.4g (%d of %d)", cell->waited[threshold], cell->learned[threshold],
                       cell->runs);
    else
        estimate_cell(cell->median[threshold], table);
}

/* The lines equal to `line` but for their depth, by place on the depth axis; -1 where there is none. */
static void same_but_depth(const struct rit_scan *scan, int depth, int line, int *found)
{
    for (int d = 0; d < scan->axis[depth].n; d++)
        found[d] = -1;
    for (int l = 0; l < scan->lines; l++) {
        bool same = true;
        for (int i = 0; i < scan->axes; i++)
            same = same && (i == depth || scan->line[l].place[i] == scan->line[line].place[i]);
        if (same)
            found[scan->line[l].place[depth]] = l;
    }
}

static int cell_of(const struct rit_scan_line *line, double width)
{
    for (int c = 0; c < line->cells; c++)
        if (line->width[c] == width)
            return c;
    return -1;
}

/* Widths that all (or most) depths have in common; of these the narrowest, the middle and the widest. */
static int common_widths(const struct rit_scan *scan, const int *line, int depths, double *chosen)
{
    double *common = malloc(((size_t)scan->widths + 1) * sizeof *common);
    RIT_CHECK(common != NULL);
    int n = 0;
    for (int w = 0; w < scan->widths; w++) {
        int with = 0;
        for (int d = 0; d < depths; d++)
            with += line[d] >= 0 && cell_of(&scan->line[line[d]], scan->width[w]) >= 0;
        if (with >= 2)
            common[n++] = scan->width[w];
    }
    int count = n < 3 ? n : 3;
    for (int i = 0; i < count; i++)
        chosen[i] = common[count < 3 ? i : i * (n - 1) / 2];
    free(common);
    return count;
}

static void print_depths(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    int depth = rit_scan_axis_find(scan, "depth");
    if (depth < 0)
        return;
    int depths = scan->axis[depth].n;
    int *line = malloc((size_t)depths * sizeof *line);
    RIT_CHECK(line != NULL);
    struct rit_table table = {0};
    for (int i = 0; i < scan->axes; i++)
        if (i != depth)
            rit_table_head(&table, "%s", scan->axis[i].name);
    rit_table_head(&table, "%s", scan->size);
    rit_table_head(&table, "eps");
    rit_table_keys(&table);
    for (int d = 0; d < depths; d++)
        rit_table_head(&table, "depth %g", scan->axis[depth].number[d]);
    for (int l = 0; l < scan->lines; l++) {
        same_but_depth(scan, depth, l, line);
        int first = 0;
        while (line[first] < 0)
            first++;
        if (line[first] != l) /* each set of depths once */
            continue;
        double width[3];
        int widths = common_widths(scan, line, depths, width);
        for (int w = 0; w < widths; w++) {
            for (int t = 0; t < scan->thresholds; t++) {
                for (int i = 0; i < scan->axes; i++)
                    if (i != depth)
                        axis_cell(&scan->axis[i], scan->line[l].place[i], &table);
                rit_table_cell(&table, "%g", width[w]);
                rit_table_cell(&table, "%g", scan->eps[t]);
                for (int d = 0; d < depths; d++) {
                    int c = line[d] < 0 ? -1 : cell_of(&scan->line[line[d]], width[w]);
                    if (c < 0)
                        rit_table_cell(&table, "-");
                    else
                        median_cell(&a->line[line[d]].cell[c], t, &table);
                }
            }
        }
    }
    rit_table_print(&table, "Median learning time tau by depth at fixed width", out);
    free(line);
}

static void print_cells(const struct rit_analysis *a, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    struct rit_table table = {0};
    static const char *const window[] = {"none", "band", "last decade"};
    rit_report_line_heads(scan, &table);
    rit_table_head(&table, "%s", scan->size);
    rit_table_keys(&table);
    rit_table_head(&table, "runs");
    for (int t = 0; t < scan->thresholds; t++)
        rit_table_head(&table, "tau(%g)", scan->eps[t]);
    rit_table_head(&table, "gamma");
    rit_table_head(&table, "gamma, c free");
    rit_table_head(&table, "c [bit]");
    rit_table_head(&table, "decay window");
    for (int l = 0; l < scan->lines; l++) {
        for (int c = 0; c < scan->line[l].cells; c++) {
            const struct rit_cell *cell = &a->line[l].cell[c];
            rit_report_line_cells(scan, l, &table);
            rit_table_cell(&table, "%g", scan->line[l].width[c]);
            rit_table_cell(&table, "%d", cell->runs);
            for (int t = 0; t < scan->thresholds; t++)
                median_cell(cell, t, &table);
            estimate_cell(cell->power, &table);
            estimate_cell(cell->exponent, &table);
            estimate_cell(cell->asymptote, &table);
            rit_table_cell(&table, "%s", window[cell->window]);
        }
    }
    rit_table_print(&table, "Cells: median learning times, and decay NLL = c + A tau^-gamma", out);
}

void rit_report_tables(const struct rit_analysis *a, bool cells, struct rit_buffer *out)
{
    const struct rit_scan *scan = a->scan;
    if (scan->lines == 0) {
        rit_buffer_printf(out, "The dataset has no runs yet: there is nothing to analyse.\n");
        return;
    }
    int runs = 0, failed = 0, diverged = 0;
    for (int l = 0; l < scan->lines; l++) {
        runs += scan->line[l].runs;
        failed += scan->line[l].failed;
        diverged += scan->line[l].diverged;
    }
    char rule[512];
    rit_window_rule(a, rule, sizeof rule);
    if (scan->dataset->points < scan->dataset->planned)
        rit_buffer_printf(out, "%zu of %zu points finished; what is missing says nothing yet.\n",
                          scan->dataset->points, scan->dataset->planned);
    rit_buffer_printf(
        out, "%d run%s in %d line%s; %d more failed and say nothing; %d diverged and count as censored.\n",
        runs, runs == 1 ? "" : "s", scan->lines, scan->lines == 1 ? "" : "s", failed, diverged);
    if (scan->thresholds > 0) {
        rit_buffer_printf(
            out,
            "Intervals: %.4g %%; N_c and z by their likelihood, others by %d resamples of whole "
            "runs, random key %llu.\n",
            100.0 * a->options.level, a->options.resamples, (unsigned long long)a->options.key);
        rit_buffer_printf(out, "Fit window: %s.\n", rule);
    }
    rit_edge_warn(scan->dataset, out);
    if (scan->followers > 0) {
        rit_buffer_printf(out, "Not axes, since they follow from the others:");
        for (int i = 0; i < scan->followers; i++)
            rit_buffer_printf(out, "%s %s", i ? "," : "", scan->follower[i]);
        rit_buffer_printf(out, ".\n");
    }
    rit_buffer_printf(out, "\n");
    print_critical(a, out);
    print_floors(a, out);
    print_zero(a, out);
    print_growth(a, out);
    print_capacity(a, out);
    print_depths(a, out);
    print_approach(a, out);
    if (cells)
        print_cells(a, out);
}
