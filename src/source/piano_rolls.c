/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Piano rolls from a JSON file: lists of MIDI notes, of any range. The sibling files of the chorales' own are
 * of this kind, and those of most collections of polyphonic music.
 */
#include <ritardando/source.h>

#include "base/file.h"
#include "base/pack.h"
#include "source/rolls/rolls.h"

enum { LARGEST_FILE = 256 << 20 }; /* bytes */

static const struct rit_param params[] = {
    {.key = "data.rolls",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "JSON file of the pieces, seen from the folder of the config file",
     .not_identity = true,
     .is_path = true},
};

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    const char *path = rit_point_text(point, "data.rolls");
    struct rit_roll_form form = {
        .window = rit_window_of(point), .free = true, .piece = "piece", .row = "row"};
    *corpus = (struct rit_corpus){0};
    if (!path[0])
        return rit_fail(err, RIT_BAD_INPUT, "data.rolls: the source piano-rolls needs a file");
    struct rit_buffer text = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &text, err);
    if (status == RIT_OK)
        status = rit_rolls_parse(path, text.data, text.size, form, corpus, err);
    rit_buffer_release(&text);
    if (status == RIT_OK && corpus->sequences < need)
        status = rit_corpus_too_few(point, corpus, path, "piece", need, err);
    if (status != RIT_OK)
        rit_corpus_release(corpus);
    corpus->told = true;
    return status;
}

const struct rit_source rit_source_piano_rolls = {
    .member = {.name = "piano-rolls",
               .meaning = "pieces as lists of lists of MIDI notes, read from a JSON file",
               RIT_PARAMS(params)},
    .noun = "piece",
    .load = load,
};
