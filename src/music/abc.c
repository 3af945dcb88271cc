/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/score.h"

#include "base/pack.h"

enum { OCTAVES = 13, LOWEST_OCTAVE = -2, LETTERS = 7, BARS_A_LINE = 4 };

/* Accidentals that hold: of each place, and of each letter, wherever it stood last. Readers differ in whether
 * one holds in other octaves, too: it is written again where either would be wrong. */
struct bar {
    int place[OCTAVES][LETTERS], letter[LETTERS];
};

static void begin_bar(struct rit_key key, struct bar *bar)
{
    for (int l = 0; l < LETTERS; l++) {
        bar->letter[l] = rit_key_alter(key, l);
        for (int o = 0; o < OCTAVES; o++)
            bar->place[o][l] = bar->letter[l];
    }
}

static void put_pitch(int pitch, struct rit_key key, struct bar *bar, struct rit_buffer *out)
{
    static const char *const accidental[] = {"__", "_", "=", "^", "^^"};
    struct rit_spelling s = rit_spell(pitch, key);
    int *place = &bar->place[s.octave - LOWEST_OCTAVE][s.letter], *letter = &bar->letter[s.letter];
    if (*place != s.alter || *letter != s.alter)
        rit_buffer_printf(out, "%s", accidental[s.alter + 2]);
    *place = *letter = s.alter;
    rit_buffer_printf(out, "%c", (s.octave >= 5 ? "cdefgab" : "CDEFGAB")[s.letter]);
    for (int i = 5; i < s.octave; i++)
        rit_buffer_printf(out, "'");
    for (int i = s.octave; i < 4; i++)
        rit_buffer_printf(out, ",");
}

static void put_voice(const struct rit_score *score, int v, struct rit_buffer *out)
{
    struct bar bar;
    rit_buffer_printf(out, "V:%d\n", v + 1);
    for (int r = 0, length; r < score->rows; r += length) {
        const char *remark = v == 0 ? rit_score_remark(score, r) : NULL;
        int note = rit_score_note(score, r, v);
        length = rit_score_length(score, r, v);
        if (r % score->bar == 0)
            begin_bar(score->key, &bar);
        if (remark)
            rit_buffer_printf(out, "\"^%s\"", remark);
        if (note < 0)
            rit_buffer_printf(out, "z");
        else
            put_pitch(note, score->key, &bar, out);
        if (length > 1)
            rit_buffer_printf(out, "%d", length);
        rit_buffer_printf(out, rit_score_holds(score, r + length, v) ? "- " : " ");
        int bars = (r + length) / score->bar;
        if ((r + length) % score->bar == 0 && r + length < score->rows)
            rit_buffer_printf(out, "%s", bars % BARS_A_LINE ? "| " : "|\n");
    }
    rit_buffer_printf(out, "|]\n");
}

void rit_song_abc(const struct rit_song *song, struct rit_buffer *out)
{
    struct rit_score score = rit_score_of(song);
    char key[4];
    rit_buffer_printf(out, "X:1\nT:%s\nM:4/4\nL:1/%d\nQ:1/4=%.6g\n", song->title, score.bar, score.tempo);
    rit_buffer_printf(out, "%s", score.voices == 4 ? "%%score [(1 2) (3 4)]\n" : "");
    for (int v = 0; v < score.voices; v++)
        rit_buffer_printf(out, "V:%d clef=%s\n", v + 1, rit_score_treble(&score, v) ? "treble" : "bass");
    rit_buffer_printf(out, "K:%s\n", rit_key_name(score.key, key));
    for (int v = 0; v < score.voices; v++)
        put_voice(&score, v, out);
    rit_score_release(&score);
}
