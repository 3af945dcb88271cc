/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando sing RUN POINT`: a network is forced through the beginning of a chorale and goes on alone. */
#include "cli/again/again.h"
#include "cli/command.h"
#include "cli/stored/choice.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/file.h"
#include "base/process.h"
#include "music/song.h"
#include "source/rolls/rolls.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 10000, LARGEST_FILE = 16 << 20 };

static int run(int argc, char **argv);

const struct rit_command rit_command_sing = {
    .name = "sing",
    .usage =
        "RUN POINT [--start N|FILE] [--force K] [--steps L] [--at TAU] [--temperature T | --threshold P | "
        "--most-likely] [--voices V] [--seed S] [--original] [-o FILE]",
    .summary = "let a trained network sing: as MIDI, a score in ABC, JSON or a table",
    .options = RIT_POINT_HELP
    "\n"
    "  --start N|FILE   sequence N of the data, counted from 0, or the first piece of a JSON file in the "
    "form\n"
    "                   of the training data; default: the first that was trained on\n"
    "  --force K        rows of it that the network is forced through (default 8)\n"
    "  --steps L        rows that it then sings alone (default 64)\n"
    "  --at TAU         the network at this proper time; default: the end of its run\n"
    "  --temperature T  notes are drawn with the probabilities sigmoid(2H/T) (default 1; 0: most likely)\n"
    "  --threshold P    notes sound whose probability exceeds P\n"
    "  --most-likely    the most likely chord\n"
    "  --voices V       at most so many notes at once, the most probable; 0: any number; default: as many\n"
    "                   as the data it was trained on have\n"
    "  --seed S         of the draws (default 1)\n"
    "  --original       write these rows of the original instead\n"
    "  -o FILE          .mid, .abc, .json or .csv; without it the notes are printed\n",
    .run = run,
};

struct request {
    const char *run, *point, *start, *out;
    double at; /* NaN: the end */
    long force, steps, voices, seed;
    bool original;
    double temperature, threshold;
};

static const struct writer {
    const char *ending;
    bool notes; /* of notes only */
    void (*write)(const struct rit_song *song, struct rit_buffer *out);
} writers[] = {{".mid", true, rit_song_midi},
               {".midi", true, rit_song_midi},
               {".abc", true, rit_song_abc},
               {".json", true, rit_song_json},
               {".csv", false, rit_song_table}};

static enum rit_status read_option(const char *option, const char *text, struct request *r,
                                   struct rit_error *err)
{
    if (strcmp(option, "--start") == 0)
        r->start = text;
    else if (strcmp(option, "-o") == 0)
        r->out = text;
    else if (strcmp(option, "--force") == 0)
        return rit_words_whole(option, text, 1, MOST_ROWS, &r->force, err);
    else if (strcmp(option, "--steps") == 0)
        return rit_words_whole(option, text, 0, MOST_ROWS, &r->steps, err);
    else if (strcmp(option, "--voices") == 0)
        return rit_words_whole(option, text, 0, RIT_MOST_VOICES, &r->voices, err);
    else if (strcmp(option, "--seed") == 0)
        return rit_words_whole(option, text, 0, 9000000000000000, &r->seed, err);
    else if (strcmp(option, "--at") == 0)
        return rit_words_number(option, text, 0, 1e15, &r->at, err);
    else if (strcmp(option, "--temperature") == 0)
        return rit_words_number(option, text, 0, 1000, &r->temperature, err);
    else
        return rit_words_number(option, text, 0, 1, &r->threshold, err);
    return RIT_OK;
}

static enum rit_status read_request(int argc, char **argv, struct request *r, struct rit_error *err)
{
    *r = (struct request){
        .at = NAN, .force = 8, .steps = 64, .voices = -1, .seed = 1, .temperature = 1.0, .threshold = -1.0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--original") == 0)
            r->original = true;
        else if (strcmp(argv[i], "--most-likely") == 0)
            r->temperature = 0.0;
        else if (argv[i][0] == '-') {
            RIT_TRY(read_option(argv[i], argv[i + 1], r, err));
            i++;
        } else if (!r->run)
            r->run = argv[i];
        else
            r->point = argv[i];
    }
    return RIT_OK;
}

static enum rit_status find_writer(const char *path, const struct writer **writer, struct rit_error *err)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    *writer = NULL;
    for (size_t i = 0; dot && i < sizeof writers / sizeof writers[0]; i++)
        if (strcmp(dot, writers[i].ending) == 0)
            *writer = &writers[i];
    if (path && !*writer)
        return rit_fail(err, RIT_USAGE, "-o %s: its name must end in .mid, .abc, .json or .csv", path);
    return RIT_OK;
}

/* What is sung from: rows of the data or of a file. */
struct original {
    bool notes;
    int lowest, rows;
    long number;              /* of the sequence; 0 for a file */
    struct rit_block block;   /* of a sequence; owned */
    struct rit_corpus corpus; /* of a file; owned */
};

static void release(struct original *o)
{
    rit_block_release(&o->block);
    rit_corpus_release(&o->corpus);
}

/* Row r into song row `to`. */
static void copy_row(const struct original *o, int r, struct rit_song *song, int to)
{
    size_t bytes = rit_port_bytes(song->port);
    struct rit_rows rows = {.port = song->port, .bits = o->corpus.bits};
    if (o->block.pairs > 0)
        rows = r < o->block.pairs ? o->block.in : o->block.asked;
    if (o->block.pairs > 0 && r == o->block.pairs)
        r--;
    rows = rit_rows_from(rows, r);
    char *song_rows = song->bits ? (char *)song->bits : (char *)song->real;
    memcpy(song_rows + (size_t)to * bytes, rows.bits ? (const void *)rows.bits : rows.real, bytes);
}

/* The sequence as it would be trained on, standardised as the training data are. */
static enum rit_status cut(const struct rit_trail *trail, struct rit_corpus *corpus, struct original *o,
                           struct rit_error *err)
{
    const struct rit_source *source = rit_source_of(&trail->point);
    corpus->measured_first = (int)rit_point_int(&trail->point, "data.first");
    corpus->measured = (int)rit_point_int(&trail->point, "data.chorales");
    RIT_TRY(rit_task_of(&trail->point)
                ->cut(&trail->point, corpus, source->noun, (int)o->number, 1, &o->block, err));
    o->rows = o->block.pairs + 1;
    return RIT_OK;
}

static enum rit_status read_piece(const char *path, struct rit_port port, struct original *o,
                                  struct rit_error *err)
{
    struct rit_buffer text = {0};
    struct rit_roll_form form = {
        .window = {o->lowest, port.width}, .free = true, .piece = "piece", .row = "row"};
    if (!o->notes)
        return rit_fail(err, RIT_USAGE, "--start: the data are no notes: give the number of a sequence");
    RIT_TRY(rit_file_read(path, LARGEST_FILE, &text, err));
    enum rit_status status = rit_rolls_parse(path, text.data, text.size, form, &o->corpus, err);
    rit_buffer_release(&text);
    RIT_TRY(status);
    if (o->corpus.sequences == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: there is no piece to start from", path);
    o->rows = o->corpus.start[1];
    return RIT_OK;
}

static enum rit_status find_original(const struct request *r, const struct rit_trail *trail,
                                     struct original *o, struct rit_error *err)
{
    struct rit_corpus corpus = {0};
    bool is_number = r->start && r->start[0] && r->start[strspn(r->start, "0123456789")] == 0;
    o->number = rit_point_int(&trail->point, "data.first");
    if (is_number)
        RIT_TRY(rit_words_whole("--start", r->start, 0, 1000000, &o->number, err));
    if (!trail->block.next)
        return rit_fail(err, RIT_BAD_INPUT,
                        "task.name: a network sings what it was taught to go on with, and "
                        "%s asks for something else",
                        rit_point_name(&trail->point, "task.name"));
    int need = rit_block_need(&trail->point);
    RIT_TRY(rit_source_of(&trail->point)
                ->load(&trail->point, o->number + 1 > need ? (int)o->number + 1 : need, &corpus, err));
    o->notes = corpus.notes;
    o->lowest = corpus.lowest;
    enum rit_status status = r->start && !is_number ? read_piece(r->start, trail->block.in.port, o, err)
                                                    : cut(trail, &corpus, o, err);
    rit_corpus_release(&corpus);
    if (status == RIT_OK && r->force > o->rows)
        status = rit_fail(err, RIT_USAGE, "--force: %ld rows are to be forced, but there are only %d",
                          r->force, o->rows);
    return status;
}

/* The most notes at once in the training block. */
static int voices_of(const struct rit_block *block)
{
    int most = 1;
    for (int t = 0; block->in.bits && t < block->pairs; t++) {
        struct rit_rows row = rit_rows_from(block->in, t);
        int n = (int)rit_rows_count(&row, 1);
        most = n > most ? n : most;
    }
    return most;
}

static double step_of(const struct rit_point *point)
{
    int i = rit_param_find(point->registry, "data.midi-step");
    return i >= 0 && rit_param_applies(point, i) ? point->value[i].x : 1.0;
}

/* Where the song first differs from the original, as far as that goes; song->rows if nowhere. */
static int leaves(const struct original *o, const struct rit_song *song)
{
    struct rit_song row = rit_song_new(song->port, 0, 1);
    size_t bytes = rit_port_bytes(song->port);
    const char *rows = song->bits ? (const char *)song->bits : (const char *)song->real;
    int r = song->forced;
    for (; r < song->rows && r < o->rows; r++) {
        copy_row(o, r, &row, 0);
        if (memcmp(row.bits ? (const void *)row.bits : row.real, rows + (size_t)r * bytes, bytes) != 0)
            break;
    }
    rit_song_release(&row);
    return r;
}

static enum rit_status make_song(const struct request *r, struct rit_trail *trail, const struct original *o,
                                 struct rit_song *song, struct rit_error *err)
{
    long rows = r->force + r->steps;
    *song = rit_song_new(trail->block.in.port, (int)r->force,
                         (int)(r->original && rows > o->rows ? o->rows : rows));
    song->notes = o->notes;
    song->lowest = o->lowest;
    song->step = step_of(&trail->point);
    for (int t = 0; t < song->rows && (r->original || t < song->forced); t++)
        copy_row(o, t, song, t);
    if (r->original)
        return RIT_OK;
    RIT_TRY(rit_trail_reach(trail, isnan(r->at) ? trail->stored.outcome.tau : r->at, err));
    struct rit_singer singer = {
        .point = &trail->point, .model = rit_model_of(&trail->point), .block = &trail->block};
    singer.w = rit_run_weights(trail->run, &singer.layout);
    struct rit_manner manner = {.temperature = r->temperature,
                                .threshold = r->threshold,
                                .voices = r->voices < 0 ? voices_of(&trail->block) : (int)r->voices,
                                .seed = (uint64_t)r->seed};
    RIT_TRY(rit_sing(&singer, &manner, (uint64_t)o->number, song, err));
    song->leaves = leaves(o, song);
    return RIT_OK;
}

/* A sentence for people. */
static void say(const struct request *r, const struct original *o, const struct rit_song *song, double tau)
{
    int sung = song->rows - song->forced, could = o->rows - song->forced;
    if (r->original) {
        printf("%d rows of the original.\n", song->rows);
        return;
    }
    printf("tau = %g: %d rows forced, %d sung", tau, song->forced, sung);
    if (song->port.kind == RIT_ROW_BITS)
        printf("; as the original for %d of the %d rows that could be", song->leaves - song->forced,
               could < sung ? could : sung);
    printf(".\n");
}

static enum rit_status write(const struct request *r, const struct writer *writer,
                             const struct rit_song *song, struct rit_error *err)
{
    struct rit_buffer out = {0};
    if (writer && writer->notes && !song->notes)
        return rit_fail(err, RIT_USAGE, "-o %s: the data are no notes; they make a table, .csv", r->out);
    (writer ? writer->write : song->notes ? rit_song_text : rit_song_table)(song, &out);
    enum rit_status status = RIT_OK;
    if (writer)
        status = rit_file_replace(r->out, out.data, out.size, err);
    else
        printf("%.*s", (int)out.size, (const char *)out.data);
    rit_buffer_release(&out);
    return status;
}

static enum rit_status sing_of(const struct request *r, const struct writer *writer, struct rit_trail *trail,
                               struct rit_error *err)
{
    struct original o = {.number = 0};
    struct rit_song song = {.rows = 0};
    char title[256], hex[13];
    rit_hash_hex(&trail->stored.identity, 12, hex);
    enum rit_status status = find_original(r, trail, &o, err);
    if (status == RIT_OK)
        status = make_song(r, trail, &o, &song, err);
    if (status == RIT_OK) {
        snprintf(title, sizeof title, r->original ? "%s %ld" : "%s %ld, sung by %s",
                 rit_source_of(&trail->point)->noun, o.number, hex);
        song.title = title;
        status = write(r, writer, &song, err);
    }
    if (status == RIT_OK)
        say(r, &o, &song, trail->tau);
    rit_song_release(&song);
    release(&o);
    return status;
}

static enum rit_status sing(const struct request *r, struct rit_error *err)
{
    struct rit_holding holding;
    struct rit_trail trail;
    const struct writer *writer;
    RIT_TRY(find_writer(r->out, &writer, err));
    if (writer)
        RIT_TRY(rit_file_check_place(r->out, err));
    RIT_TRY(rit_holding_open(r->run, &holding, err));
    rit_results_say(&holding.results);
    enum rit_status status = rit_trail_open(&holding, r->point, isnan(r->at) ? 0.0 : r->at, &trail, err);
    if (status == RIT_OK)
        status = sing_of(r, writer, &trail, err);
    rit_trail_close(&trail);
    rit_holding_close(&holding);
    return status;
}

static int run(int argc, char **argv)
{
    struct request request;
    struct rit_error err = {0};
    rit_stop_on_signals();
    enum rit_status status = read_request(argc, argv, &request, &err);
    if (status == RIT_OK)
        status = sing(&request, &err);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
