/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the network sings along a run (music/song.h): it is forced through the beginnings of sequences that it
 * is trained on and goes on alone, to their ends at most, at the first times of the common grid that the NLL
 * is below thresholds, or that have come. Of these songs: how many rows they go on as the original, how many
 * notes a row has, and which chords, transitions and runs of chords occur nowhere in the training block.
 * Controls are the network before training, the originals themselves, those of the block held out, and the
 * originals with the rows behind the forced ones shuffled. Sequences of
 * numbers have no chords, and are refused.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/random.h"
#include "observe/grid/growth.h"
#include "observe/song/tally.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SONGS = 2 * RIT_MAX_LIST + 4, MOST_ROWS = 10000, LABEL = 40 };

static const struct rit_param params[] = {
    {.key = "observe.song",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "let the network sing along the run, and measure how well it does"},
    {.key = "observe.song-thresholds",
     .kind = RIT_REALS,
     .fallback = "[0.01, 0.02, 0.05, 0.1, 0.2]",
     .low = 1e-6,
     .high = 10.0,
     .unit = "bit",
     .meaning = "it sings at the first times of the common grid at which the NLL is below these"},
    {.key = "observe.song-times",
     .kind = RIT_REALS,
     .fallback = "[]",
     .low = 0.0,
     .high = 1e15,
     .unit = "tau",
     .meaning = "and at the first times of the common grid from these on"},
    {.key = "observe.song-starts",
     .kind = RIT_INT,
     .fallback = "10",
     .low = 1,
     .high = 100000,
     .unit = "sequences",
     .meaning = "it goes on with so many of the sequences it is trained on, the first ones"},
    {.key = "observe.song-forced",
     .kind = RIT_INT,
     .fallback = "8",
     .low = 1,
     .high = 10000,
     .unit = "rows",
     .meaning = "rows of each that it is forced through; shorter sequences are left out"},
    {.key = "observe.song-rows",
     .kind = RIT_INT,
     .fallback = "56",
     .low = 1,
     .high = MOST_ROWS,
     .unit = "rows",
     .meaning = "most rows that it then sings; it ends where the original does"},
    {.key = "observe.song-temperature",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0.0,
     .high = 1000.0,
     .unit = "1",
     .meaning = "notes are drawn with the probabilities sigmoid(2H/T); 0: the most likely chord"},
};

/* What must be equal for songs to be the same. */
static const char *const settings[] = {"observe.song-starts", "observe.song-forced", "observe.song-rows",
                                       "observe.song-temperature"};

/* Of one moment, what is written. */
struct verdict {
    double tau, nll; /* NaN: it has not come, or is a control */
    double continued, possible, whole, density, known_chords, known_transitions, novelty[RIT_GRAMS];
};

struct song {
    const struct rit_scene *scene;
    int thresholds; /* moments: untrained, those at thresholds, those at times */
    const double *threshold;
    int times;
    const double *time;
    int starts, forced, rows;
    struct rit_manner manner;
    struct rit_repertoire repertoire;
    /* state */
    double *lowest;          /* [1] NLL of all grid times */
    struct verdict *verdict; /* [moments] */
};

static const struct verdict nothing = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, {NAN, NAN, NAN, NAN}};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (strcmp(rit_point_name(point, "limit.name"), "none") != 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.song: infinite width is known at the rows it is trained on only, and cannot "
                        "sing; take a finite width");
    if (strcmp(rit_point_name(point, "task.name"), "next-step") != 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.song: a network sings what it was taught to go on with, and task.name: %s "
                        "asks for something else",
                        rit_point_name(point, "task.name"));
    return RIT_OK;
}

static enum rit_status fits(const struct rit_point *point, const struct rit_block *block,
                            const struct rit_layout *layout, struct rit_error *err)
{
    (void)layout;
    int starts = (int)rit_point_int(point, "observe.song-starts"),
        forced = (int)rit_point_int(point, "observe.song-forced"), longest = 0;
    if (block->in.port.kind != RIT_ROW_BITS)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.song: what is asked of songs is which chords they have, and rows of numbers "
                        "are none");
    for (int s = 0; s < starts && s < block->sequences; s++)
        longest =
            block->start[s + 1] - block->start[s] > longest ? block->start[s + 1] - block->start[s] : longest;
    if (longest < forced)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.song-forced: %d rows are to be forced, and none of the sequences to start "
                        "from has more than %d",
                        forced, longest + 1);
    return RIT_OK;
}

