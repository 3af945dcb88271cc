/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Results whose records in a journal are damaged, taken from the dataset that shows them. */
#ifndef RITARDANDO_SWEEP_SALVAGE_H
#define RITARDANDO_SWEEP_SALVAGE_H

#include "store/results.h"
#include "sweep/roster.h"

/**
 * Append to `journal`, which is file number `own` of `results`, every point of the roster that
 * RUN/phase-diagram.h5 has and the results have not, and add it to these; synced by the next
 * rit_journal_sync. Only what agrees with its content hash bit for bit counts. A dataset that cannot be read
 * has nothing.
 */
enum rit_status rit_salvage(const char *run, const struct rit_config *config, const struct rit_roster *roster,
                            struct rit_results *results, struct rit_journal *journal, int own,
                            struct rit_error *err);

#endif
