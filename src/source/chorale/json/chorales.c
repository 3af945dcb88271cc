/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/json/chorales.h"

#include "source/chorale/slots.h"
#include "source/rolls/rolls.h"

enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err)
{
    struct rit_roll_form form = {.window = {RIT_LOWEST_NOTE, RIT_SLOTS}, .piece = "chorale", .row = "chord"};
    return rit_rolls_parse(name, text, size, form, corpus, err);
}
