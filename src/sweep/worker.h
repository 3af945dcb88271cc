/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A worker: has one point at a time trained by its trainer (src/sweep/trainer.h), a thread of its own, and
 * goes on speaking with the master whatever that is at. A fault of its machine is no failure of a point: the
 * worker says so, and takes no more work.
 */
#ifndef RITARDANDO_SWEEP_WORKER_H
#define RITARDANDO_SWEEP_WORKER_H

#include <ritardando/status.h>

#include "sweep/post.h"

#include <stdbool.h>
#include <stdint.h>

struct rit_worker;

/** Says hello to the master; `asked` is rit_sweep_options_digest of what it was started with. Borrows the
 * post. */
struct rit_worker *rit_worker_new(struct rit_post *post, uint64_t asked);
/** Waits for the piece of training in hand. */
void rit_worker_free(struct rit_worker *worker);

/** One turn of its life: hear and speak; it never takes long. False when there was nothing to do: rest a
 * little. */
bool rit_worker_turn(struct rit_worker *worker);
/** Rest at most so long; a point that is over ends the rest. */
void rit_worker_rest(struct rit_worker *worker, double seconds);

/** Whether the master has answered its hello. */
bool rit_worker_is_welcome(const struct rit_worker *worker);

/** Whether its trainer is at something, be it for nobody: rit_worker_free then waits, and a process in a
 * hurry leaves it alone and ends by _exit. */
bool rit_worker_is_busy(const struct rit_worker *worker);

/**
 * Whether it is released, or has given up on a master that is lost; no further turns then. `status` is RIT_OK
 * or RIT_STOPPED, `at_once` whether to leave without waiting for other ranks.
 */
bool rit_worker_has_left(const struct rit_worker *worker, enum rit_status *status, bool *at_once);

#endif
