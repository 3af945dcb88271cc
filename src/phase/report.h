/* SPDX-License-Identifier: GPL-3.0-or-later */
/** An analysis as Markdown tables for people. */
#ifndef RITARDANDO_PHASE_REPORT_H
#define RITARDANDO_PHASE_REPORT_H

#include "base/pack.h"
#include "phase/analysis.h"
#include "phase/table.h"

/**
 * Tables of critical widths, of their limit of small thresholds, of growth and capacity, and of learning
 * times by depth, which also read well as plain text; with `cells`, also medians and decays of every width.
 */
void rit_report_tables(const struct rit_analysis *analysis, bool cells, struct rit_buffer *out);

/**
 * "10.41 +0.05 -0.06": two digits of the smaller error; one sign each, whatever the numbers. Without errors
 * "10.41", with an open side "+inf" or
 * "-inf"; "-" if there is no value. Returns `out`.
 */
enum { RIT_ESTIMATE_TEXT = 64 };
char *rit_estimate_print(struct rit_estimate e, char *out, size_t size);

/** Heads and cells of the axes, with which tables begin. */
void rit_report_line_heads(const struct rit_scan *scan, struct rit_table *table);
void rit_report_line_cells(const struct rit_scan *scan, int line, struct rit_table *table);

#endif
