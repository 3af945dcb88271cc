/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_BAR = 64, QUARTERS = 4, TEMPO = 75, MIDDLE_C = 60 };

/* Rows of a bar; 0 for rows that are no binary part of it. */
static int rows_of_bar(double step)
{
    for (int bar = 1; bar <= LONGEST_BAR; bar *= 2)
        if (bar * step == QUARTERS)
            return bar;
    return 0;
}

static struct rit_key key_of(const struct rit_score *score)
{
    long times[12] = {0};
    for (int i = 0; i < score->rows * score->voices; i++)
        if (score->note[i] >= 0)
            times[score->note[i] % 12]++;
    return rit_key_of(times);
}

struct rit_score rit_score_of(const struct rit_song *song)
{
    struct rit_score score = {.song = song, .bar = rows_of_bar(song->step), .tempo = TEMPO};
    if (score.bar == 0) {
        score.bar = QUARTERS;
        score.tempo = TEMPO / song->step;
    }
    int *note;
    score.voices = rit_song_voices(song, &note);
    score.rows = (song->rows + score.bar - 1) / score.bar * score.bar;
    size_t sung = (size_t)song->rows * (size_t)score.voices, all = (size_t)score.rows * (size_t)score.voices;
    score.note = malloc((all + 1) * sizeof *score.note);
    RIT_CHECK(score.note);
    memcpy(score.note, note, sung * sizeof *note);
    for (size_t i = sung; i < all; i++)
        score.note[i] = -1;
    free(note);
    score.key = key_of(&score);
    return score;
}

void rit_score_release(struct rit_score *score)
{
    free(score->note);
    score->note = NULL;
}

int rit_score_note(const struct rit_score *score, int row, int voice)
{
    return score->note[row * score->voices + voice];
}

bool rit_score_holds(const struct rit_score *score, int row, int voice)
{
    if (row <= 0 || row >= score->rows || !rit_song_holds(score->song))
        return false;
    int here = rit_score_note(score, row, voice);
    return here >= 0 && here == rit_score_note(score, row - 1, voice);
}

const char *rit_score_remark(const struct rit_score *score, int row)
{
    const struct rit_song *song = score->song;
    if (row == song->forced && row < song->rows)
        return row == song->leaves ? "sings, leaves" : "sings";
    return row == song->leaves && row > song->forced && row < song->rows ? "leaves" : NULL;
}

/* Whether at a row the same goes on that is written at the one before. */
static bool goes_on(const struct rit_score *score, int row, int voice)
{
    bool silent = rit_score_note(score, row, voice) < 0 && rit_score_note(score, row - 1, voice) < 0;
    return (silent || rit_score_holds(score, row, voice)) && !rit_score_remark(score, row);
}

int rit_score_length(const struct rit_score *score, int row, int voice)
{
    int at = row % score->bar, length = 1;
    for (int end = row + 1; at % (2 * length) == 0 && at + 2 * length <= score->bar; length *= 2)
        for (; end < row + 2 * length; end++)
            if (!goes_on(score, end, voice))
                return length;
    return length;
}

bool rit_score_treble(const struct rit_score *score, int voice)
{
    double sum = 0.0, n = 0.0;
    int staff = score->voices == 4 ? 2 : 1, first = voice / staff * staff;
    for (int r = 0; r < score->rows; r++)
        for (int v = first; v < first + staff; v++) {
            int note = rit_score_note(score, r, v);
            sum += note < 0 ? 0 : note;
            n += note >= 0;
        }
    return n == 0.0 || sum / n >= MIDDLE_C;
}
