/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * While all ranks are in one collective work nobody hears anything, and one that dies there lets the others
 * wait for ever where the launcher lets them live. A thread of its own looks whether those on this machine
 * live, and ends the process with RIT_STOPPED if one does not: what is done is in the journal, and the next
 * start goes on.
 */
#ifndef RITARDANDO_SWEEP_GUARD_H
#define RITARDANDO_SWEEP_GUARD_H

#include "sweep/peer.h"

struct rit_guard;

/** Starts the thread. */
struct rit_guard *rit_guard_new(const struct rit_peer *self);
/** Look after this one, too. */
void rit_guard_watch(struct rit_guard *guard, const struct rit_peer *peer);
/** Everybody is back: ends the thread. */
void rit_guard_free(struct rit_guard *guard);

#endif
