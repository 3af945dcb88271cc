/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What songs are worth: how far they go on as their originals, and what of them was heard in training. */
#ifndef RITARDANDO_OBSERVE_SONG_TALLY_H
#define RITARDANDO_OBSERVE_SONG_TALLY_H

#include <ritardando/task.h>

#include "base/arena.h"
#include "base/hash.h"
#include "music/song.h"

enum { RIT_GRAMS = 4 }; /* runs of 1 .. RIT_GRAMS rows are looked up */

/** All runs of n = 1 .. RIT_GRAMS rows within the sequences of a block, as hashes in ascending order. */
struct rit_repertoire {
    int n[RIT_GRAMS];
    struct rit_hash *gram[RIT_GRAMS];
};

/** Of a block whose task is to go on (block->next); from a measuring arena, nothing. */
void rit_repertoire_take(const struct rit_block *block, struct rit_arena *arena,
                         struct rit_repertoire *repertoire);

/** Sums over songs. */
struct rit_tally {
    double songs, continued, whole; /* rows as the original's, and songs that are to their end */
    double rows, notes;             /* that were sung */
    double grams[RIT_GRAMS];        /* runs that end in a row that was sung */
    double unheard[RIT_GRAMS];      /* those of them that are not in the repertoire */
};

/** Add what was sung behind the forced rows; the original has as many rows. */
void rit_tally_add(struct rit_tally *tally, const struct rit_repertoire *repertoire,
                   const struct rit_song *song, const struct rit_song *original);

#endif
