/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Piano rolls as JSON: {"train": [...], "valid": [...], "test": [...]}, where a split is a list of pieces, a
 * piece a list of at least two rows and a row a list of MIDI notes. Files that keep to it to the letter are
 * read strictly; of others, a form says so, more is taken: a plain list of pieces, splits that are missing,
 * "slots" and "lowest" before them, notes that stand twice in a row or as 60.0, and rests null, NaN and -1.
 */
#ifndef RITARDANDO_ROLLS_ROLLS_H
#define RITARDANDO_ROLLS_ROLLS_H

#include <ritardando/source.h>

#include "source/rolls/window.h"

struct rit_roll_form {
    struct rit_window window;
    bool free;               /* more is taken than the strict form */
    const char *piece, *row; /* "chorale", "chord": what they are called in complaints */
};

/**
 * Read a whole text; the pieces of train, then valid, then test. RIT_BAD_INPUT, with "name:line:column: "
 * and a sentence, if it is anything else; the corpus is then empty.
 */
enum rit_status rit_rolls_parse(const char *name, const void *text, size_t size, struct rit_roll_form form,
                                struct rit_corpus *corpus, struct rit_error *err);

#endif
