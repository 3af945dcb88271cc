/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Making the plan of a config whose axes are right. */
#ifndef RITARDANDO_CONFIG_PLAN_H
#define RITARDANDO_CONFIG_PLAN_H

#include "config/complaints.h"
#include "config/config.h"

/** Whether parameter `index` has a meaning for some point of the grid. */
bool rit_config_applies(const struct rit_config *config, int index);

/** Fills points and in_grid. */
void rit_plan_make(struct rit_config *config);

/** Complains of points that cannot be trained although each of their values is allowed. */
void rit_plan_check(const struct rit_config *config, struct rit_complaints *c);

#endif
