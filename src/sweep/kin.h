/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Whether one config grows out of another. */
#ifndef RITARDANDO_SWEEP_KIN_H
#define RITARDANDO_SWEEP_KIN_H

#include "config/config.h"

/**
 * True if some network is trained in both plans: if a point of each has the same trajectory, whatever is
 * asked of it. A larger grid, more seeds, a longer stop.tau and other thresholds make kin of a plan; another
 * experiment is none. The data themselves are not looked at.
 */
bool rit_configs_are_kin(const struct rit_config *a, const struct rit_config *b);

#endif
