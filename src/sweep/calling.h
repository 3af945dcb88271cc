/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Points that need a large matrix of all ranks first. Once everything else is done, the workers are called
 * for one of them: whoever answers waits, and does nothing else. When all that are present have answered, the
 * order RIT_ORDER_GATHER sends them and the master into it together. A silent one is lost by its lease as
 * ever, and the others go without it. What was made makes the point an ordinary one, behind the other calls.
 */
#ifndef RITARDANDO_SWEEP_CALLING_H
#define RITARDANDO_SWEEP_CALLING_H

#include "sweep/master.h"

/** After every event: whether a call is on, or begins now, so that nothing else is given out. */
bool rit_calling(struct rit_master *m);
/** A worker answers this call. */
void rit_calling_answer(struct rit_master *m, int worker, uint64_t call);
/** Everybody is back. */
void rit_calling_end(struct rit_master *m, int point, enum rit_gathered gathered);

#endif
