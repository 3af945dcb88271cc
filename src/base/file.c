/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include "base/call.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static enum rit_status io_error(struct rit_error *err, const char *doing, const char *path)
{
    return rit_fail(err, RIT_IO, "%s: cannot %s: %s", path, doing, strerror(errno));
}

enum rit_status rit_file_path(char *out, struct rit_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(out, RIT_PATH, format, args);
    va_end(args);
    if (length < 0 || length >= RIT_PATH)
        return rit_fail(err, RIT_IO, "%.60s...: the path is too long", out);
    return RIT_OK;
}

enum rit_status rit_file_read(const char *path, size_t limit, struct rit_buffer *out, struct rit_error *err)
{
    int fd = rit_call_open(AT_FDCWD, path, O_RDONLY);
    if (fd < 0)
        return io_error(err, "open", path);
    enum rit_status status = RIT_OK;
    char piece[65536];
    size_t total = 0;
    for (ssize_t n; status == RIT_OK && (n = rit_call_read(fd, piece, sizeof piece)) != 0;) {
        if (n < 0)
            status = io_error(err, "read", path);
        else if ((total += (size_t)n) > limit)
            status = rit_fail(err, RIT_BAD_INPUT, "%s: larger than the %zu bytes such a file may have", path,
                              limit);
        else
            rit_pack_bytes(out, piece, (size_t)n);
    }
    rit_call_close(fd);
    return status;
}

int rit_file_open_to_read(const char *path, struct rit_error *err)
{
    int fd = rit_call_open(AT_FDCWD, path, O_RDONLY);
    if (fd < 0)
        io_error(err, "open", path);
    return fd;
}

enum rit_status rit_file_read_at(int fd, const char *path, size_t offset, size_t size, struct rit_buffer *out,
                                 struct rit_error *err)
{
    rit_buffer_resize(out, size);
    for (out->size = 0; out->size < size;) {
        ssize_t n = rit_call_pread(fd, out->data + out->size, size - out->size, (off_t)(offset + out->size));
        if (n < 0)
            return io_error(err, "read", path);
        if (n == 0)
            break;
        out->size += (size_t)n;
    }
    return RIT_OK;
}

enum rit_status rit_file_write(int fd, const char *path, const void *data, size_t size, struct rit_error *err)
{
    const char *at = data;
    while (size > 0) {
        ssize_t n = rit_call_write(fd, at, size);
        if (n == 0)
            errno = ENOSPC; /* no progress and no reason: do not try for ever */
        if (n <= 0)
            return io_error(err, "write", path);
        at += n;
        size -= (size_t)n;
    }
    return RIT_OK;
}

