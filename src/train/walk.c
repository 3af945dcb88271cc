/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/walk.h"

#include <math.h>
#include <string.h>

bool rit_walk_step(struct rit_walk *walk, enum rit_want want, struct rit_place *place)
{
    uint64_t step = place->step + 1;
    walk->batch = rit_schedule_batch(&walk->schedule, step);
    walk->eta = rit_schedule_rate(&walk->schedule, step);
    walk->model->load(walk->net, place->w);
    walk->model->gradient(walk->net, &walk->batch, want, walk->g, &walk->sweep);
    if (!isfinite(walk->sweep.loss))
        return false;
    walk->rule->update(walk->point, walk->layout, walk->schedule.seed, step, walk->eta, walk->g, place->w,
                       place->memory);
    place->step = step;
    place->tau += walk->eta;
    walk->retracted = walk->retract_period > 0 && step % walk->retract_period == 0;
    if (!walk->retracted)
        return true;
    memcpy(walk->updated, place->w, sizeof *place->w * walk->layout->size);
    return walk->model->retract(walk->net, place->w);
}

void rit_place_copy(const struct rit_walk *walk, const struct rit_place *from, struct rit_place *to)
{
    to->step = from->step;
    to->tau = from->tau;
    memcpy(to->w, from->w, sizeof *to->w * walk->layout->size);
    if (walk->memory > 0)
        memcpy(to->memory, from->memory, sizeof *to->memory * walk->memory);
}
