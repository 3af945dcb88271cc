/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/replay.h"

#include <ritardando/observe.h>

double rit_replay_nll(struct rit_replay *replay, uint64_t step, double *tau)
{
    struct rit_walk *walk = &replay->walk;
    RIT_CHECK(step >= replay->kept.step);
    if (!replay->used || replay->moving.step > step || replay->moving.step < replay->kept.step)
        rit_place_copy(walk, &replay->kept, &replay->moving);
    replay->used = true;
    while (replay->moving.step < step)
        RIT_CHECK(rit_walk_step(walk, RIT_WANT_NOTHING, &replay->moving)); /* the run itself made this step */
    walk->model->load(walk->net, replay->moving.w);
    *tau = replay->moving.tau;
    return walk->model->nll(walk->net) * replay->nll_to_bits;
}

void rit_replay_keep(struct rit_replay *replay)
{
    rit_place_copy(&replay->walk, &replay->moving, &replay->kept);
}
