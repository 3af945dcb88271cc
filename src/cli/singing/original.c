/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/singing/original.h"

#include <ritardando/limit.h>

#include "base/file.h"
#include "cli/words/words.h"
#include "source/midi/midi.h"
#include "source/rolls/rolls.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST_FILE = 16 << 20, MOST_SEQUENCES = 1000000 };

void rit_original_release(struct rit_original *original)
{
    rit_song_release(&original->song);
}

/* Quarter notes a row. */
static double step_of(const struct rit_point *point)
{
    int i = rit_param_find(point->registry, "data.midi-step");
    return i >= 0 && rit_param_applies(point, i) ? point->value[i].x : 1.0;
}

/* ---- a sequence of the data ---- */

/* Cut as it would be trained on, and standardised as the training data are. */
static enum rit_status take_sequence(const struct rit_trail *trail, struct rit_corpus *corpus, int number,
                                     struct rit_original *original, struct rit_error *err)
{
    const struct rit_point *point = &trail->point;
    const char *noun = rit_source_of(point)->noun;
    struct rit_block block;
    corpus->measured_first = (int)rit_point_int(point, "data.first");
    corpus->measured = (int)rit_point_int(point, "data.chorales");
    RIT_TRY(rit_task_of(point)->cut(point, corpus, noun, number, 1, &block, err));
    original->song = rit_song_original(&block, 0, INT_MAX);
    original->piece = (uint64_t)number;
    snprintf(original->name, sizeof original->name, "%s %d", noun, number);
    rit_block_release(&block);
    return RIT_OK;
}

/* Whether the text is a number, alone or behind the noun; *number points to it. */
static bool is_number(const char *text, const char *noun, const char **number)
{
    size_t length = strlen(noun);
    if (strncmp(text, noun, length) == 0)
        text += length + strspn(text + length, " ");
    *number = text;
    return text[0] && text[strspn(text, "0123456789")] == 0;
}

/* ---- a piece of a file ---- */

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

/* One row for each step of the data; what the window leaves out is refused. */
static enum rit_status parse_midi(const char *path, const struct rit_buffer *text, double step,
                                  struct rit_window window, struct rit_corpus *corpus, struct rit_error *err)
{
    struct rit_buffer rows = {0};
    *corpus = (struct rit_corpus){.port = RIT_NOTES_PORT, .told = true};
    enum rit_status status = rit_midi_read(path, text->data, text->size, step, &rows, err);
    if (status == RIT_OK) {
        rit_corpus_append(corpus, rows.data, NULL, (int)(rows.size / rit_port_bytes(RIT_NOTES_PORT)));
        status = rit_window_cut(&window, path, corpus, err);
    }
    rit_buffer_release(&rows);
    return status;
}

static enum rit_status parse(const char *path, const struct rit_buffer *text, double step,
                             struct rit_window window, struct rit_corpus *corpus, struct rit_error *err)
{
    struct rit_roll_form form = {.window = window, .free = true, .piece = "piece", .row = "row"};
    bool midi = text->size >= 4 && memcmp(text->data, "MThd", 4) == 0;
    if (midi || ends_in(path, ".mid") || ends_in(path, ".midi"))
        return parse_midi(path, text, step, window, corpus, err);
    return rit_rolls_parse(path, text->data, text->size, form, corpus, err);
}

/* The name of the file for people, without what would not stand in a score. */
static void name_file(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    snprintf(name, size, "%s", slash ? slash + 1 : path);
    for (char *c = name; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '%' || *c == '\\')
            *c = '_';
}

static enum rit_status take_file(const char *path, const struct rit_trail *trail, int lowest,
                                 struct rit_original *original, struct rit_error *err)
{
    struct rit_port port = trail->block.in.port;
    struct rit_buffer text = {0};
    struct rit_corpus corpus = {0};
    RIT_TRY(rit_file_read(path, LARGEST_FILE, &text, err));
    enum rit_status status =
        parse(path, &text, step_of(&trail->point), (struct rit_window){lowest, port.width}, &corpus, err);
    rit_buffer_release(&text);
    if (status == RIT_OK && corpus.sequences == 0)
        status = rit_fail(err, RIT_BAD_INPUT, "%s: there is no piece to start from", path);
    if (status == RIT_OK) {
        original->song = rit_song_new(port, corpus.start[1], corpus.start[1]);
        memcpy(original->song.bits, corpus.bits, (size_t)corpus.start[1] * rit_port_bytes(port));
        original->piece = (uint64_t)rit_point_int(&trail->point, "data.first");
        name_file(path, original->name, sizeof original->name);
    }
    rit_corpus_release(&corpus);
    return status;
}

/* ---- which of them ---- */

static enum rit_status take(const char *start, const struct rit_trail *trail, struct rit_original *original,
                            struct rit_error *err)
{
    const struct rit_source *source = rit_source_of(&trail->point);
    const char *digits;
    struct rit_corpus corpus = {0};
    long number = (long)rit_point_int(&trail->point, "data.first");
    bool file = start && !is_number(start, source->noun, &digits);
    if (start && !file)
        RIT_TRY(rit_words_whole("--start", digits, 0, MOST_SEQUENCES, &number, err));
    int need = rit_block_need(&trail->point);
    RIT_TRY(source->load(&trail->point, !file && number >= need ? (int)number + 1 : need, &corpus, err));
    enum rit_status status = RIT_OK;
    if (!file)
        status = take_sequence(trail, &corpus, (int)number, original, err);
    else if (corpus.notes)
        status = take_file(start, trail, corpus.lowest, original, err);
    else
        status =
            rit_fail(err, RIT_USAGE,
                     "--start: '%s' is no number of a sequence, and the data are no notes of which there "
                     "could be a file",
                     start);
    original->song.notes = corpus.notes;
    original->song.lowest = corpus.lowest;
    original->song.step = step_of(&trail->point);
    rit_corpus_release(&corpus);
    return status;
}

enum rit_status rit_original_find(const char *start, long force, const struct rit_trail *trail,
                                  struct rit_original *original, struct rit_error *err)
{
    *original = (struct rit_original){.piece = 0};
    if (!trail->block.next)
        return rit_fail(err, RIT_BAD_INPUT,
                        "task.name: a network sings what it was taught to go on with, and "
                        "%s asks for something else",
                        rit_point_name(&trail->point, "task.name"));
    if (rit_limit_of(&trail->point)->model)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "limit.name: infinite width is known at the rows it was trained on only, and cannot sing");
    if (start && !start[0])
        return rit_fail(err, RIT_USAGE, "--start: give the number of a sequence, or a file");
    RIT_TRY(take(start, trail, original, err));
    struct rit_rows rows = rit_song_rows(&original->song);
    if (force > original->song.rows)
        return rit_fail(err, RIT_USAGE, "--force: %ld rows are to be forced, but %s has only %d", force,
                        original->name, original->song.rows);
    if (original->song.notes && rit_rows_count(&rows, (int)force) == 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "--start: no note sounds in the %ld rows of %s that are to be forced", force,
                        original->name);
    return RIT_OK;
}
