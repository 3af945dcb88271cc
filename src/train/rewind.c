/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/rewind.h"

static double nll_at(void *self, uint64_t step, double *tau)
{
    struct rit_rewind *rewind = self;
    struct rit_walk *walk = &rewind->walk;
    RIT_CHECK(step >= rewind->kept.step);
    if (!rewind->used || rewind->moving.step > step || rewind->moving.step < rewind->kept.step)
        rit_place_copy(walk, &rewind->kept, &rewind->moving);
    rewind->used = true;
    while (rewind->moving.step < step)
        RIT_CHECK(rit_walk_step(walk, RIT_WANT_NOTHING, &rewind->moving)); /* the run itself made this step */
    walk->model->load(walk->net, rewind->moving.w);
    *tau = rewind->moving.tau;
    return walk->model->nll(walk->net) * rewind->nll_to_bits;
}

static void keep(void *self)
{
    struct rit_rewind *rewind = self;
    rit_place_copy(&rewind->walk, &rewind->moving, &rewind->kept);
}

struct rit_replay rit_rewind_offer(struct rit_rewind *rewind)
{
    return (struct rit_replay){.self = rewind, .nll = nll_at, .keep = keep};
}
