/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The largest eigenvalue lambda_max of the Hessian of the cost on the whole training block, within the
 * tangent space of the matrices that are kept orthogonal: on the common grid, by slope/sharpest.h, each
 * time from the vector of the time before. Weight decay is no part of it. Descent in steps of eta is stable
 * along that vector while eta lambda_max is below an edge, 2 for plain descent; beyond, the steps overshoot,
 * and what is seen is the rule and not the gradient flow (Cohen et al., ICLR 2021). Matrices that stand off
 * their group, between two retractions, are put on it first.
 */
#include <ritardando/cost.h>
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/random.h"
#include "observe/grid/coordinate.h"
#include "slope/sharpest.h"

#include <math.h>
#include <string.h>

enum { MOST_PRODUCTS = 200, USUAL_PRODUCTS = 8 };

static const double news =
    0.5; /* of the vector of before: random numbers added, so that no other is missed */

static const struct rit_param params[] = {
    {.key = "observe.sharpness",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "measure the largest eigenvalue of the cost's Hessian, and whether steps of this rate are "
                "stable on it"},
    {.key = "observe.sharpness-accuracy",
     .kind = RIT_REAL,
     .fallback = "0.01",
     .low = 1e-6,
     .high = 0.5,
     .unit = "1",
     .meaning =
         "relative accuracy of the largest eigenvalue: that of the residual |H v - lambda v|. A product "
         "H v takes two gradient passes over the block; float32 allows 0.001"},
};

struct sharpness {
    const struct rit_scene *scene;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    struct rit_terrain terrain;
    struct rit_sharpest_place at;
    bool groups; /* some matrices are kept orthogonal */
    /* state */
    double *largest, *residual, *stability; /* [grid] */
    double *last;                           /* [1] lambda_max of the last measurement */
    double *v;                              /* [weights] its vector; 0 before the first */
    /* work */
    double *w, *fresh; /* [weights] */
};

/* struct rit_terrain: the cost of the whole block. */
static double pass(void *handle, const double *w, double *g)
{
    struct sharpness *self = handle;
    const struct rit_scene *scene = self->scene;
    struct rit_pass found;
    scene->model->load(scene->net, w);
    scene->model->pass(scene->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &self->criterion,
                       g, &found);
    return found.loss;
}

static bool has_groups(const struct rit_scene *scene)
{
    for (int b = 0; b < scene->layout->blocks; b++)
        if (scene->layout->block[b].orthogonal)
            return true;
    return false;
}

static void *open_sharpness(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct sharpness *self = RIT_TAKE(work, 1, struct sharpness);
    struct sharpness local = {.scene = scene, .groups = has_groups(scene)};
    size_t size = scene->layout->size, n = (size_t)scene->grid.size;
    local.largest = RIT_TAKE(state, n, double);
    local.residual = RIT_TAKE(state, n, double);
    local.stability = RIT_TAKE(state, n, double);
    local.last = RIT_TAKE(state, 1, double);
    local.v = RIT_TAKE(state, size, double);
    local.w = RIT_TAKE(work, size, double);
    local.fresh = RIT_TAKE(work, size, double);
    local.at =
        (struct rit_sharpest_place){.layout = scene->layout,
                                    .accuracy = rit_point_real(scene->point, "observe.sharpness-accuracy"),
                                    .most = MOST_PRODUCTS,
                                    .w = local.w,
                                    .work = RIT_TAKE(work, rit_sharpest_work(scene->layout), double)};
    if (!self)
        return NULL;
    for (size_t k = 0; k < n; k++)
        local.largest[k] = local.residual[k] = local.stability[k] = NAN;
    *self = local;
    rit_cost_open(scene->point, scene->block, &self->cost, NULL); /* the run has opened it before */
    self->criterion = rit_cost_criterion(&self->cost);
    self->terrain = (struct rit_terrain){self, pass};
    self->at.terrain = &self->terrain;
    return self;
}

