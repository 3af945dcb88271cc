/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/song/tally.h"

#include <stdlib.h>
#include <string.h>

/* The hash of n rows of a song from `row` on. */
static struct rit_hash gram_of(const struct rit_song *song, int row, int n)
{
    return rit_hash_of(rit_song_bytes(song, row), (size_t)n * rit_port_bytes(song->port));
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct rit_hash));
}

void rit_repertoire_take(const struct rit_block *block, struct rit_arena *arena,
                         struct rit_repertoire *repertoire)
{
    *repertoire = (struct rit_repertoire){.n = {0}};
    for (int g = 0; g < RIT_GRAMS; g++)
        repertoire->gram[g] =
            RIT_TAKE(arena, (size_t)block->pairs + (size_t)block->sequences, struct rit_hash);
    if (!arena->base)
        return;
    for (int s = 0; s < block->sequences; s++) {
        struct rit_song song = rit_song_original(block, s, block->longest + 1);
        for (int g = 0; g < RIT_GRAMS; g++)
            for (int r = 0; r + g < song.rows; r++)
                repertoire->gram[g][repertoire->n[g]++] = gram_of(&song, r, g + 1);
        rit_song_release(&song);
    }
    for (int g = 0; g < RIT_GRAMS; g++)
        qsort(repertoire->gram[g], (size_t)repertoire->n[g], sizeof(struct rit_hash), compare);
}

void rit_tally_add(struct rit_tally *tally, const struct rit_repertoire *repertoire,
                   const struct rit_song *song, const struct rit_song *original)
{
    struct rit_rows rows = rit_song_rows(song);
    int leaves = rit_song_leaves(song, original);
    tally->songs += 1.0;
    tally->continued += leaves - song->forced;
    tally->whole += leaves == song->rows;
    tally->rows += song->rows - song->forced;
    rows = rit_rows_from(rows, song->forced);
    tally->notes += (double)rit_rows_count(&rows, song->rows - song->forced);
    for (int r = song->forced; r < song->rows; r++)
        for (int g = 0; g < RIT_GRAMS && g <= r; g++) {
            struct rit_hash gram = gram_of(song, r - g, g + 1);
            tally->grams[g] += 1.0;
            tally->unheard[g] +=
                !bsearch(&gram, repertoire->gram[g], (size_t)repertoire->n[g], sizeof gram, compare);
        }
}
