/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Violated margins: of all binary outputs of the training block, the share with s_i H_i < kappa, at each grid
 * time. At kappa = 0 these are the errors. For a quadratic hinge of the same margin it is the order parameter
 * of jamming, which jumps at the transition. Sources: Geiger et al., Phys. Rev. E 100 (2019) 012115; Spigler
 * et al., J. Phys. A 52 (2019) 474001.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "observe/grid/coordinate.h"
#include "observe/grid/growth.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.margins",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning =
         "measure the share of violated margins, of binary outputs; it costs a forward pass per grid time"},
    {.key = "observe.margin",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = -100,
     .high = 100,
     .unit = "1",
     .meaning = "margin kappa that s H must reach; 0: errors are counted"},
};

/* A criterion that counts. */
struct count {
    const struct rit_block *block;
    double margin;
};

struct margins {
    const struct rit_scene *scene;
    struct count count;
    struct rit_criterion criterion;
    double *violated; /* state: [grid] */
};

static double rows_f64(const void *handle, int pair, int rows, const double *y, double *delta, int stride)
{
    (void)delta;
    const struct count *count = handle;
    const struct rit_rows *asked = &count->block->asked;
    int violated = 0;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < asked->port.width; i++)
            violated +=
                rit_rows_value(asked, pair + r, i, -1.0, 1.0) * y[(size_t)r * (size_t)stride + (size_t)i] <
                count->margin;
    return violated;
}

static double rows_f32(const void *handle, int pair, int rows, const float *y, float *delta, int stride)
{
    (void)delta;
    const struct count *count = handle;
    const struct rit_rows *asked = &count->block->asked;
    int violated = 0;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < asked->port.width; i++)
            violated += rit_rows_value(asked, pair + r, i, -1.0, 1.0) *
                            (double)y[(size_t)r * (size_t)stride + (size_t)i] <
                        count->margin;
    return violated;
}

static void *open_margins(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct margins *self = RIT_TAKE(work, 1, struct margins);
    double *violated = RIT_TAKE(state, (size_t)scene->grid.size, double);
    if (!self)
        return NULL;
    *self = (struct margins){.scene = scene,
                             .count = {scene->block, rit_point_real(scene->point, "observe.margin")},
                             .criterion = {&self->count, rows_f32, rows_f64},
                             .violated = violated};
    for (int k = 0; k < scene->grid.size; k++)
        violated[k] = NAN;
    return self;
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)now, (void)nll;
    struct margins *self = handle;
    const struct rit_block *block = self->scene->block;
    if (k < 0 || block->asked.port.kind != RIT_ROW_BITS)
        return;
    struct rit_pass found;
    self->scene->model->pass(self->scene->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING,
                             &self->criterion, NULL, &found);
    self->violated[k] = found.sum / ((double)block->pairs * block->asked.port.width);
}

static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    (void)end;
    *satisfied = 0.0;
    return rit_extends_key(had, wanted, "observe.margin", why, size);
}

static void adopt(void *handle, const void *other)
{
    struct margins *self = handle;
    const struct margins *from = other;
    int grid =
        self->scene->grid.size < from->scene->grid.size ? self->scene->grid.size : from->scene->grid.size;
    memcpy(self->violated, from->violated, (size_t)grid * sizeof *self->violated);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct margins *self = handle;
    const char *dim = "grid_tau";
    size_t n = (size_t)self->scene->grid.size;
    rit_grid_describe(&self->scene->grid, outcome);
    rit_outcome_put(outcome, "violated", "1", "share of binary outputs with s_i H_i below observe.margin", 1,
                    &dim, &n, self->violated);
}

const struct rit_observable rit_observable_margins = {
    .member = {.name = "margins",
               .meaning =
                   "share of outputs whose margin is violated: errors, or the order parameter of jamming",
               RIT_PARAMS(params)},
    .open = open_margins,
    .measure = measure,
    .extends = extends,
    .adopt = adopt,
    .finish = finish,
};
