/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Saved states of points, each with its identity, a generation number and SHA-256:
 *     "RITckp1\n" | u64 generation | identity | u64 length | SHA-256 of all before and of the body | body
 * A shelf is a folder of them. Checkpoints of points in training are RUN/checkpoints/IDENTITY.0 and .1, two
 * generations written in turn, each atomically; the newest that verifies is used.
 */
#ifndef RITARDANDO_STORE_CHECKPOINT_H
#define RITARDANDO_STORE_CHECKPOINT_H

#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"
#include "store/fence.h"

#include <stdbool.h>
#include <stdint.h>

/** Where states of one kind are kept. */
struct rit_shelf {
    const char *folder; /* in the run folder */
    int generations;    /* 2: IDENTITY.0 and .1 in turn; 1: IDENTITY alone, replaced by each write */
    enum rit_sync sync; /* of two generations the older one is whole on disk, whatever becomes of the newer */
};

extern const struct rit_shelf rit_checkpoints; /* of points in training */
extern const struct rit_shelf rit_end_states;  /* of finished ones, kept to go on from */

/** Write the next generation: the concatenation of the spans. Fails as rit_fence_replace does. */
enum rit_status rit_checkpoint_write(const struct rit_fence *fence, const struct rit_shelf *shelf,
                                     const struct rit_hash *identity, const struct rit_span *span, int n,
                                     struct rit_error *err);

/** A verified state that is being read. */
struct rit_checkpoint {
    int fd; /* -1: there is none, the point starts anew */
    uint64_t generation;
    size_t left; /* bytes of the body that are not yet fetched */
};

/**
 * Open the newest state that verifies, which takes one reading of the file. A damaged one is passed over with
 * a line in the log.
 */
enum rit_status rit_checkpoint_find(const char *run, const struct rit_shelf *shelf,
                                    const struct rit_hash *identity, struct rit_checkpoint *found,
                                    struct rit_error *err);
/** The next bytes of its body. False if there are not so many, or the file fails now. */
bool rit_checkpoint_fetch(struct rit_checkpoint *found, void *out, size_t size);
void rit_checkpoint_close(struct rit_checkpoint *found);

/**
 * Look through the untrusted bytes of an open checkpoint file: its generation, with fd at the body of *size
 * bytes, or 0 if they are no whole checkpoint of this point. In pieces: needs no memory.
 */
uint64_t rit_checkpoint_verify(int fd, const struct rit_hash *identity, size_t *size);

/**
 * The first bytes of the body of the newest state and when it was written, seconds since 1970: not verified,
 * for people who want to know how things stand. False if there is none.
 */
bool rit_checkpoint_glance(const char *run, const struct rit_shelf *shelf, const struct rit_hash *identity,
                           void *out, size_t size, double *written);
/** Whether there is a file of this point, verified or not. */
bool rit_checkpoint_exists(const char *run, const struct rit_shelf *shelf, const struct rit_hash *identity);
/** Remove all generations. */
void rit_checkpoint_remove(const struct rit_fence *fence, const struct rit_shelf *shelf,
                           const struct rit_hash *identity);

#endif
