/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Section `grid` of a config file. */
#ifndef RITARDANDO_CONFIG_GRID_H
#define RITARDANDO_CONFIG_GRID_H

#include "config/walk.h"

/** Section `grid`: fills the axes of one grid, or of a list of them. */
void rit_walk_grid(struct rit_walk *walk, const yaml_node_t *grid);
/** Other values for the axis of this parameter in all grids, or one more axis. */
void rit_walk_axis(struct rit_walk *walk, const yaml_node_t *values, int param, yaml_mark_t at);
/** What only shows when all axes are there: unequal ones that go together, and too many points. */
void rit_walk_grid_end(struct rit_walk *walk);
/** The parameter of an axis, or -1 with a complaint. */
int rit_walk_axis_param(struct rit_walk *walk, const char *name, const char *where, yaml_mark_t at);

#endif
