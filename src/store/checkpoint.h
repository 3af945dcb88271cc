/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Checkpoints of points in training: RUN/checkpoints/IDENTITY.0 and .1, written in turn, each atomically,
 * with a generation number and SHA-256; the newest that verifies is used.
 *     "RITckp1\n" | u64 generation | identity | u64 length | SHA-256 of all before and of the body | body
 */
#ifndef RITARDANDO_STORE_CHECKPOINT_H
#define RITARDANDO_STORE_CHECKPOINT_H

#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"

#include <stdbool.h>

/** Write the next generation: a body of a small head and of a state that is taken from where it lies. */
enum rit_status rit_checkpoint_write(const char *run, const struct rit_hash *identity,
                                     const struct rit_buffer *head, const void *state, size_t size,
                                     struct rit_error *err);

/** A verified checkpoint that is being read. */
struct rit_checkpoint {
    int fd; /* -1: there is none, the point starts anew */
    uint64_t generation;
    size_t left; /* bytes of the body that are not yet fetched */
};

/** Open the newest checkpoint that verifies. A damaged one is passed over with a line in the log. */
enum rit_status rit_checkpoint_find(const char *run, const struct rit_hash *identity,
                                    struct rit_checkpoint *found, struct rit_error *err);
/** The next bytes of its body. False if there are not so many, or the file fails now. */
bool rit_checkpoint_fetch(struct rit_checkpoint *found, void *out, size_t size);
void rit_checkpoint_close(struct rit_checkpoint *found);

/**
 * Look through the untrusted bytes of an open checkpoint file: its generation, with fd at the body of *size
 * bytes, or 0 if they are no whole checkpoint of this point. In pieces: needs no memory.
 */
uint64_t rit_checkpoint_verify(int fd, const struct rit_hash *identity, size_t *size);

/** Whether there is a checkpoint file, verified or not: the point was in training. */
bool rit_checkpoint_exists(const char *run, const struct rit_hash *identity);
/** Remove both generations, of a point that is finished. */
void rit_checkpoint_remove(const char *run, const struct rit_hash *identity);

#endif
