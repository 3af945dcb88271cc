/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The aging analysis of all cells of a dataset: sets of runs that differ in their seed only. Diverged and
 * failed runs are left out and counted.
 */
#ifndef RITARDANDO_PHASE_AGING_SHEET_H
#define RITARDANDO_PHASE_AGING_SHEET_H

#include <ritardando/status.h>

#include "base/pack.h"
#include "phase/aging_cell.h"
#include "phase/gridded.h"
#include "phase/scan.h"

struct rit_aging_entry {
    int line, cell;    /* in the scan */
    int left_out;      /* diverged runs */
    const double *lag; /* [waits][lags] lags at which steps were made; borrowed */
    struct rit_aging_cell fit;
};

struct rit_aging_sheet {
    const struct rit_scan *scan; /* borrowed; NULL for a single entry that is no cell of a dataset */
    struct rit_aging_options options;
    int waits, lags;
    const double *waiting, *lag; /* [waits], [lags]: the coordinates; borrowed */
    double mu[RIT_MU_STEPS];     /* where profiles of S are known */
    int entries;                 /* 0: the dataset holds no aging */
    struct rit_aging_entry *entry;
};

/**
 * Analyse Delta of class "all" in every cell of a scan. A dataset without aging is no error. RIT_BAD_INPUT if
 * its points do not share their waiting times and lags. The caller releases `sheet` in any case.
 */
enum rit_status rit_aging_sheet_make(const struct rit_scan *scan, const struct rit_aging_options *options,
                                     struct rit_aging_sheet *sheet, struct rit_error *err);
/** A sheet of one entry that is no cell of a dataset. Borrows everything, owns nothing. */
struct rit_aging_sheet rit_aging_sheet_of(struct rit_aging_entry *entry, const struct rit_aging_runs *runs,
                                          const double *lag, const struct rit_aging_options *options);
void rit_aging_sheet_release(struct rit_aging_sheet *sheet);

/** Tables to read and paste; nothing for a sheet without entries. */
void rit_aging_sheet_print(const struct rit_aging_sheet *sheet, struct rit_buffer *out);

/**
 * Add the analysis to gridded arrays: variables aging_* over the axes and width, and over waiting_time, lag,
 * mu, form or family; docs/aging.md lists them. Coordinates are borrowed from the sheet.
 */
void rit_aging_sheet_add(const struct rit_aging_sheet *sheet, struct rit_gridded *gridded);

#endif
