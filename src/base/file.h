/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Whole files, read with a limit and replaced atomically. */
#ifndef RITARDANDO_BASE_FILE_H
#define RITARDANDO_BASE_FILE_H

#include <ritardando/status.h>

#include "base/pack.h"

/** Appends the file to `out`. RIT_IO if it cannot be read; RIT_BAD_INPUT if it is larger than `limit` bytes.
 */
enum rit_status rit_file_read(const char *path, size_t limit, struct rit_buffer *out, struct rit_error *err);

/**
 * Put `data` in the place of `path` so that after any crash either the old or the new content is there:
 * write path.tmp, fsync, rename, fsync of the folder. RIT_IO on any failure; the old file then stands.
 */
enum rit_status rit_file_replace(const char *path, const void *data, size_t size, struct rit_error *err);

/** Write all bytes to an open descriptor; RIT_IO, naming `path`, on error or a full disk. */
enum rit_status rit_file_write(int fd, const char *path, const void *data, size_t size,
                               struct rit_error *err);

/** fsync the folder that holds `path`, so that a new name in it survives a power cut. */
enum rit_status rit_file_sync_folder(const char *path, struct rit_error *err);

/** mkdir -p. */
enum rit_status rit_file_make_folder(const char *path, struct rit_error *err);

#endif
