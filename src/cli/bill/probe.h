/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The pace of this machine, by training a little of some points of a plan. */
#ifndef RITARDANDO_CLI_PROBE_H
#define RITARDANDO_CLI_PROBE_H

#include "config/config.h"
#include "sweep/blocks.h"
#include "sweep/pace.h"
#include "sweep/roster.h"

/** Adds what a few points of kinds that the pace does not know take, from the cheapest to the dearest, and
 * settles it. */
void rit_probe(const struct rit_config *config, const struct rit_roster *roster, struct rit_blocks *blocks,
               struct rit_pace *pace);

#endif
