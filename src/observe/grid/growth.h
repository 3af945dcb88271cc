/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What observables that can grow share. */
#ifndef RITARDANDO_OBSERVE_GRID_GROWTH_H
#define RITARDANDO_OBSERVE_GRID_GROWTH_H

#include <ritardando/point.h>

/** Whether both points have the same value of a parameter, or no use for it; else the reason in `why`. */
bool rit_extends_key(const struct rit_point *had, const struct rit_point *wanted, const char *key, char *why,
                     size_t size);

#endif
