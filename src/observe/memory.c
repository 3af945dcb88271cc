/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a network with a quantum state remembers, along a run: |lambda_2| of the channel that the state
 * goes through, the factor by which a step shrinks what lasts longest of the difference between two states,
 * and the entropy -tr rho log2 rho of the state after a step. Both are means over the pairs of the block. Of
 * a circuit in no special direction that measures and resets n qubits, |lambda_2| is about 2^(-n/2).
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/exact.h"
#include "kernel/channel.h"
#include "observe/grid/coarse.h"
#include "observe/grid/growth.h"
#include "observe/tangent/spectrum.h"

#include <math.h>
#include <string.h>

static const char often[] = "observe.memory-per-decade";

static const struct rit_param params[] = {
    {.key = "observe.memory",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning =
         "measure how long a quantum state remembers, by its channel's second eigenvalue, and its entropy"},
    {.key = often,
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "measurements of the memory per decade of tau, at most observe.per-decade"},
};

/* The numbers of one measurement; all NaN until it is made. */
struct reading {
    double tau, second, entropy;
};

struct memory {
    const struct rit_scene *scene;
    int per_decade, times, dimension;
    struct reading *reading; /* state: [times] */
    /* work */
    double *second;           /* [T] of every pair's channel */
    const double **which;     /* [T] and which it is: equal rows share one */
    struct rit_planar rho[2]; /* [dimension][dimension] */
    double *embedded;         /* [2 dimension][2 dimension]: rho as a real matrix */
    double *value;            /* [2][2 dimension] */
    double *p, *step, *search;
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (!rit_model_of(point)->channel)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.memory: model.name %s keeps no quantum state; the memory of qrnn can be "
                        "measured",
                        rit_point_name(point, "model.name"));
    return rit_coarse_check(point, often, err);
}

static struct rit_planar take_operator(struct rit_arena *work, size_t n)
{
    double *both = RIT_TAKE(work, 2 * n, double);
    return (struct rit_planar){both, both ? both + n : NULL};
}

static void *open_memory(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct rit_channel shape = scene->model->channel(scene->point, NULL, 0);
    size_t pairs = (size_t)scene->block->pairs, d = (size_t)shape.dimension;
    struct memory *self = RIT_TAKE(work, 1, struct memory);
    struct memory local = {
        .scene = scene, .per_decade = (int)rit_point_int(scene->point, often), .dimension = shape.dimension};
    local.times = rit_coarse_size(&scene->grid, local.per_decade);
    local.reading = RIT_TAKE(state, (size_t)local.times, struct reading);
    local.second = RIT_TAKE(work, pairs, double);
    local.which = RIT_TAKE(work, pairs, const double *);
    for (int i = 0; i < 2; i++)
        local.rho[i] = take_operator(work, d * d);
    local.embedded = RIT_TAKE(work, 4 * d * d, double);
    local.value = RIT_TAKE(work, 4 * d, double);
    local.p = RIT_TAKE(work, (size_t)shape.ld, double);
    local.step = RIT_TAKE(work, rit_channel_work(&shape), double);
    local.search = RIT_TAKE(work, rit_channel_second_work(&shape), double);
    if (!self)
        return NULL;
    for (int j = 0; j < local.times; j++)
        local.reading[j] = (struct reading){NAN, NAN, NAN};
    *self = local;
    return self;
}

/* The mean of |lambda_2| over the pairs; channels that are the same are asked once. */
static double mean_second(const struct memory *self)
{
    const struct rit_scene *scene = self->scene;
    double sum = 0.0;
    for (int t = 0; t < scene->block->pairs; t++) {
        struct rit_channel channel = scene->model->channel(scene->point, scene->net, t);
        int s = 0;
        self->which[t] = channel.of.re;
        while (self->which[s] != channel.of.re)
            s++;
        self->second[t] = s < t ? self->second[s] : rit_channel_second(&channel, self->search);
        sum += self->second[t];
    }
    return sum / scene->block->pairs;
}

