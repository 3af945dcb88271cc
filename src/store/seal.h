/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The seal of a dataset: two lines of text behind HDF5's bytes that vouch for them. */
#ifndef RITARDANDO_STORE_SEAL_H
#define RITARDANDO_STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    RIT_SEAL_TRAILER = 100, /* "\nritardando phase-diagram 2\nsha256 " and 64 digits and "\n" */
    RIT_SEAL_BLOCK = 512    /* of older files: the two lines before HDF5's bytes, which fewer readers open */
};

struct rit_hash;

/** Write the trailer of HDF5's bytes, of which this is the SHA-256, and a closing zero. */
void rit_seal_trailer(char trailer[RIT_SEAL_TRAILER + 1], const struct rit_hash *sum);

/**
 * Whether the seal of a whole file of *size bytes, of this or of the older form, is that of its bytes. HDF5's
 * own then are *size bytes from *start on.
 */
bool rit_seal_holds(const void *bytes, size_t *size, size_t *start);

#endif
