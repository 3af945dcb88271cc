/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The format of files of chorales and other piano rolls: {"train": [...], "valid": [...], "test": [...]},
 * where a split is a list of pieces, a piece a list of at least two chords and a chord a list of MIDI notes.
 */
#ifndef RITARDANDO_CHORALE_CHORALES_H
#define RITARDANDO_CHORALE_CHORALES_H

#include <ritardando/source.h>

/** How a file is read. */
struct rit_rolls {
    int slots, lowest; /* the notes lowest .. lowest + slots - 1 are the bits of a row */
    /**
     * Notes may stand twice in a chord (unisons, counted once), be written 60.0, and be negative (a voice
     * that rests); splits may be missing; and before the splits the file may say "slots" and "lowest" itself.
     */
    bool lenient;
    const char *piece; /* what one is called: "chorale" */
};

/**
 * Read a whole text; the pieces of train, then valid, then test. RIT_BAD_INPUT, with "name:line:column: "
 * and a sentence, if it is anything else; the corpus is then empty.
 */
enum rit_status rit_rolls_parse(const struct rit_rolls *rolls, const char *name, const void *text,
                                size_t size, struct rit_corpus *corpus, struct rit_error *err);

/** Bach's chorales: strictly the notes 43 .. 96. */
enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err);

#endif
