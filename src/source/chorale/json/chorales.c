/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/json/chorales.h"

#include "base/pack.h"
#include "source/chorale/json/json.h"
#include "source/chorale/slots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    NESTING = 4, /* object, split, piece, chord */
    SPLITS = 3,
    MOST_WORDS = RIT_WIDEST_BITS / 64
};

static const char *const split_names[SPLITS] = {"train", "valid", "test"}; /* in the order of a block */

/* A file being read. */
struct reading {
    struct rit_json *json;
    struct rit_rolls rolls;
    bool seen[SPLITS];
    struct rit_corpus split[SPLITS];
};

/* A MIDI note; negative: none. */
static enum rit_status read_note(const struct reading *r, int64_t *note, struct rit_error *err)
{
    if (!r->rolls.lenient)
        return rit_json_integer(r->json, note, err);
    struct rit_json_place place = rit_json_here(r->json);
    double x;
    RIT_TRY(rit_json_number(r->json, &x, err));
    if (x != rint(x) || fabs(x) > 1e6)
        return rit_json_complain(r->json, place, err, "%g is not a note", x);
    *note = (int64_t)x;
    return RIT_OK;
}

static enum rit_status read_chord(const struct reading *r, uint64_t chord[MOST_WORDS], struct rit_error *err)
{
    const struct rit_rolls *rolls = &r->rolls;
    memset(chord, 0, sizeof *chord * MOST_WORDS);
    RIT_TRY(rit_json_list(r->json, "a chord, which is a list of notes", err));
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(r->json, &more, err));
        if (!more)
            return RIT_OK;
        struct rit_json_place place = rit_json_here(r->json);
        int64_t note;
        RIT_TRY(read_note(r, &note, err));
        if (rolls->lenient && note < 0)
            continue;
        if (note < rolls->lowest || note >= rolls->lowest + rolls->slots)
            return rit_json_complain(r->json, place, err, "note %lld is outside %d..%d", (long long)note,
                                     rolls->lowest, rolls->lowest + rolls->slots - 1);
        uint64_t bit = UINT64_C(1) << (note - rolls->lowest) % 64,
                 *word = &chord[(note - rolls->lowest) / 64];
        if (*word & bit && !rolls->lenient)
            return rit_json_complain(r->json, place, err, "note %lld stands twice in its chord",
                                     (long long)note);
        *word |= bit;
    }
}

static enum rit_status read_piece(const struct reading *r, struct rit_buffer *chords, struct rit_error *err)
{
    struct rit_json_place place = rit_json_here(r->json);
    size_t row = rit_port_bytes((struct rit_port){RIT_ROW_BITS, r->rolls.slots});
    char what[80];
    snprintf(what, sizeof what, "a %s, which is a list of chords", r->rolls.piece);
    RIT_TRY(rit_json_list(r->json, what, err));
    chords->size = 0;
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(r->json, &more, err));
        if (!more)
            break;
        uint64_t chord[MOST_WORDS];
        RIT_TRY(read_chord(r, chord, err));
        rit_pack_bytes(chords, chord, row);
    }
    if (chords->size < 2 * row)
        return rit_json_complain(r->json, place, err, "a %s needs at least two chords", r->rolls.piece);
    return RIT_OK;
}

static enum rit_status read_split(const struct reading *r, struct rit_corpus *split, struct rit_error *err)
{
    char what[80];
    snprintf(what, sizeof what, "a list of %ss", r->rolls.piece);
    split->port = (struct rit_port){RIT_ROW_BITS, r->rolls.slots};
    RIT_TRY(rit_json_list(r->json, what, err));
    struct rit_buffer chords = {0};
    enum rit_status status = RIT_OK;
    for (;;) {
        bool more = false;
        status = rit_json_more(r->json, &more, err);
        if (status != RIT_OK || !more)
            break;
        status = read_piece(r, &chords, err);
        if (status != RIT_OK)
            break;
        rit_corpus_append(split, chords.data, NULL, (int)(chords.size / rit_port_bytes(split->port)));
    }
    rit_buffer_release(&chords);
    return status;
}

