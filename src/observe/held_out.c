/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loss of the held-out block (data.test) on the common grid: the same measure as that of the training
 * block, the NLL of bits or the mean square error of numbers. Where it rises while the other falls, the
 * network overfits.
 */
#include <ritardando/cost.h>
#include <ritardando/observe.h>

#include "base/arena.h"
#include "observe/grid/coordinate.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.held-out",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .needs = "data.test: 1..",
     .meaning = "measure the loss of the held-out block"},
};

struct held_out {
    const struct rit_scene *scene;
    const struct rit_block *block; /* NULL: there is none, and nothing to do */
    struct rit_net *net;           /* over that block */
    struct rit_measure loss;
    double *curve; /* state: [grid] */
};

static void *open_held_out(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct held_out *self = RIT_TAKE(work, 1, struct held_out);
    struct held_out local = {.scene = scene, .block = scene->block->held_out};
    if (local.block) {
        local.loss = rit_measure_of(local.block);
        local.net = scene->model->open(scene->point, scene->layout, local.block, work);
        local.curve = RIT_TAKE(state, (size_t)scene->grid.size, double);
    }
    if (!self)
        return NULL;
    for (int k = 0; local.block && k < scene->grid.size; k++)
        local.curve[k] = NAN;
    *self = local;
    return self;
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct held_out *self = handle;
    const struct rit_model *model = self->scene->model;
    if (!self->block || k < 0)
        return;
    struct rit_criterion criterion = rit_cost_criterion(&self->loss.use);
    struct rit_pass found;
    model->load(self->net, now->w);
    model->pass(self->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, NULL, &found);
    self->curve[k] = found.sum * self->loss.scale;
}

static void adopt(void *handle, const void *other)
{
    struct held_out *self = handle;
    const struct held_out *from = other;
    int grid =
        self->scene->grid.size < from->scene->grid.size ? self->scene->grid.size : from->scene->grid.size;
    if (self->block)
        memcpy(self->curve, from->curve, (size_t)grid * sizeof *self->curve);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct held_out *self = handle;
    const struct rit_grid *grid = &self->scene->grid;
    const char *dim = "grid_tau", *unit = self->loss.unit;
    size_t n = (size_t)grid->size;
    if (!self->block)
        return;
    double lowest[2] = {NAN, NAN}, pairs = self->block->pairs; /* the loss, and its tau */
    for (int k = 0; k < grid->size; k++)
        if (isfinite(self->curve[k]) && !(self->curve[k] >= lowest[0])) {
            lowest[0] = self->curve[k];
            lowest[1] = rit_grid_tau(grid, k);
        }
    rit_grid_describe(grid, outcome);
    rit_outcome_put(outcome, "test_loss", unit,
                    "loss of the held-out block per unit and time step: the NLL of bits, the mean square "
                    "error of numbers",
                    1, &dim, &n, self->curve);
    rit_outcome_put(outcome, "test_loss_lowest", unit, "lowest loss of the held-out block on the grid", 0,
                    NULL, NULL, &lowest[0]);
    rit_outcome_put(outcome, "test_loss_lowest_tau", "tau", "grid time at which the held-out loss is lowest",
                    0, NULL, NULL, &lowest[1]);
    rit_outcome_put(outcome, "test_pairs", "1", "pairs of the held-out block", 0, NULL, NULL, &pairs);
}

const struct rit_observable rit_observable_held_out = {
    .member = {.name = "held-out", .meaning = "loss of a block that is not trained on", RIT_PARAMS(params)},
    .open = open_held_out,
    .measure = measure,
    .adopt = adopt,
    .finish = finish,
};
