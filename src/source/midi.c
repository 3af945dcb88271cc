/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces from MIDI files, quantised in time; a folder's in the order of their names. */
#include <ritardando/source.h>

#include "base/file.h"
#include "base/pack.h"
#include "source/midi/folder.h"
#include "source/midi/midi.h"
#include "source/rolls/window.h"

enum { LARGEST_FILE = 64 << 20 }; /* bytes */

static const struct rit_param params[] = {
    {.key = "data.midi",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "MIDI file, or folder of MIDI files, seen from the folder of the config file",
     .not_identity = true,
     .is_path = true},
    {.key = "data.midi-step",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0.001,
     .high = 1000,
     .unit = "quarter notes",
     .meaning = "time between two rows; a note is on in those at whose time it is held"},
};

/* One file, as a sequence more. */
static enum rit_status add_file(const char *path, double step, struct rit_corpus *corpus,
                                struct rit_error *err)
{
    struct rit_buffer text = {0}, rows = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &text, err);
    if (status == RIT_OK)
        status = rit_midi_read(path, text.data, text.size, step, &rows, err);
    if (status == RIT_OK)
        rit_corpus_append(corpus, rows.data, NULL, (int)(rows.size / rit_port_bytes(RIT_NOTES_PORT)));
    rit_buffer_release(&text);
    rit_buffer_release(&rows);
    return status;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    const char *path = rit_point_text(point, "data.midi");
    double step = rit_point_real(point, "data.midi-step");
    struct rit_window window = rit_window_of(point);
    struct rit_midi_files files = {0};
    *corpus = (struct rit_corpus){.port = RIT_NOTES_PORT, .told = true};
    if (!path[0])
        return rit_fail(err, RIT_BAD_INPUT, "data.midi: the source midi needs a file or a folder");
    enum rit_status status = rit_midi_find(path, &files, err);
    for (int i = 0; i < files.n && status == RIT_OK; i++)
        status = add_file(files.path[i], step, corpus, err);
    if (status == RIT_OK && files.n < need)
        status = rit_corpus_too_few(point, corpus, path, "piece", need, err);
    if (status == RIT_OK)
        status = rit_window_cut(&window, path, corpus, err);
    rit_midi_files_release(&files);
    if (status != RIT_OK)
        rit_corpus_release(corpus);
    return status;
}

const struct rit_source rit_source_midi = {
    .member = {.name = "midi",
               .meaning = "pieces from a MIDI file or a folder of them, quantised in time",
               RIT_PARAMS(params)},
    .noun = "piece",
    .load = load,
};
