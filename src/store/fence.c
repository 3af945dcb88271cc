/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fence.h"

#include "base/call.h"
#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_gone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ESTALE || error == ELOOP;
}

static enum rit_status gone(const char *path, const char *what, struct rit_error *err)
{
    return rit_fail(err, RIT_IO, "%s: %s is no longer there; nothing more is written", path, what);
}

static enum rit_status replaced(const char *path, const char *what, struct rit_error *err)
{
    return rit_fail(err, RIT_IO, "%s: %s was moved or replaced while the sweep ran; nothing more is written",
                    path, what);
}

/* RIT_IO unless `path`, looked up now, is what the descriptor holds. */
static enum rit_status check_path(int at, const char *name, const char *path, int fd, const char *what,
                                  struct rit_error *err)
{
    struct stat named, held;
    if (rit_call_stat(at, name, &named) != 0)
        return is_gone(errno) ? gone(path, what, err)
                              : rit_fail(err, RIT_IO, "%s: cannot look: %s", path, strerror(errno));
    if (fstat(fd, &held) != 0)
        return errno == ESTALE ? gone(path, what, err)
                               : rit_fail(err, RIT_IO, "%s: cannot look: %s", path, strerror(errno));
    if (named.st_dev != held.st_dev || named.st_ino != held.st_ino)
        return replaced(path, what, err);
    return RIT_OK;
}

/* The claim file is opened, not only looked at: a network file system then asks its server. */
static enum rit_status check_claim(const struct rit_fence *f, struct rit_error *err)
{
    struct rit_holder mine;
    char name[RIT_HOLDER_NAME], path[RIT_PATH];
    rit_holder_name(f->epoch, name);
    RIT_TRY(rit_file_path(path, err, "%s/%s", f->run, name));
    bool there;
    RIT_TRY(rit_holder_read(f->folder, f->run, f->epoch, &mine, &there, err));
    if (!there)
        return gone(path, "the claim of this start", err);
    if (strcmp(mine.token, f->token) != 0)
        return replaced(f->run, "the run folder", err);
    int newest;
    RIT_TRY(rit_folder_newest(f->folder, f->run, "claims", "", &newest, err));
    return newest > f->epoch ? rit_holder_refuse(f->folder, f->run, newest, err) : RIT_OK;
}

enum rit_status rit_fence_check(const struct rit_fence *f, struct rit_error *err)
{
    RIT_TRY(check_path(AT_FDCWD, f->run, f->run, f->folder, "the run folder", err));
    return check_claim(f, err);
}

enum rit_status rit_fence_check_file(const struct rit_fence *f, const char *name, int fd,
                                     struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(rit_file_path(path, err, "%s/%s", f->run, name));
    return check_path(f->folder, name, path, fd, "the file", err);
}

enum rit_status rit_fence_open(struct rit_fence *f, const char *run, int epoch, const char *token,
                               struct rit_error *err)
{
    *f = (struct rit_fence){.folder = -1, .epoch = epoch};
    RIT_TRY(rit_file_path(f->run, err, "%s", run));
    snprintf(f->token, sizeof f->token, "%s", token);
    f->folder = rit_call_open(AT_FDCWD, run, O_RDONLY | O_DIRECTORY);
    if (f->folder < 0)
        return rit_fail(err, RIT_IO, "%s: the run folder cannot be opened here: %s", run, strerror(errno));
    struct rit_holder holder;
    bool there;
    enum rit_status status = rit_holder_read(f->folder, run, epoch, &holder, &there, err);
    if (status == RIT_OK && (!there || strcmp(holder.token, token) != 0))
        status = rit_fail(err, RIT_IO,
                          "%s: this is not the run folder that the master of the sweep writes to", run);
    if (status != RIT_OK)
        rit_fence_close(f);
    return status;
}

void rit_fence_close(struct rit_fence *f)
{
    if (f->folder >= 0)
        rit_call_close(f->folder);
    f->folder = -1;
}

static enum rit_status may_write(const void *fence, struct rit_error *err)
{
    return rit_fence_check(fence, err);
}

static struct rit_replacing replacing(const struct rit_fence *f, const char *name)
{
    return (struct rit_replacing){
        .folder = f->folder, .name = name, .shown = f->run, .epoch = f->epoch, .may = may_write, .asked = f};
}

/* The folder may be gone, or a later start may have taken the temporary file away: that says more. */
static enum rit_status say_why(const struct rit_fence *f, enum rit_status status, struct rit_error *err)
{
    return status == RIT_IO && rit_fence_check(f, NULL) != RIT_OK ? rit_fence_check(f, err) : status;
}

enum rit_status rit_fence_replace(const struct rit_fence *f, const char *name, const struct rit_span *span,
                                  int n, struct rit_error *err)
{
    struct rit_replacing how = replacing(f, name);
    return say_why(f, rit_file_replace_by(&how, span, n, err), err);
}

enum rit_status rit_fence_replace_by(const struct rit_fence *f, const char *name, enum rit_sync sync,
                                     const struct rit_span *span, int n, struct rit_error *err)
{
    struct rit_replacing how = replacing(f, name);
    how.sync = sync;
    return say_why(f, rit_file_replace_by(&how, span, n, err), err);
}

enum rit_status rit_fence_replace_begin(const struct rit_fence *f, const char *name,
                                        struct rit_replacement *replacement, struct rit_error *err)
{
    struct rit_replacing how = replacing(f, name);
    return say_why(f, rit_file_replace_begin(&how, replacement, err), err);
}

enum rit_status rit_fence_replace_commit(const struct rit_fence *f, const char *name,
                                         struct rit_replacement *replacement, struct rit_error *err)
{
    struct rit_replacing how = replacing(f, name);
    return say_why(f, rit_file_replace_commit(&how, replacement, err), err);
}

void rit_fence_replace_abandon(const struct rit_fence *f, const char *name,
                               struct rit_replacement *replacement)
{
    struct rit_replacing how = replacing(f, name);
    rit_file_replace_abandon(&how, replacement);
}

enum rit_status rit_fence_make_folder(const struct rit_fence *f, const char *name, struct rit_error *err)
{
    enum rit_status status = rit_folder_make(f->folder, f->run, name, err);
    return status == RIT_OK || rit_fence_check(f, NULL) == RIT_OK ? status : rit_fence_check(f, err);
}

void rit_fence_remove(const struct rit_fence *f, const char *name)
{
    struct stat about;
    bool there = rit_call_stat(f->folder, name, &about) == 0 || errno != ENOENT;
    if (there && rit_fence_check(f, NULL) == RIT_OK)
        rit_call_unlink(f->folder, name);
}
