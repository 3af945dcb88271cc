/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/score.h"

#include "base/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TICKS = 480, MICROSECONDS = 800000, LOUDNESS = 80, ORGAN = 19, DRUMS = 9, CHANNELS = 16 };

static void put_big(struct rit_buffer *out, uint32_t x, int bytes)
{
    while (bytes-- > 0) {
        unsigned char byte = (unsigned char)(x >> 8 * bytes);
        rit_pack_bytes(out, &byte, 1);
    }
}

/* A number of seven bits a byte, as times and lengths of events are written. */
static void put_count(struct rit_buffer *out, uint32_t x)
{
    for (int shift = 28; shift >= 0; shift -= 7)
        if (shift == 0 || x >> shift)
            put_big(out, (x >> shift & 0x7f) | (shift > 0 ? 0x80 : 0), 1);
}

static void put_event(struct rit_buffer *track, uint32_t wait, int status, int a, int b)
{
    put_count(track, wait);
    put_big(track, (uint32_t)status, 1);
    put_big(track, (uint32_t)a, 1);
    if (b >= 0)
        put_big(track, (uint32_t)b, 1);
}

static void put_meta(struct rit_buffer *track, int type, const void *data, size_t size)
{
    put_event(track, 0, 0xff, type, -1);
    put_count(track, (uint32_t)size);
    rit_pack_bytes(track, data, size);
}

/* Its end, and the track behind the file so far. */
static void close_track(struct rit_buffer *track, struct rit_buffer *out)
{
    put_meta(track, 0x2f, "", 0);
    rit_pack_bytes(out, "MTrk", 4);
    put_big(out, (uint32_t)track->size, 4);
    rit_pack_bytes(out, track->data, track->size);
    rit_buffer_release(track);
}

static uint32_t tick_of(const struct rit_song *song, int row)
{
    return (uint32_t)lrint(row * song->step * TICKS);
}

static void put_voice(const struct rit_song *song, const int *note, int voices, int v, struct rit_buffer *out)
{
    struct rit_buffer track = {0};
    int channel = v % (CHANNELS - 1);
    uint32_t now = 0;
    channel += channel >= DRUMS;
    put_event(&track, 0, 0xc0 | channel, ORGAN, -1);
    for (int r = 0, end; r < song->rows; r = end) {
        int here = note[r * voices + v];
        end = r + 1;
        while (rit_song_holds(song) && end < song->rows && note[end * voices + v] == here)
            end++;
        if (here < 0)
            continue;
        put_event(&track, tick_of(song, r) - now, 0x90 | channel, here, LOUDNESS);
        put_event(&track, tick_of(song, end) - tick_of(song, r), 0x80 | channel, here, 0);
        now = tick_of(song, end);
    }
    close_track(&track, out);
}

void rit_song_midi(const struct rit_song *song, struct rit_buffer *out)
{
    static const unsigned char tempo[3] = {MICROSECONDS >> 16, MICROSECONDS >> 8 & 0xff, MICROSECONDS & 0xff};
    static const unsigned char four_four[4] = {4, 2, 24, 8};
    struct rit_score score = rit_score_of(song);
    unsigned char key[2] = {(unsigned char)score.key.fifths, score.key.minor};
    struct rit_buffer track = {0};
    rit_pack_bytes(out, "MThd", 4);
    put_big(out, 6, 4);
    put_big(out, 1, 2);
    put_big(out, (uint32_t)score.voices + 1, 2);
    put_big(out, TICKS, 2);
    put_meta(&track, 0x03, song->title, strlen(song->title));
    put_meta(&track, 0x51, tempo, sizeof tempo);
    put_meta(&track, 0x58, four_four, sizeof four_four);
    put_meta(&track, 0x59, key, sizeof key);
    close_track(&track, out);
    for (int v = 0; v < score.voices; v++)
        put_voice(song, score.note, score.voices, v, out);
    rit_score_release(&score);
}
