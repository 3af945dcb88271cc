/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Whole files, read with a limit and replaced atomically. */
#ifndef RITARDANDO_BASE_FILE_H
#define RITARDANDO_BASE_FILE_H

#include <ritardando/status.h>

#include "base/pack.h"

enum { RIT_PATH = 4096 }; /* room for a path, with its closing zero */

/** Print a path into out[RIT_PATH]. RIT_IO if it does not fit. */
enum rit_status rit_file_path(char *out, struct rit_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Appends the file to `out`. RIT_IO if it cannot be read; RIT_BAD_INPUT if it is larger than `limit` bytes.
 */
enum rit_status rit_file_read(const char *path, size_t limit, struct rit_buffer *out, struct rit_error *err);

/**
 * Put `data` in the place of `path` so that after any crash either the old or the new content is there:
 * write path.HOST-PID.tmp, fsync, rename, fsync of the folder. RIT_IO on any failure; one of both then
 * stands, whole. Two processes that replace one file at once do not disturb each other.
 */
enum rit_status rit_file_replace(const char *path, const void *data, size_t size, struct rit_error *err);

/** The same with the concatenation of two pieces, such as a header and its body. */
enum rit_status rit_file_replace_two(const char *path, const void *a, size_t a_size, const void *b,
                                     size_t b_size, struct rit_error *err);

/** Remove what killed processes left of their replacing: all *.tmp of a folder, if there is such a folder. */
void rit_file_remove_leftovers(const char *folder);

/** Write all bytes to an open descriptor; RIT_IO, naming `path`, on error or a full disk. */
enum rit_status rit_file_write(int fd, const char *path, const void *data, size_t size,
                               struct rit_error *err);

/** fsync the folder that holds `path`, so that a new name in it survives a power cut. */
enum rit_status rit_file_sync_folder(const char *path, struct rit_error *err);

/** mkdir -p. */
enum rit_status rit_file_make_folder(const char *path, struct rit_error *err);

#endif
