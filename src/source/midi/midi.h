/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Standard MIDI files, format 0 and 1, read strictly: a damaged or truncated one is refused with the byte
 * where it goes wrong.
 */
#ifndef RITARDANDO_SOURCE_MIDI_H
#define RITARDANDO_SOURCE_MIDI_H

#include <ritardando/status.h>

#include "base/pack.h"

/**
 * Append to `rows` the piece as rows of all notes (source/rolls/window.h), one for each time k `step`
 * [quarter notes], k = 0, 1, ..., up to the last one at which a note is held: note n is on in row k if it
 * has begun at or before that time and ends after it. Channel 10, the drums, is left out; tempo does not
 * matter. RIT_BAD_INPUT, "name: byte N: " and a sentence, if it is no such file, counts frames instead of
 * quarter notes, or has fewer than two rows.
 */
enum rit_status rit_midi_read(const char *name, const unsigned char *data, size_t size, double step,
                              struct rit_buffer *rows, struct rit_error *err);

#endif
