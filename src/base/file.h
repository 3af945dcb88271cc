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

/** Bytes in memory, one of several pieces that are written one behind the other. */
struct rit_span {
    const void *data; /* borrowed */
    size_t size;
};

/** A descriptor to read `path` with, for rit_file_read_at and close(2); -1, with RIT_IO in `err`, on failure.
 */
int rit_file_open_to_read(const char *path, struct rit_error *err);

/** Fill `out` anew with the `size` bytes at `offset`, or those up to the file's end. RIT_IO, naming `path`.
 */
enum rit_status rit_file_read_at(int fd, const char *path, size_t offset, size_t size, struct rit_buffer *out,
                                 struct rit_error *err);

/** What waits for the disk. A kill of the process never leaves half a file; only a power cut can tell these
 * apart. */
enum rit_sync {
    RIT_SYNC_FIRST, /* fsync, rename: either the old or the new content */
    RIT_SYNC_LAST,  /* rename, fsync: in place at once; a power cut in between may leave any content */
    RIT_SYNC_NEVER, /* after a power cut the file may be of any content */
};

/**
 * How one file is replaced. All but `folder` and `name` may be zero. The new content is first written to a
 * file .NAME.ritardando-EPOCH-RANDOM.tmp beside the old one: a name that nobody else gives to anything.
 */
struct rit_replacing {
    int folder;        /* open: where `name` and `shown` begin; or AT_FDCWD */
    const char *name;  /* a path from there */
    const char *shown; /* path of the folder, for messages; NULL: none */
    enum rit_sync sync;
    int epoch; /* in the name of the temporary file: which start of a run writes it */
    /* Asked when the new content is on disk under its other name, right before it takes its place: anything
     * but RIT_OK, and the old one stays. */
    enum rit_status (*may)(const void *asked, struct rit_error *err);
    const void *asked;
};

/** The new content of a file that is being replaced, under its other name. */
struct rit_replacement {
    int fd; /* empty, for reading and writing */
    char name[RIT_PATH], shown[RIT_PATH];
};

/** In steps: begin, write to fd, and then either commit (sync, and put it in place) or abandon it. */
enum rit_status rit_file_replace_begin(const struct rit_replacing *how, struct rit_replacement *replacement,
                                       struct rit_error *err);
enum rit_status rit_file_replace_commit(const struct rit_replacing *how, struct rit_replacement *replacement,
                                        struct rit_error *err);
void rit_file_replace_abandon(const struct rit_replacing *how, struct rit_replacement *replacement);

/**
 * Put the spans in the place of the file so that after any crash either the old or the new content is there:
 * write another file, fsync, rename, fsync of the folder. RIT_IO on any failure; one of both then stands,
 * whole. Two processes that replace one file at once do not disturb each other.
 */
enum rit_status rit_file_replace_by(const struct rit_replacing *how, const struct rit_span *span, int n,
                                    struct rit_error *err);

/** The same with one piece, at a path. */
enum rit_status rit_file_replace(const char *path, const void *data, size_t size, struct rit_error *err);

/**
 * Whether a file can be put at this path, asked before long work for it: RIT_IO where a folder, a device or
 * the like stands there, which nothing here replaces, or where its folder is missing or not ours.
 */
enum rit_status rit_file_check_place(const char *path, struct rit_error *err);

/**
 * Remove what starts before `epoch` left of their replacing in a folder below the open folder `at`, if there
 * is such a folder: temporary files of rit_file_replace_by, and no others.
 */
void rit_file_remove_leftovers(int at, const char *folder, int epoch);

/** Write all bytes to an open descriptor; RIT_IO, naming `path`, on error or a full disk. */
enum rit_status rit_file_write(int fd, const char *path, const void *data, size_t size,
                               struct rit_error *err);

/** fsync the folder that holds `path`, so that a new name in it survives a power cut. */
enum rit_status rit_file_sync_folder(const char *path, struct rit_error *err);

/** The same for a folder below the open folder `at`; `shown` names it in messages. */
enum rit_status rit_file_sync_folder_at(int at, const char *folder, const char *shown, struct rit_error *err);

/** mkdir -p. */
enum rit_status rit_file_make_folder(const char *path, struct rit_error *err);

#endif
