/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error(err, "open", path);
    enum rit_status status = RIT_OK;
    char piece[65536];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = io_error(err, "read", path);
        if (n <= 0)
            break;
        total += (size_t)n;
        if (total > limit) {
            status = rit_fail(err, RIT_BAD_INPUT, "%s: larger than the %zu bytes such a file may have", path,
                              limit);
            break;
        }
        rit_pack_bytes(out, piece, (size_t)n);
    }
    close(fd);
    return status;
}

enum rit_status rit_file_write(int fd, const char *path, const void *data, size_t size, struct rit_error *err)
{
    const char *at = data;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC; /* no progress and no reason: do not try for ever */
        if (n <= 0)
            return io_error(err, "write", path);
        at += n;
        size -= (size_t)n;
    }
    return RIT_OK;
}

enum rit_status rit_file_sync_folder(const char *path, struct rit_error *err)
{
    char copy[RIT_PATH];
    RIT_TRY(rit_file_path(copy, err, "%s", path));
    const char *folder = dirname(copy);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error(err, "open", folder);
    enum rit_status status = RIT_OK;
    if (fsync(fd) != 0 && errno != EINVAL) /* EINVAL: a file system that cannot sync folders */
        status = io_error(err, "sync", folder);
    close(fd);
    return status;
}

enum rit_status rit_file_replace(const char *path, const void *data, size_t size, struct rit_error *err)
{
    return rit_file_replace_two(path, data, size, NULL, 0, err);
}

enum rit_status rit_file_replace_two(const char *path, const void *a, size_t a_size, const void *b,
                                     size_t b_size, struct rit_error *err)
{
    char temporary[RIT_PATH], host[64] = "";
    gethostname(host, sizeof host - 1);
    RIT_TRY(rit_file_path(temporary, err, "%s.%s-%ld.tmp", path, host, (long)getpid()));
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return io_error(err, "create", temporary);
    enum rit_status status = rit_file_write(fd, temporary, a, a_size, err);
    if (status == RIT_OK)
        status = rit_file_write(fd, temporary, b, b_size, err);
    if (status == RIT_OK && fsync(fd) != 0)
        status = io_error(err, "sync", temporary);
    if (close(fd) != 0 && status == RIT_OK)
        status = io_error(err, "close", temporary);
    if (status == RIT_OK && rename(temporary, path) != 0)
        status = io_error(err, "rename to its final name", temporary);
    if (status != RIT_OK) {
        unlink(temporary);
        return status;
    }
    return rit_file_sync_folder(path, err);
}

void rit_file_remove_leftovers(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".tmp") == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
}

enum rit_status rit_file_make_folder(const char *path, struct rit_error *err)
{
    struct stat about;
    int failed = mkdir(path, 0777);
    if (failed && errno == ENOENT) {
        char parent[RIT_PATH];
        RIT_TRY(rit_file_path(parent, err, "%s", path));
        RIT_TRY(rit_file_make_folder(dirname(parent), err));
        failed = mkdir(path, 0777);
    }
    if (failed && errno != EEXIST)
        return io_error(err, "create the folder", path);
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return rit_fail(err, RIT_IO, "%s: is not a folder", path);
    return RIT_OK;
}
