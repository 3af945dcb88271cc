/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The files that a song can become. */
#ifndef RITARDANDO_CLI_WRITER_H
#define RITARDANDO_CLI_WRITER_H

#include "music/song.h"

/** What writes a file of this name, by its ending; *writer is NULL without a name. RIT_USAGE: nothing does.
 */
struct rit_writer;
enum rit_status rit_writer_find(const char *path, const struct rit_writer **writer, struct rit_error *err);

/** Write the song to `path`; without a writer print it for people. RIT_USAGE where the song is nothing for
 * this form: numbers for a score, or notes that it does not have. */
enum rit_status rit_song_write(const struct rit_writer *writer, const struct rit_song *song, const char *path,
                               struct rit_error *err);

#endif
