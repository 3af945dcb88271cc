/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What a network is made to sing from: a sequence of its data, or a piece of a file. */
#ifndef RITARDANDO_CLI_ORIGINAL_H
#define RITARDANDO_CLI_ORIGINAL_H

#include "cli/again/again.h"
#include "music/song.h"

enum { RIT_SONG_MOST_ROWS = 10000 };

struct rit_original {
    struct rit_song song; /* all of it; owned */
    uint64_t piece;       /* its number in the draws: of a file's, that of the first sequence trained on */
    char name[128];       /* "chorale 17", or the name of the file */
};

/**
 * `start` is the number of a sequence of the data, alone or behind what they are called ("chorale 17"), a
 * file of JSON in the form of training data or of MIDI, whose first piece counts, or NULL: the first sequence
 * that was trained on. RIT_USAGE or RIT_BAD_INPUT, with a sentence, for what is none of these, has other
 * notes than the network, or fewer than `force` rows, or no note in them. To be released in any case.
 */
enum rit_status rit_original_find(const char *start, long force, const struct rit_trail *trail,
                                  struct rit_original *original, struct rit_error *err);
void rit_original_release(struct rit_original *original);

#endif
