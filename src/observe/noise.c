/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gradient noise Gamma(t), the effective temperature of learning divided by the rate, with time points
 * and with sequences as examples: at each grid time the mean over the steps since the grid time before.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "observe/grid/coordinate.h"
#include "observe/noise/gamma.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.noise",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "measure the gradient noise Gamma with time points and with chorales as examples"},
};

struct noise {
    const struct rit_scene *scene;
    struct rit_classes classes;
    double *steps;           /* state: [1] added up since the last grid time */
    struct rit_gamma *sum;   /* state: [1] */
    double *pair, *sequence; /* state: [grid][classes] */
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    return rit_gamma_check(point, "observe.noise", err);
}

static void *open_noise(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct noise *self = RIT_TAKE(work, 1, struct noise);
    struct noise local = {.scene = scene, .classes = rit_classes_of(scene->layout)};
    size_t size = (size_t)scene->grid.size * (size_t)local.classes.n;
    local.steps = RIT_TAKE(state, 1, double);
    local.sum = RIT_TAKE(state, 1, struct rit_gamma);
    local.pair = RIT_TAKE(state, size, double);
    local.sequence = RIT_TAKE(state, size, double);
    if (!self)
        return NULL;
    for (size_t i = 0; i < size; i++)
        local.pair[i] = local.sequence[i] = NAN;
    *self = local;
    return self;
}

static enum rit_want want(const void *handle, const struct rit_moment *now)
{
    (void)handle, (void)now;
    return RIT_WANT_NOISE;
}

static void step(void *handle, const struct rit_moment *now)
{
    struct noise *self = handle;
    struct rit_gamma gamma;
    rit_gamma_of(&self->classes, self->scene->layout, self->scene->block, now, &gamma);
    for (int c = 0; c < self->classes.n; c++) {
        self->sum->pair[c] += gamma.pair[c];
        self->sum->sequence[c] += gamma.sequence[c];
    }
    *self->steps += 1.0;
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)now, (void)nll;
    struct noise *self = handle;
    size_t n = (size_t)self->classes.n;
    if (k < 0 || *self->steps == 0.0)
        return;
    for (size_t c = 0; c < n; c++) {
        self->pair[(size_t)k * n + c] = self->sum->pair[c] / *self->steps;
        self->sequence[(size_t)k * n + c] = self->sum->sequence[c] / *self->steps;
    }
    *self->sum = (struct rit_gamma){.pair = {0.0}};
    *self->steps = 0.0;
}

static void adopt(void *handle, const void *other)
{
    struct noise *self = handle;
    const struct noise *from = other;
    int grid =
        self->scene->grid.size < from->scene->grid.size ? self->scene->grid.size : from->scene->grid.size;
    size_t n = (size_t)grid * (size_t)self->classes.n;
    *self->steps = *from->steps;
    *self->sum = *from->sum;
    memcpy(self->pair, from->pair, n * sizeof *self->pair);
    memcpy(self->sequence, from->sequence, n * sizeof *self->sequence);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct noise *self = handle;
    const char *dims[] = {"grid_tau", "weight_class"};
    size_t length[] = {(size_t)self->scene->grid.size, (size_t)self->classes.n};
    rit_grid_describe(&self->scene->grid, outcome);
    rit_classes_describe(&self->classes, self->scene->layout, outcome);
    rit_outcome_put(
        outcome, "noise_time_points", "(nat/w)^2",
        "gradient noise Gamma, examples being time points: mean over the steps since the last grid "
        "time",
        2, dims, length, self->pair);
    rit_outcome_put(
        outcome, "noise_chorales", "(nat/w)^2",
        "gradient noise Gamma, examples being chorales: mean over the steps since the last grid time", 2,
        dims, length, self->sequence);
}

const struct rit_observable rit_observable_noise = {
    .member = {.name = "noise",
               .meaning = "gradient noise Gamma along the run, per weight class",
               RIT_PARAMS(params)},
    .check = check,
    .open = open_noise,
    .want = want,
    .step = step,
    .measure = measure,
    .adopt = adopt,
    .finish = finish,
};
