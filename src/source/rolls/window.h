/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Which notes of all 128 are slots of a piano roll. */
#ifndef RITARDANDO_ROLLS_WINDOW_H
#define RITARDANDO_ROLLS_WINDOW_H

#include <ritardando/source.h>

enum { RIT_NOTES = 128 }; /* MIDI has notes 0 .. 127 */

/** Rows of all notes: bit n says that MIDI note n sounds. Sources read these, and then cut slots out of them.
 */
#define RIT_NOTES_PORT ((struct rit_port){RIT_ROW_BITS, RIT_NOTES})

/** Slot i is note lowest + i. */
struct rit_window {
    int lowest; /* -1: the lowest note of all */
    int slots;  /* 0: up to the highest note of all */
};

extern const struct rit_param_table rit_window_params;

/** Those of data.lowest and data.slots. */
struct rit_window rit_window_of(const struct rit_point *point);

/** Whether the note is known to lie in the window, before all notes are read. */
bool rit_window_has(const struct rit_window *window, int64_t note);

/** The window as "60..71", for complaints about a note outside it. */
void rit_window_print(const struct rit_window *window, char *out, size_t size);

/**
 * Makes rows of slots from the corpus's rows of notes, and fills what the window leaves to them.
 * RIT_BAD_INPUT, naming `path`, if they do not fit or if no note sounds.
 */
enum rit_status rit_window_cut(struct rit_window *window, const char *path, struct rit_corpus *corpus,
                               struct rit_error *err);

#endif
