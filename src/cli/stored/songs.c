/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/stored/songs.h"

#include "base/file.h"
#include "base/json.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20, FEWEST_DIGITS = 8 };

static int is_song(const struct dirent *entry)
{
    size_t digits = strspn(entry->d_name, "0123456789abcdef");
    const char *ending = strrchr(entry->d_name, '.');
    return digits >= FEWEST_DIGITS && ending && strcmp(ending, ".json") == 0;
}

static enum rit_status read_song(const char *run, const char *name, struct rit_buffer *out,
                                 struct rit_error *err)
{
    char path[RIT_PATH], stem[256];
    struct rit_buffer song = {0};
    RIT_TRY(rit_file_path(path, err, "%s/songs/%s", run, name));
    enum rit_status status = rit_file_read(path, MOST_BYTES, &song, err);
    if (status == RIT_OK &&
        (song.size == 0 || memchr(song.data, '<', song.size) || memchr(song.data, 0, song.size)))
        status = rit_fail(err, RIT_BAD_INPUT, "%s: not a song in JSON", path);
    if (status == RIT_OK) {
        size_t length = strlen(name) - strlen(".json");
        memcpy(stem, name, length);
        stem[length] = 0;
        rit_buffer_printf(out, out->size ? ",\n" : "\n");
        rit_json_text(stem, out);
        rit_buffer_printf(out, ": ");
        rit_pack_bytes(out, song.data, song.size);
    }
    rit_buffer_release(&song);
    return status;
}

enum rit_status rit_songs_read(const char *run, struct rit_buffer *out, struct rit_error *err)
{
    char path[RIT_PATH];
    struct dirent **entry;
    RIT_TRY(rit_file_path(path, err, "%s/songs", run));
    int n = scandir(path, &entry, is_song, alphasort);
    enum rit_status status = RIT_OK;
    for (int i = 0; i < n; i++) {
        if (status == RIT_OK)
            status = read_song(run, entry[i]->d_name, out, err);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
    return status;
}
