/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded default: chorales made by the program itself, for machines without the file of real ones. */
#include <ritardando/source.h>

#include "base/random.h"

#include <stdlib.h>

enum { VOICES = 4, LONGEST = 160 };

/* Roots of the triads of C major by degree, and where each may go. */
static const int scale[7] = {0, 2, 4, 5, 7, 9, 11};
static const int leads_to[7][6] = {{3, 4, 4, 5, 1, 0}, {4, 4, 6, 4, 0, 1}, {5, 3, 5, 3, 1, 2},
                                   {4, 4, 0, 1, 0, 3}, {0, 0, 0, 5, 3, 4}, {1, 3, 4, 1, 4, 5},
                                   {0, 0, 0, 5, 0, 0}};
static const int centre[VOICES] = {52, 60, 65, 72};

/* The member of a triad that lies nearest to `from`, bent towards the middle of the voice. */
static int nearest(int degree, int skip, int from, int middle)
{
    int best = from, cost = 1000;
    for (int note = RIT_LOWEST_NOTE; note < RIT_LOWEST_NOTE + RIT_SLOTS; note++) {
        for (int third = 0; third < 3; third++) {
            if (third == skip || note % 12 != scale[(degree + 2 * third) % 7])
                continue;
            int c = 3 * abs(note - from) + abs(note - middle);
            if (c < cost) {
                cost = c;
                best = note;
            }
        }
    }
    return best;
}

static int compose(uint64_t seed, int index, uint64_t chord[LONGEST])
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_COMPOSER, (uint64_t)index, 0);
    int length = 32 + 4 * (int)rit_random_below(&random, 17);
    int degree = 0;
    int note[VOICES] = {48, 60, 67, 72};
    for (int t = 0; t < length; t++) {
        if (t >= length - 3)
            degree = t == length - 2 ? 4 : 0;
        else if (t > 0)
            degree = leads_to[degree][rit_random_below(&random, 6)];
        chord[t] = 0;
        for (int v = 0; v < VOICES; v++) {
            int skip = v == 0 ? 2 : v - 1; /* the bass has no fifth; each other voice leaves another out */
            note[v] = nearest(degree, skip, note[v], centre[v]);
            chord[t] |= (uint64_t)1 << (note[v] - RIT_LOWEST_NOTE);
        }
    }
    return length;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    (void)err;
    uint64_t seed = (uint64_t)rit_point_int(point, "data.composer-seed");
    uint64_t chord[LONGEST];
    *corpus = (struct rit_corpus){0};
    for (int k = 0; k < need; k++) {
        int length = compose(seed, k, chord);
        rit_corpus_append(corpus, chord, length);
    }
    return RIT_OK;
}

static const struct rit_param params[] = {
    {.key = "data.composer-seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53,
     .unit = "1",
     .meaning = "key of the composer's random numbers; another seed, other chorales"},
};

const struct rit_source rit_source_composer = {
    .name = "composer",
    .meaning = "four-part chorales in C major and C minor, made by the program itself",
    .params = params,
    .n_params = 1,
    .load = load,
};
