/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The user block of a dataset: what stands before HDF5's bytes and vouches for them. */
#ifndef RITARDANDO_STORE_BLOCK_H
#define RITARDANDO_STORE_BLOCK_H

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

enum { RIT_DATASET_BLOCK = 512 };

/** Fill `block`, two lines and zeros, for the HDF5 bytes that follow it. */
static inline void rit_dataset_block(char block[RIT_DATASET_BLOCK], const void *hdf5, size_t size)
{
    struct rit_hash sum = rit_hash_of(hdf5, size);
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&sum, 2 * RIT_HASH_BYTES, hex);
    memset(block, 0, RIT_DATASET_BLOCK);
    snprintf(block, RIT_DATASET_BLOCK, "ritardando phase-diagram 1\nsha256 %s\n", hex);
}

#endif
