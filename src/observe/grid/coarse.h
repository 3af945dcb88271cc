/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A coarser grid, of every so many times of the common one: for what takes long to measure. */
#ifndef RITARDANDO_OBSERVE_GRID_COARSE_H
#define RITARDANDO_OBSERVE_GRID_COARSE_H

#include <ritardando/observe.h>

/** Its place of grid index k. */
int rit_coarse_place(const struct rit_grid *grid, int per_decade, int k);
/** The first grid index of place j. */
int rit_coarse_first(const struct rit_grid *grid, int per_decade, int j);
/** How many places it has. */
int rit_coarse_size(const struct rit_grid *grid, int per_decade);

/** RIT_BAD_INPUT if the parameter `key`, measurements per decade, is finer than the common grid. */
enum rit_status rit_coarse_check(const struct rit_point *point, const char *key, struct rit_error *err);

/** Adds the coordinate `name`, the times of its places, with this meaning. */
void rit_coarse_describe(const struct rit_grid *grid, int per_decade, const char *name, const char *meaning,
                         struct rit_outcome *outcome);

#endif
