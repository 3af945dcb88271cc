/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A plan that grows from round to round. Each line is refined for itself: when all points of its last round
 * have come, sweep/strategy.h says what its cells shall be, and the points that are missing for it are added
 * to the plan. No line waits for another. What is asked depends on outcomes alone, so that any number of
 * ranks, and a start after a kill, which is told the results that there are, asks the same.
 */
#ifndef RITARDANDO_SWEEP_REFINEMENT_H
#define RITARDANDO_SWEEP_REFINEMENT_H

#include <ritardando/outcome.h>

#include "config/config.h"
#include "store/results.h"

struct rit_refinement;

/** Borrows the config, and adds to its plan. */
struct rit_refinement *rit_refinement_new(struct rit_config *config);
void rit_refinement_free(struct rit_refinement *refinement);

/** Point `index` of the plan has come to its end; `outcome` NULL: it failed. `operations` were made for it,
 * NAN where nobody knows. A point that is told twice is taken once, but what comes after a failure takes its
 * place. False if its line has gone on because of the failure, so that the plan is not that of the results.
 */
bool rit_refinement_tell(struct rit_refinement *refinement, int index, const struct rit_outcome *outcome,
                         double operations);
/** Add what lines ask for whose points have all come. Returns how many points that are. */
int rit_refinement_grow(struct rit_refinement *refinement);
/** Whether no line will ask for more. */
bool rit_refinement_is_over(const struct rit_refinement *refinement);
/** The point whose network this one trains longer, or -1. */
int rit_refinement_shorter(const struct rit_refinement *refinement, int index);

/** A line of text for each line of the plan and threshold: its border so far, and why it is enough. */
void rit_refinement_print(const struct rit_refinement *refinement, struct rit_buffer *out);
/** The same as an object of JSON; borders that are not known are null. */
void rit_refinement_json(const struct rit_refinement *refinement, struct rit_buffer *out);

/**
 * Grow the plan as far as these results go, points being recognised by their parameters alone. For commands
 * that look at a run; nothing happens to a plan that does not grow. `out` gets
 * rit_refinement_print, `json` rit_refinement_json; either may be NULL.
 */
void rit_refinement_replay(struct rit_config *config, const struct rit_results *results,
                           struct rit_buffer *out, struct rit_buffer *json);

#endif
