/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "midi_files.h"

#include "base/file.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(struct rit_buffer *file, const char *bytes, size_t n)
{
    rit_pack_bytes(file, bytes, n);
}

void midi_begin(struct rit_buffer *file, int tracks)
{
    char head[] = "MThd\0\0\0\6\0\1\0\0\0\140";
    head[11] = (char)tracks;
    put(file, head, 14);
}

size_t midi_begin_track(struct rit_buffer *file)
{
    size_t at = file->size;
    put(file, "MTrk\0\0\0\0", 8);
    return at;
}

void midi_note(struct rit_buffer *file, int wait, int channel, int note, int on)
{
    unsigned char event[] = {(unsigned char)(0x80 | wait >> 7), (unsigned char)(wait & 0x7f),
                             (unsigned char)((on ? 0x90 : 0x80) | channel), (unsigned char)note, 64};
    rit_pack_bytes(file, event, sizeof event);
}

void midi_end_track(struct rit_buffer *file, size_t at)
{
    put(file, "\0\xff\x2f\0", 4);
    size_t length = file->size - at - 8;
    file->data[at + 6] = (unsigned char)(length >> 8);
    file->data[at + 7] = (unsigned char)length;
}

void midi_make_folder(const char *folder)
{
    mkdir(folder, 0777);
    for (int k = 0; k < 30; k++) {
        struct rit_buffer file = {0};
        char path[256];
        midi_begin(&file, 1);
        size_t at = midi_begin_track(&file);
        for (int t = 0; t < 4 + k % 3; t++) {
            midi_note(&file, 0, 0, 50 + (7 * t + k) % 30, 1);
            midi_note(&file, 96, 0, 50 + (7 * t + k) % 30, 0);
        }
        midi_end_track(&file, at);
        snprintf(path, sizeof path, "%s/%d.mid", folder, k);
        rit_file_replace(path, file.data, file.size, NULL);
        rit_buffer_release(&file);
    }
}

void midi_remove_folder(const char *folder)
{
    for (int k = 0; k < 30; k++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%d.mid", folder, k);
        unlink(path);
    }
    rmdir(folder);
}
