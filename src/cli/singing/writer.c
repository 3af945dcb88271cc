/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/singing/writer.h"

#include "base/file.h"
#include "base/pack.h"

#include <stdio.h>
#include <string.h>

struct rit_writer {
    const char *ending;
    bool notes; /* of notes only */
    int lowest; /* MIDI note that it can write; octaves of MusicXML are counted from 0 */
    void (*write)(const struct rit_song *song, struct rit_buffer *out);
};

static const struct rit_writer writers[] = {
    {".mid", true, 0, rit_song_midi},      {".midi", true, 0, rit_song_midi},
    {".abc", true, 0, rit_song_abc},       {".musicxml", true, 13, rit_song_musicxml},
    {".xml", true, 13, rit_song_musicxml}, {".json", true, 0, rit_song_json},
    {".csv", false, 0, rit_song_table}};

enum rit_status rit_writer_find(const char *path, const struct rit_writer **writer, struct rit_error *err)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    *writer = NULL;
    for (size_t i = 0; dot && i < sizeof writers / sizeof writers[0]; i++)
        if (strcmp(dot, writers[i].ending) == 0)
            *writer = &writers[i];
    if (path && !*writer)
        return rit_fail(err, RIT_USAGE, "-o %s: its name must end in .mid, .musicxml, .abc, .json or .csv",
                        path);
    return RIT_OK;
}

/* The lowest note that sounds; 128 of silence. */
static int lowest_of(const struct rit_song *song)
{
    struct rit_rows rows = rit_song_rows(song);
    for (int i = 0; i < song->port.width; i++)
        for (int r = 0; r < song->rows; r++)
            if (rit_rows_value(&rows, r, i, 0.0, 1.0) > 0.0)
                return song->lowest + i;
    return RIT_WIDEST_BITS;
}

enum rit_status rit_song_write(const struct rit_writer *writer, const struct rit_song *song, const char *path,
                               struct rit_error *err)
{
    struct rit_buffer out = {0};
    if (writer && writer->notes && !song->notes)
        return rit_fail(err, RIT_USAGE, "-o %s: the data are no notes; they make a table, .csv", path);
    if (writer && writer->lowest > 0 && lowest_of(song) < writer->lowest)
        return rit_fail(err, RIT_USAGE, "-o %s: MusicXML begins at note %d, and note %d is sung; MIDI has it",
                        path, writer->lowest, lowest_of(song));
    (writer ? writer->write : song->notes ? rit_song_text : rit_song_table)(song, &out);
    enum rit_status status = RIT_OK;
    if (writer)
        status = rit_file_replace(path, out.data, out.size, err);
    else
        printf("%.*s", (int)out.size, (const char *)out.data);
    rit_buffer_release(&out);
    return status;
}
