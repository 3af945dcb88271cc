/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/walk.h"

#include <math.h>
#include <string.h>

bool rit_walk_sweep(struct rit_walk *walk, enum rit_want want, const struct rit_place *place)
{
    walk->batch = rit_schedule_batch(&walk->schedule, place->step + 1);
    walk->model->load(walk->net, place->w);
    walk->model->pass(walk->net, &walk->batch, want, &walk->cost, walk->g, &walk->sweep);
    return isfinite(walk->sweep.loss);
}

/* struct rit_terrain: the last sweep's batch at other weights. */
static double look(void *self, const double *w, double *g)
{
    struct rit_walk *walk = self;
    struct rit_pass found;
    walk->model->load(walk->net, w);
    walk->model->pass(walk->net, &walk->batch, RIT_WANT_NOTHING, &walk->cost, g, &found);
    return found.loss;
}

bool rit_walk_update(struct rit_walk *walk, struct rit_place *place)
{
    uint64_t step = place->step + 1;
    const struct rit_clock *clock = &walk->schedule.clock;
    walk->eta = rit_clock_rate(clock, step);
    walk->rule.rule->update(&walk->rule, &(struct rit_stride){.layout = walk->layout,
                                                              .seed = walk->schedule.seed,
                                                              .step = step,
                                                              .eta = walk->eta,
                                                              .g = walk->g,
                                                              .terrain = &(struct rit_terrain){walk, look},
                                                              .w = place->w,
                                                              .state = place->memory,
                                                              .work = walk->scratch});
    place->step = step;
    place->tau = rit_clock_tau(clock, step);
    walk->retracted = walk->retract_period > 0 && step % walk->retract_period == 0;
    if (!walk->retracted)
        return true;
    memcpy(walk->updated, place->w, sizeof *place->w * walk->layout->size);
    return walk->model->retract(walk->net, place->w);
}
