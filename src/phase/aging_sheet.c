/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/aging_sheet.h"

#include <stdlib.h>
#include <string.h>

static void *new_array(size_t n, size_t size)
{
    void *p = calloc(n + 1, size);
    RIT_CHECK(p != NULL);
    return p;
}

/* The arrays of an aging measurement. */
struct measured {
    const struct rit_array *delta, *lag_tau, *end;
    size_t all; /* place of class "all" */
};

/* Place of the weight class "all". Datasets of older versions have numbers, of which it is the first. */
static size_t all_weights(const struct rit_dataset *dataset)
{
    const struct rit_array *class = rit_dataset_find(dataset, "weight_class");
    for (size_t i = 0; class && class->text && i < class->count; i++)
        if (strcmp(class->text[i], "all") == 0)
            return i;
    return 0;
}

static enum rit_status find_measured(struct rit_aging_sheet *sheet, struct measured *m, struct rit_error *err)
{
    const struct rit_dataset *dataset = sheet->scan->dataset;
    const struct rit_array *waiting = rit_dataset_find(dataset, "waiting_time"),
                           *lag = rit_dataset_find(dataset, "lag");
    m->lag_tau = rit_dataset_find(dataset, "lag_tau");
    m->end = rit_dataset_find(dataset, "end");
    m->all = all_weights(dataset);
    if (!waiting || !lag || waiting->dims != 1 || lag->dims != 1 || !m->lag_tau || !m->end ||
        m->delta->dims != 4 || m->delta->length[1] != waiting->count || m->delta->length[2] != lag->count ||
        waiting->count > RIT_MAX_LIST)
        return rit_fail(err, RIT_BAD_INPUT,
                        "aging: the points of the dataset do not share their waiting times and lags");
    sheet->waits = (int)waiting->count;
    sheet->lags = (int)lag->count;
    sheet->waiting = waiting->value;
    sheet->lag = lag->value;
    return RIT_OK;
}

/* Delta of all weights of one run. */
static void copy_delta(const struct rit_aging_sheet *sheet, const struct measured *m, size_t row, double *to)
{
    size_t n = (size_t)sheet->waits * (size_t)sheet->lags, classes = m->delta->length[3];
    for (size_t i = 0; i < n; i++)
        to[i] = m->delta->value[(row * n + i) * classes + m->all];
}

static void analyse_cell(struct rit_aging_sheet *sheet, const struct measured *m, int line_number, int cell)
{
    const struct rit_scan_line *line = &sheet->scan->line[line_number];
    struct rit_aging_entry *entry = &sheet->entry[sheet->entries];
    int first = line->start[cell], last = line->start[cell + 1];
    size_t n = (size_t)sheet->waits * (size_t)sheet->lags;
    double *value = new_array((size_t)(last - first) * n, sizeof *value);
    *entry = (struct rit_aging_entry){
        .line = line_number, .cell = cell, .lag = m->lag_tau->value + line->row[first] * n};
    struct rit_aging_runs runs = {
        .waits = sheet->waits, .lags = sheet->lags, .waiting = sheet->waiting, .value = value};
    for (int r = first; r < last; r++) {
        if (m->end->value[line->row[r]] == RIT_END_DIVERGED) {
            entry->left_out++;
            continue;
        }
        /* rates do not depend on the seed: all these runs made their steps at the same times */
        if (runs.runs == 0)
            entry->lag = m->lag_tau->value + line->row[r] * n;
        copy_delta(sheet, m, line->row[r], value + (size_t)runs.runs++ * n);
    }
    runs.lag = entry->lag;
    rit_aging_analyse(&runs, &sheet->options, (uint64_t)sheet->entries++, &entry->fit);
    free(value);
}

static struct rit_aging_sheet new_sheet(const struct rit_scan *scan, const struct rit_aging_options *options)
{
    struct rit_aging_sheet sheet = {.scan = scan, .options = *options};
    for (int k = 0; k < RIT_MU_STEPS; k++)
        sheet.mu[k] = rit_mu_at(k);
    return sheet;
}

struct rit_aging_sheet rit_aging_sheet_of(struct rit_aging_entry *entry, const struct rit_aging_runs *runs,
                                          const double *lag, const struct rit_aging_options *options)
{
    struct rit_aging_sheet sheet = new_sheet(NULL, options);
    sheet.waits = runs->waits;
    sheet.lags = runs->lags;
    sheet.waiting = runs->waiting;
    sheet.lag = lag;
    sheet.entries = 1;
    sheet.entry = entry;
    return sheet;
}

enum rit_status rit_aging_sheet_make(const struct rit_scan *scan, const struct rit_aging_options *options,
                                     struct rit_aging_sheet *sheet, struct rit_error *err)
{
    *sheet = new_sheet(scan, options);
    struct measured m = {.delta = rit_dataset_find(scan->dataset, "delta")};
    if (!m.delta || scan->lines == 0)
        return RIT_OK;
    RIT_TRY(find_measured(sheet, &m, err));
    int cells = 0;
    for (int l = 0; l < scan->lines; l++)
        cells += scan->line[l].cells;
    sheet->entry = new_array((size_t)cells, sizeof *sheet->entry);
    for (int l = 0; l < scan->lines; l++)
        for (int c = 0; c < scan->line[l].cells; c++)
            if (scan->line[l].start[c] < scan->line[l].start[c + 1])
                analyse_cell(sheet, &m, l, c);
    return RIT_OK;
}

void rit_aging_sheet_release(struct rit_aging_sheet *sheet)
{
    for (int e = 0; e < sheet->entries; e++)
        rit_aging_cell_release(&sheet->entry[e].fit);
    free(sheet->entry);
    *sheet = (struct rit_aging_sheet){0};
}
