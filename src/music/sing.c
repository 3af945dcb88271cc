/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/song.h"

#include "base/arena.h"
#include "base/exact.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Outputs after the first `rows` rows: a network is causal, so the last of a pass over them are it. */
static enum rit_status listen(const struct rit_singer *singer, const struct rit_song *song, int rows,
                              float *y, struct rit_error *err)
{
    int start[2] = {0, rows};
    struct rit_block block = {.sequences = 1,
                              .pairs = rows,
                              .longest = rows,
                              .start = start,
                              .in = rit_song_rows(song),
                              .asked = rit_song_rows(song),
                              .next = true,
                              .mean = singer->block->mean,
                              .deviation = singer->block->deviation,
                              .target_mean = singer->block->target_mean};
    struct rit_arena measure = {0};
    singer->model->open(singer->point, singer->layout, &block, &measure);
    struct rit_arena arena = rit_arena_new(measure.used);
    if (!arena.base)
        return rit_fail(err, RIT_BAD_INPUT, "no memory for %d rows of this network", rows);
    struct rit_net *net = singer->model->open(singer->point, singer->layout, &block, &arena);
    struct rit_keep keep = {.width = song->port.width, .y = y};
    struct rit_criterion keeping = rit_keeping(&keep);
    struct rit_pass pass;
    singer->model->load(net, singer->w);
    singer->model->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &keeping, NULL, &pass);
    free(arena.base);
    for (int i = 0; i < song->port.width; i++)
        if (!isfinite(y[(size_t)(rows - 1) * (size_t)song->port.width + (size_t)i]))
            return rit_fail(err, RIT_BAD_INPUT, "the outputs of row %d are not finite", rows);
    return RIT_OK;
}

/* Takes away all but the most probable `voices` of the notes that are on. */
static void thin_out(const double *p, int width, int voices, bool *on)
{
    for (int sounding = 0;; sounding = 0) {
        int least = -1;
        for (int i = 0; i < width; i++) {
            sounding += on[i];
            if (on[i] && (least < 0 || p[i] < p[least]))
                least = i;
        }
        if (sounding <= voices)
            return;
        on[least] = false;
    }
}

static void sing_notes(const struct rit_manner *manner, uint64_t piece, int row, const float *y,
                       struct rit_song *song)
{
    double p[RIT_WIDEST_BITS];
    bool on[RIT_WIDEST_BITS], draws = manner->threshold < 0.0 && manner->temperature > 0.0;
    int width = song->port.width, words = rit_port_words(song->port);
    struct rit_random random = rit_random_open(manner->seed, RIT_FOR_SAMPLING, piece, (uint64_t)row);
    for (int i = 0; i < width; i++) {
        double h = (double)y[i] / (draws ? manner->temperature : 1.0);
        p[i] = 1.0 / (1.0 + rit_exp(-2.0 * h));
        on[i] = draws ? rit_random_uniform(&random) < p[i]
                      : p[i] > (manner->threshold < 0.0 ? 0.5 : manner->threshold);
    }
    if (manner->voices > 0)
        thin_out(p, width, manner->voices, on);
    for (int i = 0; i < width; i++)
        if (on[i])
            song->bits[(size_t)row * (size_t)words + (size_t)i / 64] |= (uint64_t)1 << i % 64;
}

enum rit_status rit_sing(const struct rit_singer *singer, const struct rit_manner *manner, uint64_t piece,
                         struct rit_song *song, struct rit_error *err)
{
    size_t width = (size_t)song->port.width;
    float *y = malloc(((size_t)song->rows + 1) * width * sizeof *y);
    RIT_CHECK(y);
    enum rit_status status = RIT_OK;
    for (int row = song->forced; row < song->rows && status == RIT_OK; row++) {
        const float *last = y + (size_t)(row - 1) * width;
        status = listen(singer, song, row, y, err);
        if (status == RIT_OK && song->bits)
            sing_notes(manner, piece, row, last, song);
        else if (status == RIT_OK)
            memcpy(song->real + (size_t)row * width, last, width * sizeof *y);
    }
    free(y);
    return status;
}
