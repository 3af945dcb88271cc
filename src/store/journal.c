/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/results.h"

#include "base/call.h"
#include "base/file.h"
#include "store/fence.h"
#include "store/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rit_journal {
    int fd;
    size_t size; /* of all whole frames: where the next one goes */
    bool broken; /* the file can no longer be trusted to hold what was appended */
    const struct rit_fence *fence;
    char name[64]; /* from the run folder on */
    struct rit_buffer frame;
    char path[RIT_PATH];
};

static enum rit_status io_error(const struct rit_journal *j, const char *doing, struct rit_error *err)
{
    return rit_fail(err, RIT_IO, "%s: cannot %s: %s", j->path, doing, strerror(errno));
}

/* Cut off the torn tail that a crash left, so that the next frame follows the last whole one. Damages stay
 * as they are. */
static enum rit_status find_end(struct rit_journal *j, struct rit_error *err)
{
    struct rit_frames frames;
    struct rit_reader payload;
    size_t offset, length;
    enum rit_frame state = RIT_FRAME_GOOD;
    enum rit_status status = rit_frames_open(&frames, j->path, err);
    while (status == RIT_OK && (state == RIT_FRAME_GOOD || state == RIT_FRAME_DAMAGED))
        state = rit_frames_next(&frames, &offset, &length, &payload, err);
    j->size = frames.at;
    size_t size = frames.size;
    rit_frames_close(&frames);
    RIT_TRY(status);
    if (state == RIT_FRAME_UNREAD)
        return RIT_IO;
    if (state == RIT_FRAME_FOREIGN)
        return rit_fail(err, RIT_BAD_INPUT, "%s: written by another version of the program", j->path);
    if (j->size < size && (rit_call_ftruncate(j->fd, (off_t)j->size) != 0 || rit_call_fdatasync(j->fd) != 0))
        return io_error(j, "cut off the unfinished end", err);
    return RIT_OK;
}

static enum rit_status open_file(struct rit_journal *j, const char *writer, struct rit_error *err)
{
    const struct rit_fence *fence = j->fence;
    snprintf(j->name, sizeof j->name, "results/%s.journal", writer);
    RIT_TRY(rit_file_path(j->path, err, "%s/%s", fence->run, j->name));
    RIT_TRY(rit_fence_check(fence, err));
    RIT_TRY(rit_fence_make_folder(fence, "results", err));
    j->fd = rit_call_open(fence->folder, j->name, O_RDWR | O_CREAT | O_APPEND);
    if (j->fd < 0)
        return io_error(j, "open", err);
    if (rit_call_lock(j->fd, false) != 0 && errno == EWOULDBLOCK)
        return rit_fail(err, RIT_IO, "%s: another process is writing this file; %s/claims says who", j->path,
                        fence->run);
    RIT_TRY(find_end(j, err)); /* where locks do not work, the claim's epoch in the name stands in for them */
    RIT_TRY(rit_file_sync_folder_at(fence->folder, "results", j->path, err));
    return rit_file_sync_folder_at(fence->folder, ".", fence->run, err);
}

enum rit_status rit_journal_open(const struct rit_fence *fence, const char *writer,
                                 struct rit_journal **journal, struct rit_error *err)
{
    *journal = NULL;
    struct rit_journal *j = calloc(1, sizeof *j);
    RIT_CHECK(j != NULL);
    j->fd = -1;
    j->fence = fence;
    enum rit_status status = open_file(j, writer, err);
    if (status == RIT_OK)
        *journal = j;
    else
        rit_journal_close(j);
    return status;
}

static enum rit_status refuse_broken(const struct rit_journal *j, struct rit_error *err)
{
    return rit_fail(err, RIT_IO, "%s: not written any more after an earlier failure; start again to continue",
                    j->path);
}

enum rit_status rit_journal_append(struct rit_journal *j, const void *packed, size_t size,
                                   struct rit_error *err)
{
    if (j->broken)
        return refuse_broken(j, err);
    j->frame.size = 0;
    rit_frame_pack(&j->frame, packed, size);
    enum rit_status status = rit_file_write(j->fd, j->path, j->frame.data, j->frame.size, err);
    if (status == RIT_OK)
        j->size += j->frame.size;
    else if (rit_call_ftruncate(j->fd, (off_t)j->size) != 0)
        j->broken = true; /* half a frame stays; nothing may follow it */
    return status;
}

enum rit_status rit_journal_check(const struct rit_journal *j, struct rit_error *err)
{
    RIT_TRY(rit_fence_check(j->fence, err));
    return rit_fence_check_file(j->fence, j->name, j->fd, err);
}

enum rit_status rit_journal_sync(struct rit_journal *j, struct rit_error *err)
{
    if (j->broken)
        return refuse_broken(j, err);
    RIT_TRY(rit_journal_check(j, err));
    if (rit_call_fdatasync(j->fd) == 0)
        return RIT_OK;
    j->broken = true; /* the kernel forgets pages it could not write: a second sync would wrongly succeed */
    return io_error(j, "sync", err);
}

void rit_journal_close(struct rit_journal *j)
{
    if (!j)
        return;
    if (j->fd >= 0)
        rit_call_close(j->fd);
    rit_buffer_release(&j->frame);
    free(j);
}

size_t rit_journal_size(const struct rit_journal *j)
{
    return j->size;
}
