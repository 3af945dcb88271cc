/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/outlook/outlook.h"

#include <ritardando/model.h>

#include "cli/stored/stored.h"
#include "phase/analysis.h"
#include "phase/report.h"
#include "phase/table.h"
#include "store/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_RESAMPLES = 200 };

struct outlook {
    const struct rit_config *config;
    const struct rit_roster *roster;
    const struct rit_results *results;
    const struct rit_scan *scan;
};

/* Whether the point has the value of this place of the axis. */
static bool at_place(const struct rit_scan *scan, int axis, int place, const struct rit_point *point)
{
    const struct rit_array *array = rit_dataset_find(scan->dataset, scan->axis[axis].name);
    int index = rit_param_find(point->registry, array->parameter);
    if (index < 0)
        return false;
    bool missing =
        scan->axis[axis].text ? !scan->axis[axis].text[place][0] : isnan(scan->axis[axis].number[place]);
    if (missing || !rit_param_applies(point, index))
        return missing && !rit_param_applies(point, index);
    char value[RIT_MAX_TEXT], wanted[RIT_MAX_TEXT];
    rit_value_print(point->registry->param[index], &point->value[index], value, sizeof value);
    if (scan->axis[axis].text)
        return strcmp(value, scan->axis[axis].text[place]) == 0;
    snprintf(wanted, sizeof wanted, "%.17g", scan->axis[axis].number[place]);
    return strtod(value, NULL) == strtod(wanted, NULL);
}

/* Points of the plan on this line without a result: those in all, and those with widths in [low, high]. */
static void count_missing(const struct outlook *o, const struct rit_scan_line *line, double low, double high,
                          int *all, int *within)
{
    *all = *within = 0;
    for (int p = 0; p < o->roster->count; p++) {
        if (rit_results_find(o->results, &o->roster->identity[p]))
            continue;
        struct rit_point point;
        rit_plan_point(o->config, o->roster->plan[p], &point);
        bool here = true;
        for (int a = 0; a < o->scan->axes && here; a++)
            here = at_place(o->scan, a, line->place[a], &point);
        if (!here)
            continue;
        double width = rit_model_size(&point);
        ++*all;
        *within += low <= width && width <= high;
    }
}

/* The lowest width of the window at which a run learned; these runs decide N_c. */
static double deciding_width(const struct rit_scan_line *line, int threshold)
{
    for (int c = 0; c < line->finite; c++)
        for (int r = line->start[c]; r < line->start[c + 1]; r++)
            if (!line->life[threshold][r].censored)
                return line->width[c];
    return NAN;
}

static void advice_cell(const struct outlook *o, const struct rit_scan_line *line,
                        const struct rit_critical *c, int threshold, struct rit_table *table)
{
    int all, within;
    double decides = deciding_width(line, threshold);
    count_missing(o, line, c->window_low, c->window_high, &all, &within);
    if (c->known == RIT_KNOWN_VALUE && within > 0)
        rit_table_cell(table, "%d missing point%s from %g to %g", within, within > 1 ? "s" : "",
                       c->window_low, c->window_high);
    else if (all > 0)
        rit_table_cell(table, "%d missing point%s", all, all > 1 ? "s" : "");
    else if (c->known == RIT_KNOWN_NEVER)
        rit_table_cell(table, "more memory");
    else if (c->known == RIT_KNOWN_ABOVE)
        rit_table_cell(table, "widths above %g, or a longer stop.tau", c->critical.low);
    else if (c->known == RIT_KNOWN_BELOW || !c->bracketed)
        rit_table_cell(table, "widths below %g", c->window_low);
    else if (c->known == RIT_KNOWN_BETWEEN)
        rit_table_cell(table, "more widths above %g", c->critical.low);
    else
        rit_table_cell(table, "more seeds at width %g", decides);
}

static void estimate_cell(const struct rit_critical *c, struct rit_table *table)
{
    char text[RIT_ESTIMATE_TEXT];
    switch (c->known) {
    case RIT_KNOWN_NOTHING:
        rit_table_cell(table, "-");
        break;
    case RIT_KNOWN_NEVER:
        rit_table_cell(table, "none can learn");
        break;
    case RIT_KNOWN_VALUE:
        rit_table_cell(table, "%s", rit_estimate_print(c->critical, text, sizeof text));
        break;
    case RIT_KNOWN_BELOW:
    case RIT_KNOWN_EDGE:
        rit_table_cell(table, "< %g", c->critical.high);
        break;
    case RIT_KNOWN_ABOVE:
        rit_table_cell(table, "> %g", c->critical.low);
        break;
    case RIT_KNOWN_BETWEEN:
        rit_table_cell(table, "%g .. %g", c->critical.low, c->critical.high);
        break;
    }
}

static void print(const struct outlook *o, const struct rit_analysis *analysis, struct rit_buffer *out)
{
    const struct rit_scan *scan = o->scan;
    struct rit_table table = {0};
    static const char *const heads[] = {"line", "eps", "N_c so far", "runs", "learned", "would help most"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        rit_table_head(&table, "%s", heads[i]);
    for (int l = 0; l < scan->lines; l++) {
        int t = 0;
        while (t < scan->thresholds && analysis->line[l].transition.at[t].known != RIT_KNOWN_VALUE)
            t++;
        t = t < scan->thresholds ? t : 0;
        const struct rit_critical *c = &analysis->line[l].transition.at[t];
        char label[RIT_SCAN_LABEL];
        rit_scan_label(scan, &scan->line[l], label, sizeof label);
        rit_table_cell(&table, "%s", label);
        rit_table_cell(&table, "%g", scan->eps[t]);
        estimate_cell(c, &table);
        rit_table_cell(&table, "%d", c->runs);
        rit_table_cell(&table, "%d", c->learned);
        advice_cell(o, &scan->line[l], c, t, &table);
    }
    rit_table_print(&table, "Critical widths so far", out);
}

enum rit_status rit_outlook_print(const struct rit_config *config, const struct rit_roster *roster,
                                  const struct rit_results *results, struct rit_buffer *out,
                                  struct rit_error *err)
{
    struct rit_dataset dataset;
    if (rit_plan_grows(config) && strcmp(rit_plan_refined(config)->key, "model.width") != 0)
        return RIT_OK; /* what it says of its own axis is sweep/refinement.h's to tell */
    RIT_TRY(rit_stored_as_dataset(config, roster, results, rit_learning_only, &dataset, err));
    enum rit_status status = RIT_OK;
    if (dataset.points > 0 && rit_dataset_find(&dataset, "learning_time")) {
        struct rit_scan scan;
        status = rit_scan_make(&dataset, NULL, &scan, err);
        if (status == RIT_OK) {
            struct rit_analysis analysis;
            struct rit_analysis_options options = rit_analysis_defaults();
            options.resamples = FEW_RESAMPLES;
            rit_analysis_make(&scan, &options, &analysis);
            print(&(struct outlook){config, roster, results, &scan}, &analysis, out);
            rit_analysis_release(&analysis);
        }
        rit_scan_release(&scan);
    }
    rit_dataset_release(&dataset);
    return status;
}