static int moments_of(const struct song *self)
{
    return 1 + self->thresholds + self->times;
}

static void *open_song(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    const struct rit_point *point = scene->point;
    struct song *self = RIT_TAKE(work, 1, struct song);
    struct song local = {.scene = scene,
                         .starts = (int)rit_point_int(point, "observe.song-starts"),
                         .forced = (int)rit_point_int(point, "observe.song-forced"),
                         .rows = (int)rit_point_int(point, "observe.song-rows"),
                         .manner = {.temperature = rit_point_real(point, "observe.song-temperature"),
                                    .threshold = -1.0,
                                    .seed = rit_random_seed(point)}};
    local.thresholds = rit_point_reals(point, "observe.song-thresholds", &local.threshold);
    local.times = rit_point_reals(point, "observe.song-times", &local.time);
    local.lowest = RIT_TAKE(state, 1, double);
    local.verdict = RIT_TAKE(state, (size_t)moments_of(&local), struct verdict);
    rit_repertoire_take(scene->block, work, &local.repertoire);
    if (!self)
        return NULL;
    local.manner.voices = rit_block_voices(scene->block);
    *local.lowest = INFINITY;
    for (int m = 0; m < moments_of(&local); m++)
        local.verdict[m] = nothing;
    *self = local;
    return self;
}

/* Who sings: a network of these weights, or, without any, the block's sequences, as they are or shuffled. */
struct voice {
    const double *w;
    bool shuffled;
};

static void shuffle(const struct song *self, int s, struct rit_song *song)
{
    struct rit_song rows = rit_song_begin(song, song->rows, song->rows);
    int order[MOST_ROWS], n = song->rows - song->forced;
    struct rit_random random = rit_random_open(self->manner.seed, RIT_FOR_SAMPLING, (uint64_t)s, UINT64_MAX);
    rit_random_permutation(&random, n, order);
    for (int r = 0; r < n; r++)
        memcpy(rit_song_bytes(song, song->forced + r), rit_song_bytes(&rows, song->forced + order[r]),
               rit_port_bytes(song->port));
    rit_song_release(&rows);
}

/* One song, from the start of sequence s of the block; false if the network has no finite outputs. */
static bool sing(const struct song *self, const struct voice *voice, const struct rit_block *block, int s,
                 struct rit_tally *tally)
{
    const struct rit_scene *scene = self->scene;
    struct rit_singer singer = {scene->point, scene->model, scene->layout, scene->block, voice->w};
    struct rit_song original = rit_song_original(block, s, self->forced + self->rows);
    enum rit_status status = RIT_OK;
    if (original.rows > self->forced) {
        struct rit_song song =
            rit_song_begin(&original, voice->w ? self->forced : original.rows, original.rows);
        song.forced = self->forced;
        if (voice->w)
            status = rit_sing(&singer, &self->manner, (uint64_t)s, &song, NULL);
        else if (voice->shuffled)
            shuffle(self, s, &song);
        if (status == RIT_OK)
            rit_tally_add(tally, &self->repertoire, &song, &original);
        rit_song_release(&song);
    }
    rit_song_release(&original);
    return status == RIT_OK;
}

static struct verdict judge(const struct song *self, const struct voice *voice, const struct rit_block *block)
{
    struct rit_tally tally = {0};
    struct verdict v = nothing;
    for (int s = 0; s < self->starts && s < block->sequences; s++)
        if (!sing(self, voice, block, s, &tally))
            return v;
    if (tally.songs == 0.0)
        return v;
    v.continued = tally.continued / tally.songs;
    v.possible = tally.rows / tally.songs;
    v.whole = tally.whole / tally.songs;
    v.density = tally.notes / tally.rows;
    for (int g = 0; g < RIT_GRAMS; g++)
        v.novelty[g] = tally.grams[g] > 0.0 ? tally.unheard[g] / tally.grams[g] : NAN;
    v.known_chords = 1.0 - v.novelty[0];
    v.known_transitions = 1.0 - v.novelty[1];
    return v;
}

