/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/json/chorales.h"

#include "base/pack.h"
#include "source/chorale/json/json.h"
#include "source/chorale/slots.h"

#include <string.h>

enum {
    NESTING = 4, /* object, split, chorale, chord */
    SPLITS = 3
};

static const char *const split_names[SPLITS] = {"train", "valid", "test"}; /* in the order of a block */

static enum rit_status read_chord(struct rit_json *json, uint64_t *chord, struct rit_error *err)
{
    *chord = 0;
    RIT_TRY(rit_json_list(json, "a chord, which is a list of notes", err));
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(json, &more, err));
        if (!more)
            return RIT_OK;
        struct rit_json_place place = rit_json_here(json);
        int64_t note;
        RIT_TRY(rit_json_integer(json, &note, err));
        if (note < RIT_LOWEST_NOTE || note >= RIT_LOWEST_NOTE + RIT_SLOTS)
            return rit_json_complain(json, place, err, "note %lld is outside %d..%d", (long long)note,
                                     RIT_LOWEST_NOTE, RIT_LOWEST_NOTE + RIT_SLOTS - 1);
        uint64_t bit = (uint64_t)1 << (note - RIT_LOWEST_NOTE);
        if (*chord & bit)
            return rit_json_complain(json, place, err, "note %lld stands twice in its chord",
                                     (long long)note);
        *chord |= bit;
    }
}

static enum rit_status read_chorale(struct rit_json *json, struct rit_buffer *chords, struct rit_error *err)
{
    struct rit_json_place place = rit_json_here(json);
    RIT_TRY(rit_json_list(json, "a chorale, which is a list of chords", err));
    chords->size = 0;
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(json, &more, err));
        if (!more)
            break;
        uint64_t chord;
        RIT_TRY(read_chord(json, &chord, err));
        rit_pack_bytes(chords, &chord, sizeof chord);
    }
    if (chords->size < 2 * sizeof(uint64_t))
        return rit_json_complain(json, place, err, "a chorale needs at least two chords");
    return RIT_OK;
}

static enum rit_status read_split(struct rit_json *json, struct rit_corpus *split, struct rit_error *err)
{
    RIT_TRY(rit_json_list(json, "a list of chorales", err));
    struct rit_buffer chords = {0};
    enum rit_status status = RIT_OK;
    for (;;) {
        bool more = false;
        status = rit_json_more(json, &more, err);
        if (status != RIT_OK || !more)
            break;
        status = read_chorale(json, &chords, err);
        if (status != RIT_OK)
            break;
        rit_corpus_append(split, chords.data, NULL, (int)(chords.size / sizeof(uint64_t)));
    }
    rit_buffer_release(&chords);
    return status;
}

static enum rit_status read_splits(struct rit_json *json, struct rit_corpus split[SPLITS],
                                   struct rit_error *err)
{
    bool seen[SPLITS] = {false};
    struct rit_json_place top = rit_json_here(json);
    RIT_TRY(rit_json_object(json, "an object with \"train\", \"valid\" and \"test\"", err));
    for (;;) {
        char key[RIT_JSON_KEY];
        bool more;
        struct rit_json_place place;
        RIT_TRY(rit_json_key(json, &more, key, &place, err));
        if (!more)
            break;
        int which = 0;
        while (which < SPLITS && strcmp(key, split_names[which]) != 0)
            which++;
        if (which == SPLITS)
            return rit_json_complain(json, place, err,
                                     "\"%s\" is not one of \"train\", \"valid\" and \"test\"", key);
        if (seen[which])
            return rit_json_complain(json, place, err, "\"%s\" stands twice", key);
        seen[which] = true;
        RIT_TRY(read_split(json, &split[which], err));
    }
    for (int i = 0; i < SPLITS; i++)
        if (!seen[i])
            return rit_json_complain(json, top, err, "\"%s\" is missing", split_names[i]);
    return rit_json_end(json, err);
}

enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err)
{
    *corpus = (struct rit_corpus){.port = RIT_CHORD_PORT};
    struct rit_json json;
    struct rit_corpus split[SPLITS] = {
        {.port = RIT_CHORD_PORT}, {.port = RIT_CHORD_PORT}, {.port = RIT_CHORD_PORT}};
    enum rit_status status = rit_json_open(&json, name, text, size, NESTING, err);
    if (status == RIT_OK)
        status = read_splits(&json, split, err);
    rit_json_release(&json);
    for (int i = 0; i < SPLITS; i++) {
        for (int c = 0; status == RIT_OK && c < split[i].sequences; c++)
            rit_corpus_append(corpus, split[i].bits + split[i].start[c], NULL,
                              split[i].start[c + 1] - split[i].start[c]);
        rit_corpus_release(&split[i]);
    }
    return status;
}
