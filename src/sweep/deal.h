/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Who gets which point: the most expensive first, what failed once to another machine, what is too
 * large for some at last. */
#ifndef RITARDANDO_SWEEP_DEAL_H
#define RITARDANDO_SWEEP_DEAL_H

#include "sweep/master.h"

/** Give out all that can be, unless nothing new is to be started. */
void rit_deal(struct rit_master *m);

#endif
