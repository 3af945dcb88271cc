/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Plans that grow: what section `refine` may ask for, and how its first points come into the plan. */
#ifndef RITARDANDO_CONFIG_REFINE_H
#define RITARDANDO_CONFIG_REFINE_H

#include "config/complaints.h"
#include "config/walk.h"

/** What is wrong with section `refine`, once everything is read. */
void rit_refine_check(struct rit_walk *walk);

/** The plan that is made becomes one of lines: they are checked at both ends, and begin with their lowest
 * value.
 */
void rit_refine_begin(struct rit_config *config, struct rit_complaints *c);

#endif
