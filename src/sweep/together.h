/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The conductor's part in what all ranks do together (sweep/calling.h decides, sweep/gathering.h does it).
 */
#ifndef RITARDANDO_SWEEP_TOGETHER_H
#define RITARDANDO_SWEEP_TOGETHER_H

#include "sweep/desk.h"

/** Tells the master which points without result, from number `first` on, need a matrix of all ranks first,
 * and says so, or who makes it else. */
void rit_together_look(struct rit_conductor *c, int first);

/** RIT_ORDER_CALL and RIT_ORDER_GATHER; the last of these takes as long as the work does. */
void rit_together_call(struct rit_conductor *c, const struct rit_order *order);
void rit_together_gather(struct rit_conductor *c, const struct rit_order *order);

#endif
