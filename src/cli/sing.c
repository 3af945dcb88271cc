/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando sing RUN POINT`: a network is forced through the beginning of a chorale and goes on alone. */
#include "cli/again/again.h"
#include "cli/command.h"
#include "cli/singing/original.h"
#include "cli/singing/writer.h"
#include "cli/stored/choice.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/file.h"
#include "base/pack.h"
#include "base/process.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_sing = {
    .name = "sing",
    .usage =
        "RUN POINT [--start N|FILE] [--force K] [--steps L] [--at TAU] [--temperature T | --threshold P | "
        "--most-likely] [--voices V] [--seed S] [--original | --page] [-o FILE]",
    .summary = "let a trained network sing: as MIDI, a score in MusicXML or ABC, JSON or a table",
    .options = RIT_POINT_HELP
    "\n"
    "  --start N|FILE   sequence N of the data, counted from 0 (\"chorale 17\" and 17 are the same), or the\n"
    "                   first piece of a file, MIDI or JSON in the form of the training data; default: the\n"
    "                   first sequence that was trained on\n"
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
    "  --page           leave the song with what the original goes on with in RUN/songs, for the page of\n"
    "                   'report', where it is seen and heard\n"
    "  -o FILE          .mid, .musicxml, .abc, .json or .csv; without it the notes are printed\n",
    .run = run,
};

struct request {
    const char *run, *point, *start, *out;
    double at; /* NaN: the end */
    long force, steps, voices, seed;
    bool original, page;
    double temperature, threshold;
};

static enum rit_status read_option(const char *option, const char *text, struct request *r,
                                   struct rit_error *err)
{
    if (strcmp(option, "--start") == 0)
        r->start = text;
    else if (strcmp(option, "-o") == 0)
        r->out = text;
    else if (strcmp(option, "--force") == 0)
        return rit_words_whole(option, text, 1, RIT_SONG_MOST_ROWS, &r->force, err);
    else if (strcmp(option, "--steps") == 0)
        return rit_words_whole(option, text, 0, RIT_SONG_MOST_ROWS, &r->steps, err);
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
        else if (strcmp(argv[i], "--page") == 0)
            r->page = true;
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

/* The rows to be forced, and what the network makes of them. */
static enum rit_status make_song(const struct request *r, struct rit_trail *trail,
                                 const struct rit_original *original, struct rit_song *song,
                                 struct rit_error *err)
{
    RIT_TRY(rit_trail_reach(trail, isnan(r->at) ? trail->stored.outcome.tau : r->at, err));
    struct rit_singer singer = {
        .point = &trail->point, .model = rit_model_of(&trail->point), .block = &trail->block};
    singer.w = rit_run_weights(trail->run, &singer.layout);
    struct rit_manner manner = {.temperature = r->temperature,
                                .threshold = r->threshold,
                                .voices = r->voices < 0 ? rit_block_voices(&trail->block) : (int)r->voices,
                                .seed = (uint64_t)r->seed};
    *song = rit_song_begin(&original->song, (int)r->force, (int)(r->force + r->steps));
    RIT_TRY(rit_sing(&singer, &manner, original->piece, song, err));
    song->leaves = rit_song_leaves(song, &original->song);
    return RIT_OK;
}

static struct rit_song copy_original(const struct request *r, const struct rit_original *original)
{
    int rows = (int)(r->force + r->steps);
    if (rows > original->song.rows)
        rows = original->song.rows;
    return rit_song_begin(&original->song, rows, rows);
}

/* A sentence for people. */
static void say(const struct request *r, const struct rit_original *original, const struct rit_song *song,
                double tau)
{
    int sung = song->rows - song->forced, could = original->song.rows - song->forced;
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

/* Into RUN/songs, by the point's identity. */
static enum rit_status leave_for_page(const struct rit_trail *trail, const struct rit_original *original,
                                      const struct rit_song *song, struct rit_error *err)
{
    char path[RIT_PATH], hex[17];
    struct rit_buffer out = {0};
    if (!song->notes)
        return rit_fail(err, RIT_USAGE, "--page: the data are no notes, and a page has scores only");
    rit_hash_hex(&trail->stored.identity, 16, hex);
    RIT_TRY(rit_file_path(path, err, "%s/songs", trail->run_folder));
    RIT_TRY(rit_file_make_folder(path, err));
    RIT_TRY(rit_file_path(path, err, "%s/songs/%s.json", trail->run_folder, hex));
    rit_song_beside(song, &original->song, &out);
    enum rit_status status = rit_file_replace(path, out.data, out.size, err);
    rit_buffer_release(&out);
    return status;
}

static enum rit_status sing_of(const struct request *r, const struct rit_writer *writer,
                               struct rit_trail *trail, struct rit_error *err)
{
    struct rit_original original;
    struct rit_song song = {.rows = 0};
    char title[256], hex[13];
    rit_hash_hex(&trail->stored.identity, 12, hex);
    enum rit_status status = rit_original_find(r->start, r->force, trail, &original, err);
    if (status == RIT_OK && r->original)
        song = copy_original(r, &original);
    else if (status == RIT_OK)
        status = make_song(r, trail, &original, &song, err);
    if (status == RIT_OK) {
        snprintf(title, sizeof title, r->original ? "%s" : "%s, sung by %s", original.name, hex);
        song.title = title;
        song.notes = original.song.notes;
        song.lowest = original.song.lowest;
        song.step = original.song.step;
        if (writer || !r->page)
            status = rit_song_write(writer, &song, r->out, err);
    }
    if (status == RIT_OK && r->page)
        status = leave_for_page(trail, &original, &song, err);
    if (status == RIT_OK)
        say(r, &original, &song, trail->tau);
    rit_song_release(&song);
    rit_original_release(&original);
    return status;
}

static enum rit_status sing(const struct request *r, struct rit_error *err)
{
    struct rit_holding holding;
    struct rit_trail trail;
    const struct rit_writer *writer;
    RIT_TRY(rit_writer_find(r->out, &writer, err));
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
