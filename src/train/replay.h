/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Training again from the last grid time: how a threshold is found to the very step. */
#ifndef RITARDANDO_TRAIN_REPLAY_H
#define RITARDANDO_TRAIN_REPLAY_H

#include "train/walk.h"

struct rit_replay {
    struct rit_walk walk; /* as the run's, with its own gradient: what observers see of the last step stays */
    double nll_to_bits;      /* sum over the block in nats -> bits per unit per step */
    struct rit_place kept;   /* from here replays start; part of the run's saved state */
    struct rit_place moving; /* where the last replay stands */
    bool used;               /* the net holds weights of a replay */
};

#endif
