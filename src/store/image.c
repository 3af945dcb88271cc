/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* mremap */
#include "store/image.h"

#include <ritardando/status.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Bytes of a mapped file that are in memory at most, and what HDF5 may write after the disk has refused. */
static const size_t held_at_most = (size_t)64 << 20, spare = (size_t)1 << 30;

static void *or_null(void *mapped)
{
    return mapped == MAP_FAILED ? NULL : mapped;
}

/* What was written goes to the file; reading it again brings it back. */
static void let_go(struct rit_image *image)
{
    madvise(image->data, image->size, MADV_DONTNEED);
    image->held = 0;
}

static void *grow_file(struct rit_image *image, size_t size)
{
    void *data = image->data ? mremap(image->data, image->size, size, MREMAP_MAYMOVE)
                             : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, image->fd, 0);
    if (!or_null(data))
        return NULL;
    image->held += size - image->size;
    image->data = data;
    image->size = size;
    if (image->held > held_at_most)
        let_go(image);
    return data;
}

/* The disk has refused: the mapping of the file moves to the beginning of a larger one of plain memory. */
static void *go_on_in_memory(struct rit_image *image, size_t size)
{
    if (image->room == 0) {
        size_t room = size + spare;
        void *base = or_null(
            mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        if (!base || (image->data && mremap(image->data, image->size, image->size,
                                            MREMAP_MAYMOVE | MREMAP_FIXED, base) == MAP_FAILED))
            return NULL;
        image->data = base;
        image->room = room;
    }
    return size <= image->room ? image->data : NULL;
}

void *rit_image_resize(struct rit_image *image, size_t size)
{
    if (image->fd < 0) {
        void *data = realloc(image->data, size);
        if (!data)
            return NULL;
        image->data = data;
        image->size = size;
        return data;
    }
    if (size <= image->size)
        return image->data;
    if (image->error == 0)
        image->error = posix_fallocate(image->fd, (off_t)image->size, (off_t)(size - image->size));
    return image->error == 0 ? grow_file(image, size) : go_on_in_memory(image, size);
}

struct rit_hash rit_image_hash(struct rit_image *image, size_t size)
{
    struct rit_hashing hashing = rit_hash_begin();
    for (size_t at = 0; at < size; at += held_at_most) {
        size_t piece = size - at < held_at_most ? size - at : held_at_most;
        rit_hash_add(&hashing, image->data + at, piece);
        if (image->fd >= 0)
            let_go(image);
    }
    return rit_hash_end(&hashing);
}

void rit_image_release(struct rit_image *image)
{
    if (image->fd < 0)
        free(image->data);
    else if (image->data)
        munmap(image->data, image->room ? image->room : image->size);
    *image = (struct rit_image){.fd = -1};
}
