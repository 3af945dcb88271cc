/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How a sweep comes to its end: the wish to stop, who is still waited for, the last dataset. */
#ifndef RITARDANDO_SWEEP_CLOSING_H
#define RITARDANDO_SWEEP_CLOSING_H

#include "sweep/master.h"

/** When everybody must be told to stop, so that the checkpoints and the last dataset are done in time. */
double rit_closing_at(const struct rit_master *m);
/** Everybody writes a checkpoint and gives its point back; `wish` is how the sweep ends unless all is done.
 */
void rit_closing_halt(struct rit_master *m, enum rit_sweep_end wish);
/** Nothing new is started. */
void rit_closing_drain(struct rit_master *m, enum rit_sweep_end wish);

/** Everybody is released. */
void rit_closing_finish(struct rit_master *m, enum rit_sweep_end end);
/** Nobody is there: wait for a lease for those that are only silent, then finish. */
void rit_closing_wait(struct rit_master *m);
/** Behind the end: what arrived late is synced, the last dataset is written if there is time. */
void rit_closing_conclude(struct rit_master *m);

#endif
