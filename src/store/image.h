/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The memory in which HDF5 builds a file: ours, or that of a mapped file on disk. Of a mapped file each byte
 * is given room on the disk before HDF5 sees it, so that a full disk is known at once and no write is lost;
 * what has been written is not held in memory.
 */
#ifndef RITARDANDO_STORE_IMAGE_H
#define RITARDANDO_STORE_IMAGE_H

#include "base/hash.h"

struct rit_image {
    int fd; /* borrowed; -1: in memory */
    unsigned char *data;
    size_t size; /* of the memory */
    size_t held; /* bytes mapped since they were last let go */
    size_t room; /* of the mapping once the disk has refused; then only to let HDF5 come to its end */
    int error;   /* errno of the disk; 0: none */
};

/** Make it `size` bytes. NULL if there is no memory. After a refusal of the disk, `error`, HDF5 goes on in
 * memory, for a little. */
void *rit_image_resize(struct rit_image *image, size_t size);
/** SHA-256 of the first `size` bytes. */
struct rit_hash rit_image_hash(struct rit_image *image, size_t size);
void rit_image_release(struct rit_image *image);

#endif
