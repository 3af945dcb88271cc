/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Checkpoints and saved runs in one piece of memory, for tests. */
#ifndef TESTS_CHECKPOINTING_H
#define TESTS_CHECKPOINTING_H

#include <ritardando/run.h>

#include "store/checkpoint.h"

#include <string.h>

/** Appends the body of the newest checkpoint; false if there is none. */
static inline bool read_checkpoint(const char *run, const struct rit_hash *point, struct rit_buffer *out)
{
    struct rit_checkpoint found;
    RIT_CHECK(rit_checkpoint_find(run, &rit_checkpoints, point, &found, NULL) == RIT_OK);
    bool there = found.fd >= 0;
    char byte;
    while (rit_checkpoint_fetch(&found, &byte, 1))
        rit_pack_bytes(out, &byte, 1);
    RIT_CHECK(!there || found.left == 0);
    rit_checkpoint_close(&found);
    return there;
}

static inline enum rit_status write_checkpoint(const struct rit_fence *fence, const struct rit_hash *point,
                                               const void *bytes, size_t size, struct rit_error *err)
{
    struct rit_span span[] = {{bytes, size / 2}, {(const char *)bytes + size / 2, size - size / 2}};
    return rit_checkpoint_write(fence, &rit_checkpoints, point, span, 2, err);
}

/** Appends the owner and the state of a run. */
static inline void save_run(struct rit_run *run, struct rit_buffer *out)
{
    struct rit_saved saved = rit_run_save(run);
    rit_pack_bytes(out, saved.owner, sizeof saved.owner);
    rit_pack_bytes(out, saved.state, saved.size);
}

/** False if the bytes are not of this run. */
static inline bool restore_run(struct rit_run *run, const struct rit_buffer *bytes)
{
    struct rit_saved saved = rit_run_save(run);
    if (bytes->size != sizeof saved.owner + saved.size ||
        memcmp(bytes->data, saved.owner, sizeof saved.owner) != 0)
        return false;
    memcpy(saved.state, bytes->data + sizeof saved.owner, saved.size);
    rit_run_resume(run);
    return true;
}

#endif
