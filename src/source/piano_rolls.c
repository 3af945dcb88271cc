/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Piano rolls of any range from a JSON file like that of the chorales, read leniently (source/chorale/json).
 */
#include <ritardando/source.h>

#include "base/file.h"
#include "base/pack.h"
#include "source/chorale/json/chorales.h"

enum { LARGEST_FILE = 256 << 20 };

static const struct rit_param params[] = {
    {.key = "data.rolls",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "JSON file of the piano rolls",
     .not_identity = true},
    {.key = "data.slots",
     .kind = RIT_INT,
     .fallback = "88",
     .low = 1,
     .high = RIT_WIDEST_BITS,
     .unit = "notes",
     .meaning = "notes in the range, unless the file says \"slots\""},
    {.key = "data.lowest-note",
     .kind = RIT_INT,
     .fallback = "21",
     .low = 0,
     .high = 127,
     .unit = "1",
     .meaning = "MIDI number of the lowest one, unless the file says \"lowest\""},
};

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    const char *path = rit_point_text(point, "data.rolls");
    struct rit_rolls rolls = {.slots = (int)rit_point_int(point, "data.slots"),
                              .lowest = (int)rit_point_int(point, "data.lowest-note"),
                              .lenient = true,
                              .piece = "piece"};
    *corpus = (struct rit_corpus){0};
    if (!path[0])
        return rit_fail(err, RIT_BAD_INPUT, "data.rolls: the source piano-rolls needs a file");
    struct rit_buffer text = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &text, err);
    if (status == RIT_OK)
        status = rit_rolls_parse(&rolls, path, text.data, text.size, corpus, err);
    rit_buffer_release(&text);
    if (status == RIT_OK && corpus->sequences < need)
        status = rit_fail(err, RIT_BAD_INPUT,
                          "%s: has %d pieces, but %d are asked for (data.first + data.chorales)", path,
                          corpus->sequences, need);
    if (status != RIT_OK)
        rit_corpus_release(corpus);
    return status;
}

const struct rit_source rit_source_piano_rolls = {
    .member = {.name = "piano-rolls",
               .meaning =
                   "piano rolls of up to 128 notes from a JSON file, with rests, unisons and notes as 60.0",
               RIT_PARAMS(params)},
    .noun = "piece",
    .load = load,
};
