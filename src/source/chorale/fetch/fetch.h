/* SPDX-License-Identifier: GPL-3.0-or-later */
/** `ritardando fetch-data`: files of chorales, from where they are public. */
#ifndef RITARDANDO_CHORALE_FETCH_H
#define RITARDANDO_CHORALE_FETCH_H

#include <ritardando/status.h>

enum { RIT_SUM_HEX = 65 }; /* a SHA-256 in hexadecimal, with its closing zero */

/** A file that can be fetched by name. */
struct rit_data_set {
    const char *name, *meaning; /* "chorales" */
    const char *file;           /* in the public repository, and where it is put */
    const char *sha256;         /* what it must be, byte for byte; NULL: that is not known */
};

/** All of them, ended by one without a name; the first is Bach's chorales in quarter notes. */
extern const struct rit_data_set rit_data_sets[];

/** The set of this name, or NULL. */
const struct rit_data_set *rit_data_set_find(const char *name);

/**
 * Download a set from `url` (NULL: its public origin; https, http and file are understood), check it and put
 * it at `path` in one piece, making the folder if need be. Without `path` (NULL) it goes to rit_place_of its
 * file. Where its SHA-256 is known, it must have that; else it must be a file that the source piano-rolls can
 * read, and its sum is put beside it, as sha256sum writes it, in path.sha256. `sum` becomes the sum. RIT_IO
 * if the file cannot be had or written; RIT_BAD_INPUT if it is another one. What stood at `path` then still
 * stands.
 */
enum rit_status rit_fetch_data(const struct rit_data_set *set, const char *url, const char *path,
                               char sum[RIT_SUM_HEX], struct rit_error *err);

#endif
