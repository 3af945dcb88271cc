/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/song.h"

#include "base/pack.h"

static bool is_on(const struct rit_song *song, int row, int i)
{
    struct rit_rows rows = rit_song_rows(song);
    return rit_rows_value(&rows, row, i, 0.0, 1.0) > 0.0;
}

void rit_song_json(const struct rit_song *song, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"train\": [[");
    for (int r = 0; r < song->rows; r++) {
        const char *comma = "";
        rit_buffer_printf(out, "%s[", r ? ", " : "");
        for (int i = 0; i < song->port.width; i++)
            if (is_on(song, r, i)) {
                rit_buffer_printf(out, "%s%d", comma, song->lowest + i);
                comma = ", ";
            }
        rit_buffer_printf(out, "]");
    }
    rit_buffer_printf(out, "]], \"valid\": [], \"test\": []}\n");
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

void rit_song_text(const struct rit_song *song, struct rit_buffer *out)
{
    static const char *const name[12] = {"C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"};
    for (int r = 0; r < song->rows; r++) {
        rit_buffer_printf(out, "%5d %c", r, r < song->forced ? '|' : r < song->leaves ? '=' : ' ');
        for (int i = 0; i < song->port.width; i++)
            if (is_on(song, r, i))
                rit_buffer_printf(out, " %s%d", name[(song->lowest + i) % 12], (song->lowest + i) / 12 - 1);
        rit_buffer_printf(out, "\n");
    }
}
