/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What an unfinished sweep says so far about its critical widths, and what would make them tighter. */
#ifndef RITARDANDO_CLI_OUTLOOK_H
#define RITARDANDO_CLI_OUTLOOK_H

#include "base/pack.h"
#include "config/config.h"
#include "store/results.h"
#include "sweep/roster.h"

/**
 * One row per line of the phase diagram that has runs, at the lowest threshold with a value: N_c with an
 * interval of few resamples, and the missing points or further runs that would help. Nothing is printed for
 * runs without learning times.
 */
enum rit_status rit_outlook_print(const struct rit_config *config, const struct rit_roster *roster,
                                  const struct rit_results *results, struct rit_buffer *out,
                                  struct rit_error *err);

#endif
