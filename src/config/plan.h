/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Making the plan of a config whose axes are right. */
#ifndef RITARDANDO_CONFIG_PLAN_H
#define RITARDANDO_CONFIG_PLAN_H

#include "config/complaints.h"
#include "config/config.h"

/** The condition without which parameter `index` has no meaning for any point of the grid; NULL if it has
 * one. */
const struct rit_condition *rit_config_misses(const struct rit_config *config, int index);

/** Whether some point of the grid is infinitely wide. */
bool rit_plan_has_limit(const struct rit_config *config);

/** A value of limit.name somewhere in the grid that trains nothing; NULL if there is none. */
const char *rit_plan_survey(const struct rit_config *config);

/** Whether axis `a` is the first of those that go together, as one that varies alone is. */
bool rit_axis_leads(const struct rit_grid_axes *grid, int a);

/** The grid that a place belongs to, all grids being counted through, and where it is there. */
const struct rit_grid_axes *rit_plan_number(const struct rit_config *config, int number,
                                            int at[RIT_MAX_AXES]);

/** Fills what says which points there are. */
void rit_plan_make(struct rit_config *config);

/** Complains of points that cannot be trained although each of their values is allowed. */
void rit_plan_check(const struct rit_config *config, struct rit_complaints *c);

#endif
