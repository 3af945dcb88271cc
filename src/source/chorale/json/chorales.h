/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The format of the chorale file: strict piano rolls (source/rolls/rolls.h) of the notes 43..96. */
#ifndef RITARDANDO_CHORALE_JSON_CHORALES_H
#define RITARDANDO_CHORALE_JSON_CHORALES_H

#include <ritardando/source.h>

/** As rit_rolls_parse. */
enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err);

#endif
