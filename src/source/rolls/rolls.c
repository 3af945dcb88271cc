/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/rolls/rolls.h"

#include "base/pack.h"
#include "source/json/json.h"

#include <stdio.h>
#include <string.h>

enum {
    NESTING = 4, /* object, split, piece, row */
    SPLITS = 3
};

static const char *const split_names[SPLITS] = {"train", "valid", "test"}; /* in the order of a block */

/* A text on its way into a corpus. */
struct rolls {
    struct rit_json json;
    struct rit_roll_form form;
    struct rit_corpus split[SPLITS]; /* rows of notes */
    struct rit_buffer rows;          /* of the piece that is read */
};

/* A rest where a note could stand, as in files of separated voices. */
static enum rit_status skip_rest(struct rit_json *json, bool *rest, struct rit_error *err)
{
    static const char *const words[] = {"null", "NaN", "-1", "-1.0"};
    *rest = false;
    for (size_t i = 0; !*rest && i < sizeof words / sizeof words[0]; i++)
        RIT_TRY(rit_json_word(json, words[i], rest, err));
    return RIT_OK;
}

static enum rit_status read_note(struct rolls *rolls, uint64_t row[2], struct rit_error *err)
{
    struct rit_json *json = &rolls->json;
    struct rit_json_place place = rit_json_here(json);
    const struct rit_roll_form *form = &rolls->form;
    int64_t note;
    bool rest = false;
    if (form->free)
        RIT_TRY(skip_rest(json, &rest, err));
    if (rest)
        return RIT_OK;
    RIT_TRY(form->free ? rit_json_whole(json, &note, err) : rit_json_integer(json, &note, err));
    if (!rit_window_has(&form->window, note)) {
        char range[32];
        rit_window_print(&form->window, range, sizeof range);
        return rit_json_complain(json, place, err, "note %lld is outside %s%s", (long long)note, range,
                                 form->free ? " (data.lowest, data.slots)" : "");
    }
    uint64_t bit = (uint64_t)1 << note % 64;
    if (row[note / 64] & bit && !form->free)
        return rit_json_complain(json, place, err, "note %lld stands twice in its %s", (long long)note,
                                 form->row);
    row[note / 64] |= bit;
    return RIT_OK;
}

static enum rit_status read_row(struct rolls *rolls, struct rit_error *err)
{
    uint64_t row[2] = {0, 0};
    char what[64];
    snprintf(what, sizeof what, "a %s, which is a list of notes", rolls->form.row);
    RIT_TRY(rit_json_list(&rolls->json, what, err));
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(&rolls->json, &more, err));
        if (!more)
            break;
        RIT_TRY(read_note(rolls, row, err));
    }
    rit_pack_bytes(&rolls->rows, row, sizeof row);
    return RIT_OK;
}

static enum rit_status read_piece(struct rolls *rolls, struct rit_error *err)
{
    struct rit_json *json = &rolls->json;
    struct rit_json_place place = rit_json_here(json);
    char what[64];
    snprintf(what, sizeof what, "a %s, which is a list of %ss", rolls->form.piece, rolls->form.row);
    RIT_TRY(rit_json_list(json, what, err));
    rolls->rows.size = 0;
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(json, &more, err));
        if (!more)
            break;
        RIT_TRY(read_row(rolls, err));
    }
    if (rolls->rows.size < 2 * rit_port_bytes(RIT_NOTES_PORT))
        return rit_json_complain(json, place, err, "a %s needs at least two %ss", rolls->form.piece,
                                 rolls->form.row);
    return RIT_OK;
}

static enum rit_status read_split(struct rolls *rolls, struct rit_corpus *split, struct rit_error *err)
{
    char what[64];
    snprintf(what, sizeof what, "a list of %ss", rolls->form.piece);
    RIT_TRY(rit_json_list(&rolls->json, what, err));
    for (;;) {
        bool more;
        RIT_TRY(rit_json_more(&rolls->json, &more, err));
        if (!more)
            return RIT_OK;
        RIT_TRY(read_piece(rolls, err));
        rit_corpus_append(split, rolls->rows.data, NULL,
                          (int)(rolls->rows.size / rit_port_bytes(RIT_NOTES_PORT)));
    }
}

