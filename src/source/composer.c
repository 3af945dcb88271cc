/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded default: chorales made by the program itself, for machines without the file of real ones. */
#include <ritardando/source.h>

#include "source/chorale/composing/composing.h"
#include "source/chorale/slots.h"

static uint64_t mask_of(const struct rit_beat *beat)
{
    uint64_t chord = 0;
    for (int v = 0; v < RIT_VOICES && beat->note[v]; v++)
        chord |= (uint64_t)1 << (beat->note[v] - RIT_LOWEST_NOTE);
    return chord;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    (void)err;
    uint64_t seed = (uint64_t)rit_point_int(point, "data.composer-seed");
    struct rit_beat beat[RIT_LONGEST_CHORALE];
    uint64_t chord[RIT_LONGEST_CHORALE];
    *corpus = (struct rit_corpus){.port = RIT_CHORD_PORT, .notes = true, .lowest = RIT_LOWEST_NOTE};
    for (int k = 0; k < need; k++) {
        int beats = rit_compose(seed, (uint64_t)k, beat);
        for (int t = 0; t < beats; t++)
            chord[t] = mask_of(&beat[t]);
        rit_corpus_append(corpus, chord, NULL, beats);
    }
    return RIT_OK;
}

static const struct rit_param params[] = {
    {.key = "data.composer-seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53 - 1,
     .unit = "1",
     .meaning = "key of the composer's random numbers; another seed, other chorales"},
};

const struct rit_source rit_source_composer = {
    .member = {.name = "composer",
               .meaning = "four-part chorales in C major and C minor, made by the program itself",
               RIT_PARAMS(params)},
    .noun = "chorale",
    .load = load,
};