/* v <- v + news r, r a random unit vector within what the weights can do; r alone at the start. */
static void begin(struct sharpness *self, int k)
{
    size_t size = self->scene->layout->size;
    uint64_t seed = (uint64_t)rit_point_int(self->scene->point, "seed");
    struct rit_random random = rit_random_open(seed, RIT_FOR_CURVATURE, (uint64_t)k, 0);
    double sum = 0.0;
    for (size_t i = 0; i < size; i++) {
        self->fresh[i] = rit_random_gauss(&random);
        sum += self->fresh[i] * self->fresh[i];
    }
    for (size_t i = 0; i < size; i++)
        self->v[i] += news / sqrt(sum) * self->fresh[i];
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct sharpness *self = handle;
    const struct rit_scene *scene = self->scene;
    if (k < 0)
        return;
    memcpy(self->w, now->w, sizeof *self->w * scene->layout->size);
    if (self->groups && !scene->model->retract(scene->net, self->w))
        return;
    begin(self, k);
    struct rit_sharpest found = rit_sharpest_find(&self->at, *self->last, self->v);
    if (isnan(found.largest)) {
        memset(self->v, 0, sizeof *self->v * scene->layout->size);
        return;
    }
    *self->last = self->largest[k] = found.largest;
    self->residual[k] = found.residual;
    self->stability[k] = rit_clock_rate(&scene->clock, now->step + 1) * found.largest;
}

static double sweeps(const struct rit_scene *scene)
{
    return 2.0 * USUAL_PRODUCTS * scene->grid.size;
}

static void adopt(void *handle, const void *other)
{
    struct sharpness *self = handle;
    const struct sharpness *from = other;
    int grid =
        self->scene->grid.size < from->scene->grid.size ? self->scene->grid.size : from->scene->grid.size;
    size_t bytes = (size_t)grid * sizeof(double);
    memcpy(self->largest, from->largest, bytes);
    memcpy(self->residual, from->residual, bytes);
    memcpy(self->stability, from->stability, bytes);
    memcpy(self->v, from->v, self->scene->layout->size * sizeof(double));
    *self->last = *from->last;
}

/* The first grid time beyond the edge; NaN if there is none, or no edge. */
static double edge_time(const struct sharpness *self)
{
    for (int k = 0; k < self->scene->grid.size; k++)
        if (self->stability[k] > self->scene->edge)
            return rit_grid_tau(&self->scene->grid, k);
    return NAN;
}

static void put_curve(const struct sharpness *self, struct rit_outcome *outcome, const char *name,
                      const char *unit, const char *meaning, const double *curve)
{
    const char *dim = "grid_tau";
    size_t n = (size_t)self->scene->grid.size;
    rit_outcome_put(outcome, name, unit, meaning, 1, &dim, &n, curve);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct sharpness *self = handle;
    double when = edge_time(self);
    rit_grid_describe(&self->scene->grid, outcome);
    put_curve(
        self, outcome, "sharpness", "nat/w^2",
        "largest eigenvalue lambda_max of the Hessian of the cost, in the tangent space of matrices kept "
        "orthogonal",
        self->largest);
    put_curve(self, outcome, "sharpness_residual", "1",
              "|H v - lambda v|/lambda: lambda_max is known this well", self->residual);
    put_curve(self, outcome, "stability", "1", "eta lambda_max, eta being the rate of the step to come",
              self->stability);
    rit_outcome_put(outcome, "edge", "1",
                    "eta lambda_max beyond which steps of this rule are unstable; NaN: it has no such edge",
                    0, NULL, NULL, &self->scene->edge);
    rit_outcome_put(outcome, "edge_tau", "tau",
                    "first grid time at which eta lambda_max was beyond the edge; NaN: never", 0, NULL, NULL,
                    &when);
}

const struct rit_observable rit_observable_sharpness = {
    .member = {.name = "sharpness",
               .meaning = "largest curvature of the cost along the run, and whether descent is stable on it",
               RIT_PARAMS(params)},
    .open = open_sharpness,
    .measure = measure,
    .sweeps = sweeps,
    .adopt = adopt,
    .finish = finish,
};
