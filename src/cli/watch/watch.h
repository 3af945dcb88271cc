/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How a run stands, for other programs. */
#ifndef RITARDANDO_CLI_WATCH_H
#define RITARDANDO_CLI_WATCH_H

#include "base/pack.h"
#include "cli/bill/bill.h"
#include "cli/bill/idle.h"
#include "config/config.h"
#include "store/results.h"
#include "sweep/roster.h"

/**
 * One JSON object: points, ends, missing, the points in training, runs that reached each threshold, who holds
 * the run, and, if `left` is not NULL, the work that is left and how workers wait for its end; `refined` is
 * what rit_refinement_json says, empty for a plan that does not grow.
 */
enum rit_status rit_watch_json(const char *run, const struct rit_config *config,
                               const struct rit_roster *roster, const struct rit_results *results,
                               const struct rit_bill *left, const struct rit_buffer *refined,
                               struct rit_buffer *out, struct rit_error *err);

/** "Reached: 0.05 bit by 60 of 72 runs, 0.1 by 66." Nothing of runs without learning times. */
enum rit_status rit_watch_reached(const struct rit_config *config, const struct rit_roster *roster,
                                  const struct rit_results *results, struct rit_buffer *out,
                                  struct rit_error *err);

/** When workers of a run will wait; false if it is not running, or nobody knows how many they are. */
bool rit_watch_idle(const char *run, const struct rit_bill *left, double now, struct rit_idle *idle);

#endif
