/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/song.h"

#include "base/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OCTAVES = 11, LETTERS = 7, BARS_A_LINE = 4 };

/* A pitch as it is spelt: letter C = 0 .. B = 6, and how many semitones above it. */
struct spelling {
    int letter, sharp;
};

static bool sounds(const int *note, int voices, int class)
{
    for (int v = 0; v < voices; v++)
        if (note[v] >= 0 && note[v] % 12 == class)
            return true;
    return false;
}

/*
 * Which black key is a sharp whatever the piece likes: the leading notes of the chords that have one of these
 * two notes, C sharp with A and E, D sharp with B, F sharp with D and A, G sharp with E and B; and in pieces
 * of sharps A sharp with F sharp and C sharp only.
 */
static struct spelling spell(int pitch, const int *row, int voices, bool flats)
{
    static const struct spelling sharp[12] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {3, 0},
                                              {3, 1}, {4, 0}, {4, 1}, {5, 0}, {5, 1}, {6, 0}};
    static const int leads[12][2] = {
        [1] = {9, 4}, [3] = {11, 11}, [6] = {2, 9}, [8] = {4, 11}, [10] = {6, 1}};
    int class = pitch % 12;
    bool leading = sounds(row, voices, leads[class][0]) || sounds(row, voices, leads[class][1]);
    if (sharp[class].sharp && (class == 10 ? flats || !leading : flats && !leading))
        return (struct spelling){sharp[class].letter + 1, -1};
    return sharp[class];
}

/* Whether flats are nearer than sharps: more F and B flat than F sharp and B. */
static bool likes_flats(const struct rit_song *song, const int *note, int voices)
{
    int balance = 0;
    for (int i = 0; i < song->rows * voices; i++) {
        int class = note[i] < 0 ? 0 : note[i] % 12;
        balance += (class == 5 || class == 10) - (class == 6 || class == 11);
    }
    return balance > 0;
}

/* One note; `bar` has the accidentals of the bar so far. */
static void put_note(int pitch, struct spelling s, int bar[OCTAVES][LETTERS], struct rit_buffer *out)
{
    int octave = pitch / 12;
    if (bar[octave][s.letter] != s.sharp)
        rit_buffer_printf(out, "%s", s.sharp > 0 ? "^" : s.sharp < 0 ? "_" : "=");
    bar[octave][s.letter] = s.sharp;
    rit_buffer_printf(out, "%c", (octave >= 6 ? "cdefgab" : "CDEFGAB")[s.letter]);
    for (int i = 6; i < octave; i++)
        rit_buffer_printf(out, "'");
    for (int i = octave; i < 5; i++)
        rit_buffer_printf(out, ",");
}

static void put_remark(const struct rit_song *song, int row, struct rit_buffer *out)
{
    if (row == song->forced)
        rit_buffer_printf(out, "\"^sings\"");
    if (row == song->leaves && row > song->forced)
        rit_buffer_printf(out, "\"^leaves\"");
}

static void put_voice(const struct rit_song *song, const int *note, int voices, int v, int per_bar,
                      struct rit_buffer *out)
{
    int bar[OCTAVES][LETTERS] = {{0}};
    bool flats = likes_flats(song, note, voices);
    rit_buffer_printf(out, "V:%d\n", v + 1);
    for (int r = 0; r < song->rows; r++) {
        const int *row = note + r * voices;
        bool last = r + 1 == song->rows;
        if (v == 0)
            put_remark(song, r, out);
        if (row[v] < 0)
            rit_buffer_printf(out, "z");
        else
            put_note(row[v], spell(row[v], row, voices, flats), bar, out);
        if (rit_song_holds(song) && row[v] >= 0 && !last && row[voices + v] == row[v])
            rit_buffer_printf(out, "-");
        rit_buffer_printf(out, " ");
        if ((r + 1) % per_bar == 0 && !last) {
            memset(bar, 0, sizeof bar);
            rit_buffer_printf(out, "%s", (r + 1) % (per_bar * BARS_A_LINE) ? "| " : "|\n");
        }
    }
    rit_buffer_printf(out, "|]\n");
}

static double mean_pitch(const struct rit_song *song, const int *note, int voices, int v)
{
    double sum = 0.0, n = 0.0;
    for (int r = 0; r < song->rows; r++)
        if (note[r * voices + v] >= 0) {
            sum += note[r * voices + v];
            n += 1.0;
        }
    return n > 0.0 ? sum / n : 60.0;
}

void rit_song_abc(const struct rit_song *song, struct rit_buffer *out)
{
    int *note, voices = rit_song_voices(song, &note);
    int per_bar = song->step > 0.0 && song->step <= 4.0 ? (int)lrint(4.0 / song->step) : 1;
    rit_buffer_printf(out, "X:1\nT:%s\nM:4/4\nL:1/%d\nQ:1/4=75\n", song->title, per_bar);
    rit_buffer_printf(out, "%s", voices == 4 ? "%%score [(1 2) (3 4)]\n" : "");
    for (int v = 0; v < voices; v++)
        rit_buffer_printf(out, "V:%d clef=%s\n", v + 1,
                          (voices == 4 ? v < 2 : mean_pitch(song, note, voices, v) >= 60.0) ? "treble"
                                                                                            : "bass");
    rit_buffer_printf(out, "K:C\n");
    for (int v = 0; v < voices; v++)
        put_voice(song, note, voices, v, per_bar, out);
    free(note);
}
