/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The aging analysis as Markdown tables. */
#include "phase/aging_sheet.h"
#include "phase/report.h"
#include "phase/table.h"

#include <math.h>
#include <stdio.h>

static void heads(const struct rit_scan *scan, struct rit_table *table)
{
    if (!scan)
        return;
    rit_report_line_heads(scan, table);
    rit_table_head(table, "%s", scan->size);
}

static void place_cells(const struct rit_scan *scan, const struct rit_aging_entry *entry,
                        struct rit_table *table)
{
    if (!scan)
        return;
    rit_report_line_cells(scan, entry->line, table);
    rit_table_cell(table, "%g", scan->line[entry->line].width[entry->cell]);
}

static void number_cell(double x, struct rit_table *table)
{
    if (isnan(x))
        rit_table_cell(table, "-");
    else
        rit_table_cell(table, fabs(x) < 1e4 ? "%.*f" : "%.*e", fabs(x) < 100.0 ? 2 : 0, x);
}

static void estimate_cell(struct rit_estimate e, struct rit_table *table)
{
    char text[RIT_ESTIMATE_TEXT];
    rit_table_cell(table, "%s", rit_estimate_print(e, text, sizeof text));
}

static bool is_number(enum rit_aging_verdict verdict)
{
    return verdict == RIT_AGING_FOUND || verdict == RIT_AGING_UNSURE;
}

/* mu, or in a word why there is none. */
static void mu_cell(const struct rit_aging_form_fit *fit, struct rit_table *table)
{
    static const char *const word[] = {
        [RIT_AGING_NOTHING] = "no runs",           [RIT_AGING_FEW_RUNS] = "few runs",
        [RIT_AGING_FEW_CURVES] = "few curves",     [RIT_AGING_FEW_POINTS] = "few points",
        [RIT_AGING_UNDETERMINED] = "undetermined", [RIT_AGING_NONE] = "no aging",
        [RIT_AGING_NO_SCATTER] = "no scatter",     [RIT_AGING_NO_COLLAPSE] = "no collapse"};
    if (is_number(fit->verdict))
        estimate_cell(fit->mu, table);
    else
        rit_table_cell(table, "%s", word[fit->verdict]);
}

static void print_collapse(const struct rit_aging_sheet *sheet, struct rit_buffer *out)
{
    struct rit_table table = {0};
    heads(sheet->scan, &table);
    rit_table_keys(&table);
    static const char *const names[] = {"runs", "curves",     "points", "S(t)", "S(t/tw)",  "mu",
                                        "S",    "mu, b free", "b",      "S ",   "mu of xi", "S  "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rit_table_head(&table, "%s", names[i]);
    for (int e = 0; e < sheet->entries; e++) {
        const struct rit_aging_cell *fit = &sheet->entry[e].fit;
        place_cells(sheet->scan, &sheet->entry[e], &table);
        rit_table_cell(&table, "%d", fit->runs);
        rit_table_cell(&table, "%d", fit->curves);
        rit_table_cell(&table, "%d", fit->points);
        number_cell(fit->none, &table);
        number_cell(fit->simple, &table);
        for (int f = 0; f < RIT_FORMS; f++) {
            mu_cell(&fit->form[f], &table);
            if (f == RIT_FORM_MU_B && is_number(fit->form[f].verdict))
                estimate_cell(fit->form[f].b, &table);
            else if (f == RIT_FORM_MU_B)
                rit_table_cell(&table, "-");
            number_cell(fit->form[f].quality, &table);
        }
    }
    rit_table_print(&table, "Aging: collapse of Delta", out);
}

static void print_families(const struct rit_aging_sheet *sheet, struct rit_buffer *out)
{
    struct rit_table table = {0};
    heads(sheet->scan, &table);
    rit_table_head(&table, "form");
    rit_table_keys(&table);
    static const char *const names[] = {"A", "a", "rms", "AICc - best"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rit_table_head(&table, "%s", names[i]);
    for (int e = 0; e < sheet->entries; e++) {
        const struct rit_aging_cell *fit = &sheet->entry[e].fit;
        for (int f = 0; f < RIT_FAMILIES && fit->best_family >= 0; f++) {
            place_cells(sheet->scan, &sheet->entry[e], &table);
            rit_table_cell(&table, "%s", rit_family_formula[f]);
            estimate_cell(fit->amplitude[f], &table);
            estimate_cell(fit->exponent[f], &table);
            number_cell(fit->family[f].rms, &table);
            rit_table_cell(&table, "%.1f", fit->family[f].aicc - fit->family[fit->best_family].aicc);
        }
    }
    rit_table_print(&table, "Aging: forms of Delta as a function of t/tw", out);
}

/* Why there is no number, in whole sentences, each once. */
static void print_reasons(const struct rit_aging_sheet *sheet, struct rit_buffer *out)
{
    for (int v = 0; v < RIT_AGING_VERDICTS; v++) {
        int found = 0;
        for (int e = 0; e < sheet->entries; e++)
            for (int f = 0; f < RIT_FORMS; f++)
                found += (int)sheet->entry[e].fit.form[f].verdict == v;
        if (found > 0 && v != RIT_AGING_FOUND)
            rit_buffer_printf(out, "- %s.\n", rit_aging_sentence((enum rit_aging_verdict)v));
    }
    int left_out = 0;
    for (int e = 0; e < sheet->entries; e++)
        left_out += sheet->entry[e].left_out;
    if (left_out > 0)
        rit_buffer_printf(out, "- %d diverged run%s left out.\n", left_out, left_out == 1 ? "" : "s");
}

void rit_aging_sheet_print(const struct rit_aging_sheet *sheet, struct rit_buffer *out)
{
    if (sheet->entries == 0)
        return;
    const struct rit_analysis_options *options = &sheet->options.bootstrap;
    print_collapse(sheet, out);
    rit_buffer_printf(
        out,
        "S is the quality of the collapse, about 1 where curves of different waiting times agree within "
        "their\nerrors: without rescaling, S(t); as functions of t/tw; of t/tw^mu; of t/tw^mu with "
        "Delta tw^-b; and of\nxi = [(tw+t)^(1-mu) - tw^(1-mu)]/(1-mu). Lags t >= %g tw. Intervals of "
        "%.4g %%, %d resamples of whole runs,\nkey %llu.\n",
        sheet->options.lowest, 100.0 * options->level, options->resamples, (unsigned long long)options->key);
    print_reasons(sheet, out);
    rit_buffer_printf(out, "\n");
    print_families(sheet, out);
}
