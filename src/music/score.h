/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A song as it is written down: voices, a key, bars of four quarters, and notes of written lengths. */
#ifndef RITARDANDO_MUSIC_SCORE_H
#define RITARDANDO_MUSIC_SCORE_H

#include "music/song.h"
#include "music/spelling.h"

struct rit_score {
    const struct rit_song *song; /* borrowed */
    struct rit_key key;
    int voices, *note; /* [rows][voices] as rit_song_voices has them; owned */
    int rows;          /* of whole bars; behind the song all voices rest */
    int bar;           /* rows of a bar: a power of two up to 64 */
    double tempo;      /* written quarters a minute */
};

/**
 * Rows whose time is no binary part of a whole note, or less than its 64th, are written as quarters, at a
 * tempo that keeps their time. To be released.
 */
struct rit_score rit_score_of(const struct rit_song *song);
void rit_score_release(struct rit_score *score);

/** MIDI note of a voice; -1: it rests. */
int rit_score_note(const struct rit_score *score, int row, int voice);
/** Rows of the note or rest that is written at this row, where one begins: a power of two within a bar, up to
 * where something else begins or a remark stands. */
int rit_score_length(const struct rit_score *score, int row, int voice);
/** Whether what sounds in the row before is held on at `row`; false behind the end. */
bool rit_score_holds(const struct rit_score *score, int row, int voice);
/** What is to be said above a row: "sings" where it goes on alone, "leaves" where it leaves the original;
 * NULL: nothing. */
const char *rit_score_remark(const struct rit_score *score, int row);
/** Whether the voice is written with a treble clef: its mean is middle C or higher; of four voices two share
 * it. */
bool rit_score_treble(const struct rit_score *score, int voice);

#endif
