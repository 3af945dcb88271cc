/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The master's orders, carried out. */
#ifndef RITARDANDO_SWEEP_ORDERS_H
#define RITARDANDO_SWEEP_ORDERS_H

#include "sweep/conductor.h"

struct rit_result;

/** All that there are for now; `in_hand` is the result that was just handed in, or NULL. */
void rit_orders_carry_out(struct rit_conductor *c, struct rit_result *in_hand);
/** Put a dataset in place that has become ready, and begin the one that is due. */
void rit_orders_tend_dataset(struct rit_conductor *c);

#endif
