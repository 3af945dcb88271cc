/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The runs of a dataset for other programs: one a row, with what differs between them and what came out. */
#ifndef RITARDANDO_CLI_LISTING_H
#define RITARDANDO_CLI_LISTING_H

#include "base/pack.h"
#include "store/reader.h"

/**
 * Columns: identity, the parameters that differ (and depth, width, chorales, seed), end, every result that is
 * one number, and learning_time_EPS for each threshold. A missing value is empty.
 */
void rit_listing_csv(const struct rit_dataset *dataset, struct rit_buffer *out);
/** The same as a JSON list of objects; a missing value is null. */
void rit_listing_json(const struct rit_dataset *dataset, struct rit_buffer *out);

#endif
