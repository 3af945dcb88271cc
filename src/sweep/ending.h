/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * End states of finished points, RUN/states/IDENTITY: from them, what is asked later beyond a stored
 * trajectory goes on. A state that is lost costs time only. u32 length and text of the point's parameters |
 * f64 seconds of training | owner | state (ritardando/run.h)
 */
#ifndef RITARDANDO_SWEEP_ENDING_H
#define RITARDANDO_SWEEP_ENDING_H

#include <ritardando/outcome.h>
#include <ritardando/run.h>

#include "base/hash.h"
#include "store/fence.h"

/** Whether a run that ended so is kept under this setting of run.keep. */
bool rit_ending_is_kept(const char *keep, enum rit_end end);

/** Write the state of a run that is over. A failure is said, and costs nothing now. */
void rit_ending_keep(const struct rit_fence *fence, const struct rit_hash *identity,
                     const struct rit_point *point, struct rit_run *run, double seconds);

/**
 * Put a new run where the run of `from` in this run folder ended, of the same trajectory and block. False,
 * with the run as it was and the reason said, if that cannot be: it then starts anew.
 */
bool rit_ending_adopt(const char *folder, const struct rit_hash *from, const struct rit_block *block,
                      struct rit_run *run, double *seconds);

#endif
