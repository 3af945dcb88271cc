/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The POINT of a command line. */
#ifndef RITARDANDO_CLI_CHOICE_H
#define RITARDANDO_CLI_CHOICE_H

#include "cli/stored/stored.h"

/** What every command that takes a POINT says of it. */
#define RIT_POINT_HELP                                                                                       \
    "POINT is an identity or the beginning of one, as 'show --identities' and the dataset have it, or a\n"   \
    "phrase in quotes that only one point of the run fits: \"depth 2, width 20, seed 1\". Its words are "    \
    "the\n"                                                                                                  \
    "names of axes, the keys of parameters, or what follows the dot in a key.\n"

/**
 * The finished point that `text` names. RIT_USAGE for a text that is no name of a point, that fits none, or
 * more than one; RIT_BAD_INPUT for a point that is planned but not finished.
 */
enum rit_status rit_holding_choose(const struct rit_holding *holding, const char *text,
                                   const struct rit_stored **chosen, struct rit_error *err);

#endif