enum rit_status rit_file_sync_folder_at(int at, const char *folder, const char *shown, struct rit_error *err)
{
    int fd = rit_call_open(at, folder, O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        return io_error(err, "open", shown);
    enum rit_status status = RIT_OK;
    if (rit_call_fsync(fd) != 0 && errno != EINVAL) /* EINVAL: a file system that cannot sync folders */
        status = io_error(err, "sync", shown);
    rit_call_close(fd);
    return status;
}

enum rit_status rit_file_sync_folder(const char *path, struct rit_error *err)
{
    char copy[RIT_PATH];
    RIT_TRY(rit_file_path(copy, err, "%s", path));
    const char *folder = dirname(copy);
    return rit_file_sync_folder_at(AT_FDCWD, folder, folder, err);
}

/* ---- replacing ---- */

static const char mark[] = ".ritardando-"; /* within the name of a temporary file */
enum { EPOCH_DIGITS = 6, RANDOM_DIGITS = 16 };

/* A device or a folder would be lost: only files are replaced. */
static enum rit_status refuse_no_file(int folder, const char *name, const char *shown, struct rit_error *err)
{
    struct stat about;
    if (rit_call_stat(folder, name, &about) == 0 && !S_ISREG(about.st_mode))
        return rit_fail(err, RIT_IO, "%s: is no file, and is not replaced by one", shown);
    return RIT_OK;
}

enum rit_status rit_file_check_place(const char *path, struct rit_error *err)
{
    char copy[RIT_PATH];
    RIT_TRY(rit_file_path(copy, err, "%s", path));
    RIT_TRY(refuse_no_file(AT_FDCWD, path, path, err));
    return access(dirname(copy), W_OK) != 0 ? io_error(err, "create", path) : RIT_OK;
}

/* Makes a file with a name of its own beside the one that is to be replaced. */
enum rit_status rit_file_replace_begin(const struct rit_replacing *how, struct rit_replacement *t,
                                       struct rit_error *err)
{
    const char *slash = strrchr(how->name, '/'), *file = slash ? slash + 1 : how->name;
    unsigned long long number = 0;
    RIT_TRY(refuse_no_file(how->folder, how->name, how->name, err));
    if (getentropy(&number, sizeof number) != 0)
        return io_error(err, "get a random number to replace", how->name);
    RIT_TRY(rit_file_path(t->name, err, "%.*s.%.150s%s%0*d-%0*llx.tmp", (int)(file - how->name), how->name,
                          file, mark, EPOCH_DIGITS, how->epoch, RANDOM_DIGITS, number));
    RIT_TRY(
        rit_file_path(t->shown, err, "%s%s%s", how->shown ? how->shown : "", how->shown ? "/" : "", t->name));
    t->fd = rit_call_open(how->folder, t->name, O_RDWR | O_CREAT | O_EXCL);
    return t->fd < 0 ? io_error(err, "create", t->shown) : RIT_OK;
}

void rit_file_replace_abandon(const struct rit_replacing *how, struct rit_replacement *t)
{
    if (t->fd >= 0)
        rit_call_close(t->fd);
    t->fd = -1;
    rit_call_unlink(how->folder, t->name);
}

static enum rit_status sync_if(bool now, const struct rit_replacement *t, struct rit_error *err)
{
    return now && rit_call_fsync(t->fd) != 0 ? io_error(err, "sync", t->shown) : RIT_OK;
}

static enum rit_status put_in_place(const struct rit_replacing *how, struct rit_replacement *t,
                                    struct rit_error *err)
{
    RIT_TRY(sync_if(how->sync == RIT_SYNC_FIRST, t, err));
    if (how->may)
        RIT_TRY(how->may(how->asked, err));
    if (rit_call_rename(how->folder, t->name, how->name) != 0)
        return io_error(err, "rename to its final name", t->shown);
    RIT_TRY(sync_if(how->sync == RIT_SYNC_LAST, t, err));
    int fd = t->fd;
    t->fd = -1;
    return rit_call_close(fd) != 0 ? io_error(err, "close", t->shown) : RIT_OK;
}

enum rit_status rit_file_replace_commit(const struct rit_replacing *how, struct rit_replacement *t,
                                        struct rit_error *err)
{
    char folder[RIT_PATH], shown[RIT_PATH];
    RIT_TRY(rit_file_path(folder, err, "%s", how->name));
    RIT_TRY(rit_file_path(shown, err, "%s", t->shown));
    enum rit_status status = put_in_place(how, t, err);
    if (status != RIT_OK) {
        rit_file_replace_abandon(how, t);
        return status;
    }
    return how->sync == RIT_SYNC_NEVER
               ? RIT_OK
               : rit_file_sync_folder_at(how->folder, dirname(folder), dirname(shown), err);
}

enum rit_status rit_file_replace_by(const struct rit_replacing *how, const struct rit_span *span, int n,
                                    struct rit_error *err)
{
    struct rit_replacement t;
    RIT_TRY(rit_file_replace_begin(how, &t, err));
    for (int i = 0; i < n; i++) {
        enum rit_status status = rit_file_write(t.fd, t.shown, span[i].data, span[i].size, err);
        if (status != RIT_OK) {
            rit_file_replace_abandon(how, &t);
            return status;
        }
    }
    return rit_file_replace_commit(how, &t, err);
}

enum rit_status rit_file_replace(const char *path, const void *data, size_t size, struct rit_error *err)
{
    return rit_file_replace_by(&(struct rit_replacing){.folder = AT_FDCWD, .name = path},
                               &(struct rit_span){data, size}, 1, err);
}

/* The epoch in the name of a temporary file of ours; -1 for any other name. */
static long epoch_of_temporary(const char *name)
{
    enum { END = sizeof mark - 1 + EPOCH_DIGITS + 1 + RANDOM_DIGITS + sizeof ".tmp" - 1 };
    size_t length = strlen(name);
    if (length <= END + 1 || name[0] != '.')
        return -1;
    const char *at = name + length - END;
    const char *digits = at + sizeof mark - 1, *random = digits + EPOCH_DIGITS + 1;
    bool ours = memcmp(at, mark, sizeof mark - 1) == 0 && strspn(digits, "0123456789") == EPOCH_DIGITS &&
                digits[EPOCH_DIGITS] == '-' && strspn(random, "0123456789abcdef") == RANDOM_DIGITS &&
                strcmp(random + RANDOM_DIGITS, ".tmp") == 0;
    return ours ? strtol(digits, NULL, 10) : -1;
}

void rit_file_remove_leftovers(int at, const char *folder, int epoch)
{
    int fd = rit_call_open(at, folder, O_RDONLY | O_DIRECTORY);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            rit_call_close(fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(dir));) {
        long left_by = epoch_of_temporary(entry->d_name);
        if (0 <= left_by && left_by < epoch)
            rit_call_unlink(fd, entry->d_name);
    }
    closedir(dir);
}

enum rit_status rit_file_make_folder(const char *path, struct rit_error *err)
{
    struct stat about;
    int failed = rit_call_mkdir(AT_FDCWD, path);
    if (failed && errno == ENOENT) {
        char parent[RIT_PATH];
        RIT_TRY(rit_file_path(parent, err, "%s", path));
        const char *above = dirname(parent);
        if (strcmp(above, path) == 0) /* the empty path, or a working directory that is gone */
            return io_error(err, "create the folder", path);
        RIT_TRY(rit_file_make_folder(above, err));
        failed = rit_call_mkdir(AT_FDCWD, path);
    }
    /* EEXIST, and where a folder cannot be made, EROFS or EACCES, though it is there: what counts is that it
     * is */
    int why = errno;
    if (failed && rit_call_stat(AT_FDCWD, path, &about) != 0) {
        errno = why;
        return io_error(err, "create the folder", path);
    }
    if (failed && !S_ISDIR(about.st_mode))
        return rit_fail(err, RIT_IO, "%s: is not a folder", path);
    return RIT_OK;
}