/* "slots" or "lowest" of the file, which what the point says takes precedence over. */
static enum rit_status read_setting(struct rolls *rolls, bool slots, struct rit_error *err)
{
    struct rit_json_place place = rit_json_here(&rolls->json);
    int64_t value;
    RIT_TRY(rit_json_whole(&rolls->json, &value, err));
    if (value < slots || value >= RIT_NOTES + slots)
        return rit_json_complain(&rolls->json, place, err, "%lld is outside %d..%d", (long long)value, slots,
                                 RIT_NOTES - 1 + slots);
    struct rit_window *window = &rolls->form.window;
    if (slots && window->slots == 0)
        window->slots = (int)value;
    if (!slots && window->lowest < 0)
        window->lowest = (int)value;
    return RIT_OK;
}

/* The member that `key`, at `place`, names. */
static enum rit_status read_member(struct rolls *rolls, const char *key, struct rit_json_place place,
                                   bool seen[SPLITS], struct rit_error *err)
{
    struct rit_json *json = &rolls->json;
    bool slots = strcmp(key, "slots") == 0, any = seen[0] || seen[1] || seen[2];
    if (rolls->form.free && (slots || strcmp(key, "lowest") == 0)) {
        if (any)
            return rit_json_complain(json, place, err, "\"%s\" must stand before the %ss", key,
                                     rolls->form.piece);
        return read_setting(rolls, slots, err);
    }
    int which = 0;
    while (which < SPLITS && strcmp(key, split_names[which]) != 0)
        which++;
    if (which == SPLITS)
        return rit_json_complain(json, place, err, "\"%s\" is not one of %s\"train\", \"valid\" and \"test\"",
                                 key, rolls->form.free ? "\"slots\", \"lowest\", " : "");
    if (seen[which])
        return rit_json_complain(json, place, err, "\"%s\" stands twice", key);
    seen[which] = true;
    return read_split(rolls, &rolls->split[which], err);
}

static enum rit_status read_splits(struct rolls *rolls, struct rit_error *err)
{
    bool seen[SPLITS] = {false};
    struct rit_json *json = &rolls->json;
    struct rit_json_place top = rit_json_here(json);
    RIT_TRY(rit_json_object(json, "an object with \"train\", \"valid\" and \"test\"", err));
    for (;;) {
        char key[RIT_JSON_KEY];
        bool more;
        struct rit_json_place place;
        RIT_TRY(rit_json_key(json, &more, key, &place, err));
        if (!more)
            break;
        RIT_TRY(read_member(rolls, key, place, seen, err));
    }
    for (int i = 0; i < SPLITS && !rolls->form.free; i++)
        if (!seen[i])
            return rit_json_complain(json, top, err, "\"%s\" is missing", split_names[i]);
    return RIT_OK;
}

static enum rit_status read_all(struct rolls *rolls, struct rit_error *err)
{
    RIT_TRY(rolls->form.free && rit_json_at_list(&rolls->json) ? read_split(rolls, &rolls->split[0], err)
                                                               : read_splits(rolls, err));
    return rit_json_end(&rolls->json, err);
}

enum rit_status rit_rolls_parse(const char *name, const void *text, size_t size, struct rit_roll_form form,
                                struct rit_corpus *corpus, struct rit_error *err)
{
    *corpus = (struct rit_corpus){.port = RIT_NOTES_PORT};
    struct rolls rolls = {.form = form};
    for (int i = 0; i < SPLITS; i++)
        rolls.split[i].port = RIT_NOTES_PORT;
    enum rit_status status = rit_json_open(&rolls.json, name, text, size, NESTING, err);
    if (status == RIT_OK)
        status = read_all(&rolls, err);
    rit_json_release(&rolls.json);
    rit_buffer_release(&rolls.rows);
    for (int i = 0; i < SPLITS; i++) {
        const struct rit_corpus *split = &rolls.split[i];
        for (int c = 0; status == RIT_OK && c < split->sequences; c++)
            rit_corpus_append(corpus, split->bits + 2 * split->start[c], NULL,
                              split->start[c + 1] - split->start[c]);
        rit_corpus_release(&rolls.split[i]);
    }
    if (status == RIT_OK)
        status = rit_window_cut(&rolls.form.window, name, corpus, err);
    if (status != RIT_OK)
        rit_corpus_release(corpus);
    return status;
}
