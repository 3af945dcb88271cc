/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/song.h"

#include <stdlib.h>
#include <string.h>

struct rit_song rit_song_new(struct rit_port port, int forced, int rows)
{
    struct rit_song song = {.port = port, .step = 1.0, .title = "", .forced = forced, .rows = rows};
    void *memory = calloc((size_t)rows + 1, rit_port_bytes(port) + 1);
    RIT_CHECK(memory);
    if (port.kind == RIT_ROW_BITS)
        song.bits = memory;
    else
        song.real = memory;
    song.leaves = rows;
    return song;
}

void rit_song_release(struct rit_song *song)
{
    free(song->bits);
    free(song->real);
    *song = (struct rit_song){.rows = 0};
}

struct rit_rows rit_song_rows(const struct rit_song *song)
{
    return (struct rit_rows){.port = song->port, .bits = song->bits, .real = song->real};
}

char *rit_song_bytes(const struct rit_song *song, int row)
{
    char *rows = song->bits ? (char *)song->bits : (char *)song->real;
    return rows + (size_t)row * rit_port_bytes(song->port);
}

/* The bytes of row t of a block. */
static const void *bytes_of(struct rit_rows rows, int t)
{
    rows = rit_rows_from(rows, t);
    return rows.bits ? (const void *)rows.bits : (const void *)rows.real;
}

struct rit_song rit_song_original(const struct rit_block *block, int s, int most)
{
    int first = block->start[s], pairs = block->start[s + 1] - first;
    int rows = pairs + 1 < most ? pairs + 1 : most;
    struct rit_song song = rit_song_new(block->in.port, rows, rows);
    size_t bytes = rit_port_bytes(song.port);
    for (int r = 0; r < rows; r++)
        memcpy(rit_song_bytes(&song, r),
               r < pairs ? bytes_of(block->in, first + r) : bytes_of(block->asked, first + pairs - 1), bytes);
    return song;
}

struct rit_song rit_song_begin(const struct rit_song *original, int forced, int rows)
{
    struct rit_song song = rit_song_new(original->port, forced, rows);
    memcpy(rit_song_bytes(&song, 0), rit_song_bytes(original, 0),
           (size_t)forced * rit_port_bytes(original->port));
    return song;
}

int rit_song_leaves(const struct rit_song *song, const struct rit_song *original)
{
    size_t bytes = rit_port_bytes(song->port);
    int r = song->forced;
    while (r < song->rows && r < original->rows &&
           memcmp(rit_song_bytes(song, r), rit_song_bytes(original, r), bytes) == 0)
        r++;
    return r;
}

int rit_block_voices(const struct rit_block *block)
{
    int most = 1;
    for (int t = 0; block->in.bits && t < block->pairs; t++) {
        struct rit_rows row = rit_rows_from(block->in, t);
        int n = (int)rit_rows_count(&row, 1);
        most = n > most ? n : most;
    }
    return most;
}
