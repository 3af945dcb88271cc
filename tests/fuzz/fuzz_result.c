/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a journal, and as a record whose checksum was right: refused, or a result that packs into the
 * same bytes. */
#define _GNU_SOURCE /* memfd_create */
#include "store/frame.h"
#include "store/results.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_record(struct rit_reader record)
{
    struct rit_result result;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_result_read(&record, &result, &err);
    RIT_CHECK(err.status == status);
    if (status != RIT_OK) {
        RIT_CHECK(status == RIT_BAD_INPUT);
        return;
    }
    struct rit_buffer again = {0};
    rit_result_pack(&result, &again);
    RIT_CHECK(again.size == record.at && memcmp(again.data, record.data, again.size) == 0);
    rit_buffer_release(&again);
    rit_result_release(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    if (file < 0)
        file = memfd_create("journal", 0);
    RIT_CHECK(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct rit_frames frames;
    struct rit_reader payload;
    enum rit_frame state;
    RIT_CHECK(rit_frames_open(&frames, path, NULL) == RIT_OK);
    do {
        size_t offset, length, before = frames.at;
        state = rit_frames_next(&frames, &offset, &length, &payload, NULL);
        RIT_CHECK(state != RIT_FRAME_UNREAD && frames.at <= size);
        RIT_CHECK((state != RIT_FRAME_GOOD && state != RIT_FRAME_DAMAGED) || frames.at > before);
        if (state == RIT_FRAME_GOOD)
            try_record(payload);
    } while (state == RIT_FRAME_GOOD || state == RIT_FRAME_DAMAGED);
    rit_frames_close(&frames);
    try_record((struct rit_reader){.data = data, .size = size});
    return 0;
}
