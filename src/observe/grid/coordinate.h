/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_OBSERVE_GRID_COORDINATE_H
#define RITARDANDO_OBSERVE_GRID_COORDINATE_H

#include <ritardando/observe.h>

/** Adds the coordinate "grid_tau" unless it is there. */
void rit_grid_describe(const struct rit_grid *grid, struct rit_outcome *outcome);

#endif
