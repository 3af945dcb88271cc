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

/* struct rit_group */
static bool retract(void *self, double *w)
{
    struct rit_walk *walk = self;
    return walk->retract_period == 0 || walk->model->retract(walk->net, w);
}

/* Step number `step` as its rule meets it; but for the terrain and the group, which are the caller's. */
static struct rit_stride stride_of(struct rit_walk *walk, const struct rit_place *place, uint64_t step)
{
    return (struct rit_stride){.layout = walk->layout,
                               .seed = walk->schedule.seed,
                               .step = step,
                               .eta = walk->eta,
                               .loss = walk->sweep.loss,
                               .g = walk->g,
                               .w = place->w,
                               .state = place->memory,
                               .work = walk->scratch};
}

bool rit_walk_update(struct rit_walk *walk, struct rit_place *place)
{
    uint64_t step = place->step + 1;
    const struct rit_clock *clock = &walk->schedule.clock;
    walk->eta = rit_clock_rate(clock, step);
    struct rit_stride stride = stride_of(walk, place, step);
    stride.terrain = &(struct rit_terrain){walk, look};
    walk->rule.rule->update(&walk->rule, &stride);
    place->step = step;
    place->tau = rit_clock_tau(clock, step);
    walk->retracted = walk->retract_period > 0 && step % walk->retract_period == 0;
    if (!walk->retracted)
        return true;
    memcpy(walk->updated, place->w, sizeof *place->w * walk->layout->size);
    return walk->model->retract(walk->net, place->w);
}

void rit_walk_look(struct rit_walk *walk, const struct rit_place *place)
{
    struct rit_stride stride = stride_of(walk, place, place->step + 1);
    const double *w = walk->rule.rule->gait->look(&walk->rule, &stride);
    walk->batch = rit_schedule_batch(&walk->schedule, place->step + 1);
    walk->model->load(walk->net, w);
    walk->model->pass(walk->net, &walk->batch, RIT_WANT_NOTHING, &walk->cost, walk->g, &walk->sweep);
}

enum rit_arrival rit_walk_take(struct rit_walk *walk, struct rit_place *place)
{
    struct rit_stride stride = stride_of(walk, place, ++place->step);
    stride.group = &(struct rit_group){walk, retract};
    return walk->rule.rule->gait->take(&walk->rule, &stride);
}

bool rit_walk_along(const struct rit_walk *walk, const struct rit_place *place, double tau, double *w)
{
    walk->rule.rule->gait->along(walk->layout, place->memory, tau, w);
    return walk->retract_period == 0 || walk->model->retract(walk->net, w);
}
