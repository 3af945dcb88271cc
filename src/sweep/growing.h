/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How the conductor lets a plan grow: what came is told to sweep/refinement.h, and what that asks for is
 * enrolled. */
#ifndef RITARDANDO_SWEEP_GROWING_H
#define RITARDANDO_SWEEP_GROWING_H

#include "sweep/desk.h"

/** Before the master is made: the plan as far as stored results let it grow. */
enum rit_status rit_growing_begin(struct rit_conductor *c, struct rit_error *err);
/** A result of this point has come, a failure or not: the master hears of points that are asked for because
 * of it.
 */
void rit_growing_hear(struct rit_conductor *c, int point, const struct rit_outcome *outcome);

#endif
