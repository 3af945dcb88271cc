/* SPDX-License-Identifier: GPL-3.0-or-later */
/** MIDI files for tests, byte by byte. */
#ifndef RITARDANDO_TESTS_MIDI_FILES_H
#define RITARDANDO_TESTS_MIDI_FILES_H

#include "base/pack.h"

/** A file of format 1 with 96 ticks a quarter note: its header, and the head of a track whose length comes
 * later. */
void midi_begin(struct rit_buffer *file, int tracks);
size_t midi_begin_track(struct rit_buffer *file);
/** `wait` ticks after the last event a note of a channel, counted from 0, begins or ends. */
void midi_note(struct rit_buffer *file, int wait, int channel, int note, int on);
/** The end mark, and the length of the track that began at `at`. */
void midi_end_track(struct rit_buffer *file, size_t at);

/** A folder with 30 small pieces k.mid that differ; removed, with the files, by the second. */
void midi_make_folder(const char *folder);
void midi_remove_folder(const char *folder);

#endif
