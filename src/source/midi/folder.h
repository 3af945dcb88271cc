/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The MIDI files of a folder. */
#ifndef RITARDANDO_SOURCE_MIDI_FOLDER_H
#define RITARDANDO_SOURCE_MIDI_FOLDER_H

#include <ritardando/status.h>

struct rit_midi_files {
    int n;
    char **path; /* [n] owned */
};

/**
 * `path` itself, if it is a file; else all files .mid and .midi in it and the folders below it that do not
 * begin with a dot, in the order of the bytes of their paths. RIT_IO, or RIT_BAD_INPUT if there are none.
 */
enum rit_status rit_midi_find(const char *path, struct rit_midi_files *files, struct rit_error *err);
void rit_midi_files_release(struct rit_midi_files *files);

#endif
