/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Songs that were left in a run folder, for its page. */
#ifndef RITARDANDO_CLI_SONGS_H
#define RITARDANDO_CLI_SONGS_H

#include <ritardando/status.h>

#include "base/pack.h"

/**
 * Append the files RUN/songs/NAME.json, ascending by name, as members "NAME": content of a JSON object;
 * nothing without such a folder. NAME begins with 8 or more digits of the identity of a point. Of files that
 * hold '<', which no song does, and of those larger than 1 MiB, none is taken: RIT_BAD_INPUT.
 */
enum rit_status rit_songs_read(const char *run, struct rit_buffer *out, struct rit_error *err);

#endif