/* "slots" or "lowest"; rows that have been read have their width. */
static enum rit_status read_own(struct reading *r, const char *key, struct rit_json_place place,
                                struct rit_error *err)
{
    bool slots = strcmp(key, "slots") == 0;
    int64_t value;
    RIT_TRY(rit_json_integer(r->json, &value, err));
    for (int i = 0; i < SPLITS; i++)
        if (r->seen[i])
            return rit_json_complain(r->json, place, err, "\"%s\" must stand before \"%s\"", key,
                                     split_names[i]);
    if (value < slots || value > (slots ? RIT_WIDEST_BITS : 127))
        return rit_json_complain(r->json, place, err, "\"%s\" is %lld, outside %d..%d", key, (long long)value,
                                 (int)slots, slots ? RIT_WIDEST_BITS : 127);
    *(slots ? &r->rolls.slots : &r->rolls.lowest) = (int)value;
    return RIT_OK;
}

static enum rit_status read_member(struct reading *r, const char *key, struct rit_json_place place,
                                   struct rit_error *err)
{
    int which = 0;
    if (r->rolls.lenient && (strcmp(key, "slots") == 0 || strcmp(key, "lowest") == 0))
        return read_own(r, key, place, err);
    while (which < SPLITS && strcmp(key, split_names[which]) != 0)
        which++;
    if (which == SPLITS)
        return rit_json_complain(r->json, place, err,
                                 "\"%s\" is not one of \"train\", \"valid\" and \"test\"", key);
    if (r->seen[which])
        return rit_json_complain(r->json, place, err, "\"%s\" stands twice", key);
    r->seen[which] = true;
    return read_split(r, &r->split[which], err);
}

static enum rit_status read_file(struct reading *r, struct rit_error *err)
{
    struct rit_json_place top = rit_json_here(r->json);
    RIT_TRY(rit_json_object(r->json, "an object with \"train\", \"valid\" and \"test\"", err));
    for (;;) {
        char key[RIT_JSON_KEY];
        bool more;
        struct rit_json_place place;
        RIT_TRY(rit_json_key(r->json, &more, key, &place, err));
        if (!more)
            break;
        RIT_TRY(read_member(r, key, place, err));
    }
    for (int i = 0; !r->rolls.lenient && i < SPLITS; i++)
        if (!r->seen[i])
            return rit_json_complain(r->json, top, err, "\"%s\" is missing", split_names[i]);
    return rit_json_end(r->json, err);
}

enum rit_status rit_rolls_parse(const struct rit_rolls *rolls, const char *name, const void *text,
                                size_t size, struct rit_corpus *corpus, struct rit_error *err)
{
    struct rit_json json;
    struct reading r = {.json = &json, .rolls = *rolls};
    enum rit_status status = rit_json_open(&json, name, text, size, NESTING, err);
    if (status == RIT_OK)
        status = read_file(&r, err);
    rit_json_release(&json);
    *corpus = (struct rit_corpus){.port = {RIT_ROW_BITS, r.rolls.slots}, .told = rolls->lenient};
    size_t words = (size_t)rit_port_words(corpus->port);
    for (int i = 0; i < SPLITS; i++) {
        const struct rit_corpus *split = &r.split[i];
        for (int c = 0; status == RIT_OK && c < split->sequences; c++)
            rit_corpus_append(corpus, split->bits + (size_t)split->start[c] * words, NULL,
                              split->start[c + 1] - split->start[c]);
        rit_corpus_release(&r.split[i]);
    }
    return status;
}

enum rit_status rit_chorales_parse(const char *name, const void *text, size_t size, struct rit_corpus *corpus,
                                   struct rit_error *err)
{
    static const struct rit_rolls strict = {
        .slots = RIT_SLOTS, .lowest = RIT_LOWEST_NOTE, .piece = "chorale"};
    return rit_rolls_parse(&strict, name, text, size, corpus, err);
}
