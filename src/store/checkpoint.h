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

enum rit_status rit_checkpoint_write(const char *run, const struct rit_hash *identity, const void *bytes,
                                     size_t size, struct rit_error *err);
/**
 * Appends the newest checkpoint that verifies to `bytes`. *found is false, with RIT_OK, when there is none:
 * the point then starts anew. A damaged one is passed over with a line in the log.
 */
enum rit_status rit_checkpoint_read(const char *run, const struct rit_hash *identity,
                                    struct rit_buffer *bytes, bool *found, struct rit_error *err);
/**
 * Take apart the untrusted bytes of a checkpoint file: its generation, with *body set to what was saved
 * (borrowed from the bytes), or 0 if they are no whole checkpoint of this point.
 */
uint64_t rit_checkpoint_parse(const struct rit_buffer *file, const struct rit_hash *identity,
                              struct rit_reader *body);
/** Whether there is a checkpoint file, verified or not: the point was in training. */
bool rit_checkpoint_exists(const char *run, const struct rit_hash *identity);
/** Remove both generations, of a point that is finished. */
void rit_checkpoint_remove(const char *run, const struct rit_hash *identity);

#endif
