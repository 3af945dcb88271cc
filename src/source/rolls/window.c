/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/rolls/window.h"

#include <stdio.h>
#include <stdlib.h>

static const struct rit_param params[] = {
    {.key = "data.slots",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .needs = "data.source: piano-rolls midi",
     .meaning =
         "slots of a row, which are notes data.lowest, data.lowest + 1, ...; 0: up to the highest note of "
         "the data"},
    {.key = "data.lowest",
     .kind = RIT_INT,
     .fallback = "-1",
     .low = -1,
     .high = 127,
     .unit = "1",
     .needs = "data.source: piano-rolls midi",
     .meaning = "MIDI note of slot 0; -1: the lowest note of the data"},
};
const struct rit_param_table rit_window_params = RIT_PARAM_TABLE(params);

struct rit_window rit_window_of(const struct rit_point *point)
{
    return (struct rit_window){.lowest = (int)rit_point_int(point, "data.lowest"),
                               .slots = (int)rit_point_int(point, "data.slots")};
}

static int last_of(const struct rit_window *window)
{
    int last = window->lowest < 0 || window->slots == 0 ? RIT_NOTES - 1 : window->lowest + window->slots - 1;
    return last < RIT_NOTES ? last : RIT_NOTES - 1;
}

bool rit_window_has(const struct rit_window *window, int64_t note)
{
    return note >= 0 && note >= window->lowest && note <= last_of(window);
}

void rit_window_print(const struct rit_window *window, char *out, size_t size)
{
    snprintf(out, size, "%d..%d", window->lowest < 0 ? 0 : window->lowest, last_of(window));
}

/* The range of all notes of n rows; *low > *high: none. */
static void range_of(const uint64_t *row, int n, int *low, int *high)
{
    uint64_t all[2] = {0, 0};
    for (int r = 0; r < n; r++) {
        all[0] |= row[2 * r];
        all[1] |= row[2 * r + 1];
    }
    *low = RIT_NOTES;
    *high = -1;
    for (int note = 0; note < RIT_NOTES; note++) {
        if (!(all[note / 64] >> note % 64 & 1))
            continue;
        *low = note < *low ? note : *low;
        *high = note;
    }
}

/* 128 bits, moved down. */
static void move_down(const uint64_t in[2], int by, uint64_t out[2])
{
    out[0] = by >= 64 ? in[1] >> (by - 64) : by > 0 ? in[0] >> by | in[1] << (64 - by) : in[0];
    out[1] = by >= 64 ? 0 : in[1] >> by;
}

static enum rit_status fit(struct rit_window *window, const char *path, const struct rit_corpus *corpus,
                           struct rit_error *err)
{
    int low, high;
    range_of(corpus->bits, corpus->start[corpus->sequences], &low, &high);
    if (low > high && (window->lowest < 0 || window->slots == 0))
        return rit_fail(err, RIT_BAD_INPUT, "%s: no note sounds", path);
    if (window->lowest < 0)
        window->lowest = low;
    if (window->slots == 0)
        window->slots = high - window->lowest + 1;
    if (low <= high && (low < window->lowest || high >= window->lowest + window->slots))
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: its notes %d..%d are not all among the %d from %d on (data.slots, data.lowest)",
                        path, low, high, window->slots, window->lowest);
    return RIT_OK;
}

enum rit_status rit_window_cut(struct rit_window *window, const char *path, struct rit_corpus *corpus,
                               struct rit_error *err)
{
    int rows = corpus->sequences ? corpus->start[corpus->sequences] : 0;
    if (rows > 0)
        RIT_TRY(fit(window, path, corpus, err));
    if (window->slots > 0)
        corpus->port.width = window->slots;
    corpus->notes = true;
    corpus->lowest = window->lowest;
    int words = rit_port_words(corpus->port);
    for (int r = 0; r < rows; r++) { /* in place: the rows do not become longer */
        uint64_t moved[2] = {0};
        move_down(corpus->bits + 2 * (size_t)r, window->lowest, moved);
        for (int i = 0; i < words; i++)
            corpus->bits[(size_t)r * (size_t)words + (size_t)i] = moved[i];
    }
    return RIT_OK;
}