/* Whether moment m, at which nothing was sung yet, has come. */
static bool has_come(const struct song *self, int m, int k, double tau, double nll)
{
    if (m == 0)
        return k == 0;
    if (m <= self->thresholds)
        return nll < self->threshold[m - 1];
    return rit_tau_reached(tau, self->time[m - 1 - self->thresholds]);
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    struct song *self = handle;
    struct verdict sung = nothing;
    if (k < 0)
        return;
    *self->lowest = fmin(*self->lowest, nll);
    for (int m = 0; m < moments_of(self); m++) {
        if (!isnan(self->verdict[m].tau) || !has_come(self, m, k, now->tau, nll))
            continue;
        if (isnan(sung.tau))
            sung = judge(self, &(struct voice){.w = now->w}, self->scene->block);
        sung.tau = now->tau;
        sung.nll = nll;
        self->verdict[m] = sung;
    }
}

/* Rows that one moment's songs go through, forward, over those of a pass with gradient. */
static double sweeps(const struct rit_scene *scene)
{
    double forced = (double)rit_point_int(scene->point, "observe.song-forced"),
           last = fmin(forced + (double)rit_point_int(scene->point, "observe.song-rows"),
                       1.0 + scene->block->longest),
           starts = fmin((double)rit_point_int(scene->point, "observe.song-starts"), scene->block->sequences);
    const double *list;
    double moments = 1 + rit_point_reals(scene->point, "observe.song-thresholds", &list) +
                     rit_point_reals(scene->point, "observe.song-times", &list);
    return moments * starts * fmax(last * last - forced * forced, 0.0) / 2.0 / (3.0 * scene->block->pairs);
}

/* It waits for what it was asked to hear. */
static enum rit_opinion opinion(const void *handle)
{
    const struct song *self = handle;
    for (int m = 1; m < moments_of(self); m++)
        if (isnan(self->verdict[m].tau))
            return RIT_GO_ON;
    return RIT_INDIFFERENT;
}

static void name_threshold(double eps, char label[LABEL])
{
    char number[32];
    rit_real_print(eps, number, sizeof number);
    snprintf(label, LABEL, "NLL %s", number);
}

static void name_time(double tau, char label[LABEL])
{
    char number[32];
    rit_real_print(tau, number, sizeof number);
    snprintf(label, LABEL, "tau %s", number);
}

/* When a run sang at the moment of this name: INFINITY, not before its end; NaN, it was not asked to. */
static double time_of(const struct rit_outcome *end, const char *label)
{
    const struct rit_labels *labels = rit_outcome_labels(end, "song");
    const struct rit_variable *tau = rit_outcome_find(end, "song_tau");
    for (int i = 0; labels && tau && i < labels->n; i++)
        if (strcmp(labels->label[i], label) == 0)
            return isnan(tau->data[i]) ? INFINITY : tau->data[i];
    return NAN;
}

static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    const double *eps, *time;
    int thresholds = rit_point_reals(wanted, "observe.song-thresholds", &eps),
        times = rit_point_reals(wanted, "observe.song-times", &time);
    const struct rit_variable *lowest = rit_outcome_find(end, "song_nll_lowest");
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (!rit_extends_key(had, wanted, settings[i], why, size))
            return false;
    *satisfied = 0.0;
    for (int i = 0; i < thresholds + times; i++) {
        char label[LABEL];
        if (i < thresholds)
            name_threshold(eps[i], label);
        else
            name_time(time[i - thresholds], label);
        double tau = time_of(end, label);
        bool passed = i < thresholds ? !lowest || lowest->data[0] < eps[i]
                                     : rit_tau_reached(end->tau, time[i - thresholds]);
        if (isnan(tau) && passed) {
            snprintf(why, size, "observe.song-%s: nothing was sung at %s",
                     i < thresholds ? "thresholds" : "times", label);
            return false;
        }
        *satisfied = fmax(*satisfied, isnan(tau) ? INFINITY : tau);
    }
    return true;
}

static void adopt(void *handle, const void *other)
{
    struct song *self = handle;
    const struct song *from = other;
    *self->lowest = *from->lowest;
    self->verdict[0] = from->verdict[0];
    for (int i = 0; i < self->thresholds; i++)
        for (int j = 0; j < from->thresholds; j++)
            if (self->threshold[i] == from->threshold[j])
                self->verdict[1 + i] = from->verdict[1 + j];
    for (int i = 0; i < self->times; i++)
        for (int j = 0; j < from->times; j++)
            if (self->time[i] == from->time[j])
                self->verdict[1 + self->thresholds + i] = from->verdict[1 + from->thresholds + j];
}

