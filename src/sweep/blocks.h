/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The training blocks a process meets, and the corpora they are cut from. A corpus is loaded once for all
 * blocks of one source, since a plan may ask for a thousand of them.
 */
#ifndef RITARDANDO_SWEEP_BLOCKS_H
#define RITARDANDO_SWEEP_BLOCKS_H

#include <ritardando/task.h>

#include "base/hash.h"

struct rit_known_block {
    struct rit_hash parameters; /* of all that decide it: those of sections `data` and `task` */
    struct rit_block block;
    struct rit_hash digest;
};

struct rit_known_corpus {
    struct rit_hash parameters; /* the same without those that choose the block */
    struct rit_corpus corpus;
};

struct rit_blocks {
    int count, room;
    struct rit_known_block **known; /* [room] by hash, NULL where free; owned; an entry stays where it is */
    int corpora;
    struct rit_known_corpus *corpus; /* [corpora] owned */
};

/** The block of this point, cut if it is new. Borrowed until the release. */
enum rit_status rit_blocks_get(struct rit_blocks *blocks, const struct rit_point *point,
                               const struct rit_known_block **known, struct rit_error *err);
void rit_blocks_release(struct rit_blocks *blocks);

#endif