/* -tr rho log2 rho; as a real symmetric matrix (re, -im; im, re) rho has every eigenvalue twice. */
static double entropy(const struct memory *self, struct rit_planar rho)
{
    int d = self->dimension;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double re = rho.re[i * d + j], im = rho.im[i * d + j];
            self->embedded[i * 2 * d + j] = self->embedded[(d + i) * 2 * d + d + j] = re;
            self->embedded[i * 2 * d + d + j] = -im;
            self->embedded[(d + i) * 2 * d + j] = im;
        }
    if (!rit_eigenvalues(2 * d, self->embedded, 2 * d, self->value, self->value + 2 * d))
        return NAN;
    double sum = 0.0;
    for (int i = 0; i < 2 * d; i++)
        if (self->value[i] > 0.0)
            sum -= 0.5 * self->value[i] * rit_log(self->value[i]) / rit_log(2.0);
    return fmax(0.0, sum);
}

static double mean_entropy(const struct memory *self)
{
    const struct rit_scene *scene = self->scene;
    const struct rit_block *block = scene->block;
    size_t size = (size_t)(self->dimension * self->dimension) * sizeof(double);
    double sum = 0.0;
    for (int c = 0; c < block->sequences; c++) {
        memset(self->rho[0].re, 0, size);
        memset(self->rho[0].im, 0, size);
        self->rho[0].re[0] = 1.0;
        for (int t = block->start[c]; t < block->start[c + 1]; t++) {
            struct rit_channel channel = scene->model->channel(scene->point, scene->net, t);
            rit_channel_step(&channel, self->rho[0], self->rho[1], self->p, self->step);
            memcpy(self->rho[0].re, self->rho[1].re, size);
            memcpy(self->rho[0].im, self->rho[1].im, size);
            sum += entropy(self, self->rho[0]);
        }
    }
    return sum / block->pairs;
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct memory *self = handle;
    struct reading *reading =
        k < 0 ? NULL : &self->reading[rit_coarse_place(&self->scene->grid, self->per_decade, k)];
    if (!reading || !isnan(reading->tau))
        return;
    *reading = (struct reading){now->tau, mean_second(self), mean_entropy(self)};
}

static double sweeps(const struct rit_scene *scene)
{
    const double steps = 30.0; /* of a search for |lambda_2|, two of which are worth a pass with gradient */
    return 0.5 * steps * rit_coarse_size(&scene->grid, (int)rit_point_int(scene->point, often));
}

static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    (void)end;
    *satisfied = 0.0;
    return rit_extends_key(had, wanted, often, why, size);
}

static void adopt(void *handle, const void *other)
{
    struct memory *self = handle;
    const struct memory *from = other;
    int times = self->times < from->times ? self->times : from->times;
    memcpy(self->reading, from->reading, (size_t)times * sizeof *self->reading);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    static const char *const name[] = {"memory_at", "memory_second", "memory_entropy"};
    static const char *const unit[] = {"tau", "1", "bit"};
    static const char *const meaning[] = {
        "proper time at which the memory was measured",
        "|lambda_2| of the channel of a step: what it leaves of a difference between states",
        "entropy of the quantum state after a step"};
    const struct memory *self = handle;
    const char *dim = "memory_tau";
    size_t n = (size_t)self->times;
    rit_coarse_describe(&self->scene->grid, self->per_decade, dim, "grid of the memory", outcome);
    for (int i = 0; i < 3; i++) {
        struct rit_variable *out = rit_outcome_add(outcome, name[i], unit[i], meaning[i], 1, &dim, &n);
        for (size_t j = 0; j < n; j++)
            out->data[j] = ((const double *)&self->reading[j])[i];
    }
}

const struct rit_observable rit_observable_memory = {
    .member = {.name = "memory",
               .meaning = "how long the quantum state of a network remembers, and how mixed it is",
               RIT_PARAMS(params)},
    .check = check,
    .open = open_memory,
    .measure = measure,
    .sweeps = sweeps,
    .extends = extends,
    .adopt = adopt,
    .finish = finish,
};
