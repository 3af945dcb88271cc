/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The training blocks a process has met, each loaded once and kept: a point's network is much larger. */
#ifndef RITARDANDO_SWEEP_BLOCKS_H
#define RITARDANDO_SWEEP_BLOCKS_H

#include <ritardando/source.h>

#include "base/hash.h"

struct rit_known_block {
    struct rit_hash parameters; /* of all that decide it: those of section `data` */
    struct rit_block block;
    struct rit_hash digest;
};

struct rit_blocks {
    int count;
    struct rit_known_block **known; /* owned; one entry stays where it is when others are added */
};

/** The block of this point, loaded if it is new. Borrowed until the release. */
enum rit_status rit_blocks_get(struct rit_blocks *blocks, const struct rit_point *point,
                               const struct rit_known_block **known, struct rit_error *err);
void rit_blocks_release(struct rit_blocks *blocks);

#endif
