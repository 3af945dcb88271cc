/* SPDX-License-Identifier: GPL-3.0-or-later */
/** An analysis as text: Markdown tables for people, JSON for programs. */
#ifndef RITARDANDO_PHASE_REPORT_H
#define RITARDANDO_PHASE_REPORT_H

#include "base/pack.h"
#include "phase/analysis.h"

/**
 * Tables of critical widths, of their limit of small thresholds, of growth and capacity, and of learning
 * times by depth, which also read well as plain text; with `cells`, also medians and decays of every width.
 */
void rit_report_tables(const struct rit_analysis *analysis, bool cells, struct rit_buffer *out);

/** What xarray.Dataset.from_dict takes: {"coords", "data_vars", "attrs"}. NaN and infinities are null. */
void rit_report_json(const struct rit_analysis *analysis, struct rit_buffer *out);

/**
 * "10.41 +0.05 -0.06": two digits of the smaller error. Without errors "10.41", with an open side "+inf" or
 * "-inf"; "-" if there is no value. Returns `out`.
 */
char *rit_estimate_print(struct rit_estimate e, char *out, size_t size);

#endif
