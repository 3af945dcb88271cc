/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The format of the chorale file: {"train": [...], "valid": [...], "test": [...]}, where a split is a list of
 * chorales, a chorale a list of at least two chords and a chord a list of MIDI notes 43..96.
 */
#ifndef RITARDANDO_CHORALE_JSON_CHORALES_H
#define RITARDANDO_CHORALE_JSON_CHORALES_H

#include <ritardando/source.h>

/**
 * Read a whole text; the chorales of train, then valid, then test. RIT_BAD_INPUT, with "name:line:column: "
 * and a sentence, if it is anything else; the corpus is then empty.
 */
enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err);

#endif
