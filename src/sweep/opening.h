/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How the conductor begins. */
#ifndef RITARDANDO_SWEEP_OPENING_H
#define RITARDANDO_SWEEP_OPENING_H

#include "sweep/conductor.h"

/** Read the config, claim the run folder, make the plan, see what is done already. */
enum rit_status rit_opening(struct rit_conductor *c, const struct rit_walltime *walltime,
                            struct rit_error *err);

#endif