/* All that was sung, and the controls; returns how many they are. */
static int gather(const struct song *self, struct verdict verdict[MOST_SONGS], char label[MOST_SONGS][LABEL])
{
    const struct rit_block *block = self->scene->block;
    int n = 0;
    snprintf(label[n++], LABEL, "untrained");
    for (int i = 0; i < self->thresholds; i++)
        name_threshold(self->threshold[i], label[n++]);
    for (int i = 0; i < self->times; i++)
        name_time(self->time[i], label[n++]);
    memcpy(verdict, self->verdict, (size_t)n * sizeof *verdict);
    snprintf(label[n], LABEL, "data");
    verdict[n++] = judge(self, &(struct voice){.w = NULL}, block);
    snprintf(label[n], LABEL, "shuffled");
    verdict[n++] = judge(self, &(struct voice){.shuffled = true}, block);
    if (block->held_out) {
        snprintf(label[n], LABEL, "held out");
        verdict[n++] = judge(self, &(struct voice){.w = NULL}, block->held_out);
    }
    return n;
}

static void put(struct rit_outcome *outcome, const char *name, const char *unit, const char *meaning, int n,
                const struct verdict *verdict, size_t offset)
{
    const char *dim = "song";
    size_t length = (size_t)n;
    struct rit_variable *out = rit_outcome_add(outcome, name, unit, meaning, 1, &dim, &length);
    for (int i = 0; i < n; i++)
        memcpy(&out->data[i], (const char *)&verdict[i] + offset, sizeof *out->data);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct song *self = handle;
    struct verdict v[MOST_SONGS];
    char text[MOST_SONGS][LABEL];
    const char *label[MOST_SONGS], *dims[] = {"song", "song_gram"};
    int n = gather(self, v, text);
    size_t length[] = {(size_t)n, RIT_GRAMS};
    for (int i = 0; i < n; i++)
        label[i] = text[i];
    rit_outcome_label(outcome, "song", n, label);
    put(outcome, "song_tau", "tau",
        "proper time at which these songs were sung; NaN: controls, or it has not come", n, v,
        offsetof(struct verdict, tau));
    put(outcome, "song_nll", self->scene->unit, "NLL of the training block when they were sung", n, v,
        offsetof(struct verdict, nll));
    put(outcome, "song_continued", "rows",
        "rows that go on as the original before the first that does not, mean over songs", n, v,
        offsetof(struct verdict, continued));
    put(outcome, "song_possible", "rows",
        "rows that were sung, and could have been the original's, mean over songs", n, v,
        offsetof(struct verdict, possible));
    put(outcome, "song_whole", "1", "share of songs that are the original to their end", n, v,
        offsetof(struct verdict, whole));
    put(outcome, "song_density", "notes", "notes of a row that was sung", n, v,
        offsetof(struct verdict, density));
    put(outcome, "song_known_chords", "1", "share of rows sung that occur in the training block", n, v,
        offsetof(struct verdict, known_chords));
    put(outcome, "song_known_transitions", "1",
        "share of transitions to a row sung that occur in the training block", n, v,
        offsetof(struct verdict, known_transitions));
    struct rit_variable *gram =
        rit_outcome_add(outcome, "song_gram", "rows", "length of runs of rows", 1, &dims[1], &length[1]);
    struct rit_variable *novelty = rit_outcome_add(
        outcome, "song_novelty", "1",
        "share of runs of rows, to one that was sung, that occur nowhere in the training block", 2, dims,
        length);
    for (int g = 0; g < RIT_GRAMS; g++) {
        gram->data[g] = g + 1;
        for (int i = 0; i < n; i++)
            novelty->data[i * RIT_GRAMS + g] = v[i].novelty[g];
    }
    rit_outcome_put(outcome, "song_nll_lowest", self->scene->unit,
                    "lowest NLL of the times at which it could have sung", 0, NULL, NULL, self->lowest);
}

const struct rit_observable rit_observable_song = {
    .member = {.name = "song",
               .meaning = "how long the network goes on with what it was trained on, and what is new in it",
               RIT_PARAMS(params)},
    .check = check,
    .fits = fits,
    .open = open_song,
    .measure = measure,
    .sweeps = sweeps,
    .opinion = opinion,
    .extends = extends,
    .adopt = adopt,
    .finish = finish,
};
