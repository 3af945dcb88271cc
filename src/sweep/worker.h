/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A worker: trains one point at a time, in slices so short that it soon hears what the master says and sees
 * when somebody wants it to stop. How long a slice is depends on the clock; no bit of a result does.
 */
#ifndef RITARDANDO_SWEEP_WORKER_H
#define RITARDANDO_SWEEP_WORKER_H

#include <ritardando/status.h>

#include "sweep/post.h"

#include <stdbool.h>

struct rit_worker;

/** Says hello to the master. Borrows the post. */
struct rit_worker *rit_worker_new(struct rit_post *post);
void rit_worker_free(struct rit_worker *worker);

/** One turn of its life: hear, train a slice, speak. False when there was nothing to do: rest a little. */
bool rit_worker_turn(struct rit_worker *worker);

/** Whether the master has answered its hello. */
bool rit_worker_is_welcome(const struct rit_worker *worker);

/**
 * Whether it is released, or has given up on a master that is lost; no further turns then. `status` is RIT_OK
 * or RIT_STOPPED, `at_once` whether to leave without waiting for other ranks.
 */
bool rit_worker_has_left(const struct rit_worker *worker, enum rit_status *status, bool *at_once);

#endif
