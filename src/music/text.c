/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/score.h"

#include "base/pack.h"

static bool is_on(const struct rit_song *song, int row, int i)
{
    struct rit_rows rows = rit_song_rows(song);
    return rit_rows_value(&rows, row, i, 0.0, 1.0) > 0.0;
}

/* Rows of MIDI notes as JSON. */
static void put_rows(const struct rit_song *song, int rows, struct rit_buffer *out)
{
    rit_buffer_printf(out, "[");
    for (int r = 0; r < rows; r++) {
        const char *comma = "";
        rit_buffer_printf(out, "%s[", r ? ", " : "");
        for (int i = 0; i < song->port.width; i++)
            if (is_on(song, r, i)) {
                rit_buffer_printf(out, "%s%d", comma, song->lowest + i);
                comma = ", ";
            }
        rit_buffer_printf(out, "]");
    }
    rit_buffer_printf(out, "]");
}

void rit_song_json(const struct rit_song *song, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"train\": [");
    put_rows(song, song->rows, out);
    rit_buffer_printf(out, "], \"valid\": [], \"test\": []}\n");
}

void rit_song_beside(const struct rit_song *song, const struct rit_song *original, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"forced\": %d, \"song\": ", song->forced);
    put_rows(song, song->rows, out);
    rit_buffer_printf(out, ", \"original\": ");
    put_rows(original, original->rows < song->rows ? original->rows : song->rows, out);
    rit_buffer_printf(out, "}\n");
}

void rit_song_table(const struct rit_song *song, struct rit_buffer *out)
{
    struct rit_rows rows = rit_song_rows(song);
    rit_buffer_printf(out, "row,forced");
    for (int i = 0; i < song->port.width; i++)
        rit_buffer_printf(out, ",x%d", i);
    for (int r = 0; r < song->rows; r++) {
        rit_buffer_printf(out, "\n%d,%d", r, r < song->forced);
        for (int i = 0; i < song->port.width; i++)
            rit_buffer_printf(out, ",%.9g", rit_rows_value(&rows, r, i, 0.0, 1.0));
    }
    rit_buffer_printf(out, "\n");
}

static void put_name(struct rit_spelling s, struct rit_buffer *out)
{
    static const char *const accidental[] = {"bb", "b", "", "#", "##"};
    rit_buffer_printf(out, " %c%s%d", "CDEFGAB"[s.letter], accidental[s.alter + 2], s.octave);
}

void rit_song_text(const struct rit_song *song, struct rit_buffer *out)
{
    struct rit_score score = rit_score_of(song);
    for (int r = 0; r < song->rows; r++) {
        rit_buffer_printf(out, "%5d %c", r, r < song->forced ? '|' : r < song->leaves ? '=' : ' ');
        for (int i = 0; i < song->port.width; i++)
            if (is_on(song, r, i))
                put_name(rit_spell(song->lowest + i, score.key), out);
        rit_buffer_printf(out, "\n");
    }
    rit_score_release(&score);
}
