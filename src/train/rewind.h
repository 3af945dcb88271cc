/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What stands behind struct rit_replay: a second walker that starts from a kept place. */
#ifndef RITARDANDO_TRAIN_REWIND_H
#define RITARDANDO_TRAIN_REWIND_H

#include <ritardando/observe.h>

#include "train/walk.h"

struct rit_rewind {
    struct rit_walk walk; /* as the run's, with its own gradient: what observers see of the last step stays */
    double nll_to_bits;   /* sum over the block in nats -> bits per unit per step */
    struct rit_place kept;   /* from here replays start; part of the run's saved state */
    struct rit_place moving; /* where the last replay stands */
    bool used;               /* the net holds weights of a replay */
};

/** The calls that observers get. */
struct rit_replay rit_rewind_offer(struct rit_rewind *rewind);

#endif
