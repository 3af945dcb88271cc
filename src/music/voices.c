/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/song.h"

#include <stdlib.h>

/* The MIDI notes of a row, highest first. */
static int notes_of(const struct rit_song *song, int row, int note[RIT_WIDEST_BITS])
{
    struct rit_rows rows = rit_song_rows(song);
    int n = 0;
    for (int i = song->port.width; i-- > 0;)
        if (rit_rows_value(&rows, row, i, 0.0, 1.0) > 0.0)
            note[n++] = song->lowest + i;
    return n;
}

/*
 * cost[i][v]: least movement of the first i notes among the first v voices, by dynamic programming; then
 * back from its end. A voice that has not sung yet comes from nowhere.
 */
static void assign(const int *note, int n, int voices, int *last, int *out)
{
    enum { FAR = 1 << 24 };
    static int cost[RIT_MOST_VOICES + 1][RIT_MOST_VOICES + 1];
    for (int i = 0; i <= n; i++)
        for (int v = 0; v <= voices; v++) {
            int here = FAR, pass = v > 0 ? cost[i][v - 1] : FAR;
            if (i == 0)
                pass = 0;
            if (i > 0 && v > 0)
                here = cost[i - 1][v - 1] + (last[v - 1] < 0 ? 0 : abs(note[i - 1] - last[v - 1]));
            cost[i][v] = here < pass ? here : pass;
        }
    for (int v = voices, i = n; v > 0; v--) {
        out[v - 1] = -1;
        if (i > 0 && (v == i || cost[i][v] < cost[i][v - 1]))
            out[v - 1] = last[v - 1] = note[--i];
    }
}

int rit_song_voices(const struct rit_song *song, int **note)
{
    int row[RIT_WIDEST_BITS], last[RIT_MOST_VOICES], voices = 1;
    for (int r = 0; r < song->rows; r++) {
        int n = notes_of(song, r, row);
        voices = n > voices ? n : voices;
    }
    *note = malloc((size_t)(song->rows + 1) * (size_t)voices * sizeof **note);
    RIT_CHECK(*note);
    for (int v = 0; v < voices; v++)
        last[v] = -1;
    for (int r = 0; r < song->rows; r++) {
        int n = notes_of(song, r, row);
        assign(row, n, voices, last, *note + (size_t)r * (size_t)voices);
    }
    return voices;
}

bool rit_song_holds(const struct rit_song *song)
{
    return song->step < 1.0;
}
