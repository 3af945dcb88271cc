/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All eigenvalues of the Hessian of the cost on the whole training block, along what the weights can do, at
 * chosen moments: bulk and outliers, the ratio of neighbouring spacings (slope/levels.h), how many are
 * negative, and the largest curvature that batches of some pairs see. By differences of gradients in float64
 * (slope/hessian.h) and our own eigensolver, so that every machine gives the same bits; networks too large
 * for that are for `ritardando spectrum`. Weight decay is no part of it. Sources: Sagun et al.,
 * arXiv:1706.04454; Baskerville et al., arXiv:2205.08601.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/random.h"
#include "observe/hessian/batches.h"
#include "observe/tangent/spectrum.h"
#include "slope/exact.h"
#include "slope/hessian.h"
#include "slope/levels.h"

#include <math.h>
#include <string.h>

enum { MOST_DIRECTIONS = 4096, USUAL_PRODUCTS = 16 };

static const double exact_price = 8.0; /* of a pass in float64 by the plain driver, in passes of the run */

static const struct rit_param params[] = {
    {.key = "observe.hessian",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "measure all eigenvalues of the cost's Hessian at some moments, of networks of at most 4096 "
                "directions; a measurement takes two gradients in float64 for each of them"},
    {.key = "observe.hessian-at",
     .kind = RIT_REALS,
     .fallback = "[1, 10, 100]",
     .low = 0,
     .high = 1e15,
     .unit = "tau",
     .fewest = 1,
     .meaning = "moments of these measurements: each is made at the first time of the common grid that has "
                "reached it"},
    {.key = "observe.hessian-draws",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 10000,
     .unit = "1",
     .meaning = "batches of each size whose largest curvature is measured, too; 0: none"},
    {.key = "observe.hessian-batches",
     .kind = RIT_REALS,
     .fallback = "[16, 64, 256]",
     .low = 1,
     .high = 1e9,
     .unit = "time points",
     .fewest = 1,
     .needs = "observe.hessian-draws: 1..",
     .meaning = "sizes of these batches, of pairs drawn without replacement; all pairs if there are fewer"},
};

/* What is told of one moment, and its name in the dataset, in the same order. */
struct reading {
    double tau, floor, largest, smallest, low, high, above, below, negative, null, repeated, ratio, error;
};

static const struct {
    const char *name, *unit, *meaning;
} readings[] = {
    {"hessian_tau", "tau",
     "when the Hessian was measured: the first step of the grid that had reached hessian_at"},
    {"hessian_floor", "nat/w^2", "modulus below which eigenvalues may be errors of the matrix"},
    {"hessian_largest", "nat/w^2", "largest eigenvalue"},
    {"hessian_smallest", "nat/w^2", "smallest eigenvalue"},
    {"hessian_bulk_low", "nat/w^2", "smallest eigenvalue of the bulk"},
    {"hessian_bulk_high", "nat/w^2", "largest eigenvalue of the bulk"},
    {"hessian_outliers_above", "1", "eigenvalues beyond the bulk on its upper side"},
    {"hessian_outliers_below", "1", "eigenvalues beyond the bulk on its lower side"},
    {"hessian_negative", "1", "eigenvalues below zero by more than the floor"},
    {"hessian_null", "1", "eigenvalues within the floor"},
    {"hessian_repeated", "1", "eigenvalues of the bulk that equal a neighbour, by a symmetry"},
    {"hessian_spacing_ratio", "1",
     "mean ratio of neighbouring spacings in the bulk, repeated levels once: GOE 0.5307, Poisson 0.3863"},
    {"hessian_spacing_ratio_error", "1", "its standard error"},
};

enum { READINGS = sizeof readings / sizeof readings[0] };
_Static_assert(sizeof(struct reading) == READINGS * sizeof(double), "a name for every number of a reading");

struct hessian {
    const struct rit_scene *scene;
    int side, times, sizes, draws;
    const double *at, *size; /* [times], [sizes] of the point */
    /* state */
    int64_t *next;                       /* [1] the moment to come */
    struct reading *reading;             /* [times] */
    double *value;                       /* [times][side] descending */
    double *batch_largest, *batch_error; /* [times][sizes] */
    /* work */
    struct rit_exact *exact;
    struct rit_batches batches;
    struct rit_hessian columns;
    double *w;            /* [weights] on their group */
    double *matrix;       /* [side][side] */
    double *found, *rest; /* [side] of the eigensolver */
};

static enum rit_status fits(const struct rit_point *point, const struct rit_block *block,
                            const struct rit_layout *layout, struct rit_error *err)
{
    int side = rit_hessian_side(layout);
    (void)point;
    (void)block;
    if (side <= MOST_DIRECTIONS)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "observe.hessian: this network has %d directions, and in a sweep at most %d are "
                    "diagonalised; train it without, and ask 'ritardando spectrum' for its Hessian",
                    side, MOST_DIRECTIONS);
}

/* ---- memory ---- */

static double *take_empty(struct rit_arena *state, size_t n)
{
    double *x = RIT_TAKE(state, n, double);
    for (size_t i = 0; x && i < n; i++)
        x[i] = NAN;
    return x;
}

static void take_state(struct hessian *self, struct rit_arena *state)
{
    size_t times = (size_t)self->times;
    self->next = RIT_TAKE(state, 1, int64_t);
    self->reading = (struct reading *)take_empty(state, times * READINGS);
    self->value = take_empty(state, times * (size_t)self->side);
    self->batch_largest = take_empty(state, times * (size_t)self->sizes);
    self->batch_error = take_empty(state, times * (size_t)self->sizes);
}

static void take_work(struct hessian *self, struct rit_arena *work)
{
    const struct rit_scene *scene = self->scene;
    size_t side = (size_t)self->side;
    self->exact = rit_exact_open(scene->point, scene->model, scene->layout, scene->block, work);
    if (self->draws > 0)
        self->batches = rit_batches_open(self->exact, scene->layout, scene->block, self->draws, work);
    self->w = RIT_TAKE(work, scene->layout->size, double);
    double *space = RIT_TAKE(work, rit_hessian_work(scene->layout), double);
    self->matrix = RIT_TAKE(work, side * side, double);
    self->found = RIT_TAKE(work, side, double);
    self->rest = RIT_TAKE(work, side, double);
    if (self->exact)
        self->columns = rit_hessian_at(scene->layout, &self->exact->terrain, self->w, space);
}

static void *open_hessian(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    const struct rit_point *point = scene->point;
    struct hessian *self = RIT_TAKE(work, 1, struct hessian);
    struct hessian local = {.scene = scene,
                            .side = rit_hessian_side(scene->layout),
                            .draws = (int)rit_point_int(point, "observe.hessian-draws")};
    local.times = rit_point_reals(point, "observe.hessian-at", &local.at);
    if (local.draws > 0)
        local.sizes = rit_point_reals(point, "observe.hessian-batches", &local.size);
    take_state(&local, state);
    take_work(&local, work);
    if (self)
        *self = local;
    return self;
}

/* ---- one moment ---- */

/* The weights on their group; false if they have left it. */
static bool stand(struct hessian *self, const double *w)
{
    const struct rit_layout *layout = self->scene->layout;
    bool kept = false;
    memcpy(self->w, w, sizeof *w * layout->size);
    for (int b = 0; b < layout->blocks; b++)
        kept = kept || layout->block[b].orthogonal;
    return !kept || self->scene->model->retract(self->scene->net, self->w);
}

/* All columns; then the symmetric part, and the floor that the other part tells. */
static bool fill(struct hessian *self, double *floor)
{
    size_t n = (size_t)self->side;
    double *h = self->matrix, apart = 0.0;
    for (size_t j = 0; j < n; j++)
        if (!rit_hessian_column(&self->columns, (int)j, h + j * n))
            return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double difference = h[i * n + j] - h[j * n + i];
            apart += difference * difference;
            h[i * n + j] = 0.5 * (h[i * n + j] + h[j * n + i]);
        }
    *floor = rit_levels_floor(self->side, 2.0 * apart / (double)(n * n));
    return true;
}

static void look(struct hessian *self, double tau, int j)
{
    struct reading *reading = &self->reading[j];
    double *value = self->value + (size_t)j * (size_t)self->side, floor;
    if (!fill(self, &floor) ||
        !rit_eigenvalues(self->side, self->matrix, self->side, self->found, self->rest))
        return;
    memcpy(value, self->found, sizeof *value * (size_t)self->side);
    struct rit_levels_found found = rit_levels_of(self->side, value, floor);
    *reading = (struct reading){.tau = tau,
                                .floor = floor,
                                .largest = value[0],
                                .smallest = value[self->side - 1],
                                .low = found.low,
                                .high = found.high,
                                .above = found.above,
                                .below = found.below,
                                .negative = found.negative,
                                .null = found.null,
                                .repeated = found.repeated,
                                .ratio = found.ratio,
                                .error = found.error};
    for (int s = 0; s < self->sizes; s++) {
        int at = j * self->sizes + s;
        rit_batches_largest(&self->batches, self->w, rit_random_seed(self->scene->point), (int)self->size[s],
                            value[0], &self->batch_largest[at], &self->batch_error[at]);
    }
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct hessian *self = handle;
    int first = (int)*self->next, last = first;
    while (k >= 0 && last < self->times && rit_tau_reached(now->tau, self->at[last]))
        last++;
    if (last == first)
        return;
    if (stand(self, now->w))
        look(self, now->tau, last - 1); /* moments that were passed together have one network */
    *self->next = last;
}

static double sweeps(const struct rit_scene *scene)
{
    const double *list;
    double side = rit_hessian_side(scene->layout), pairs = scene->block->pairs;
    int times = rit_point_reals(scene->point, "observe.hessian-at", &list), batches = 0;
    double draws = (double)rit_point_int(scene->point, "observe.hessian-draws");
    if (draws > 0.0)
        batches = rit_point_reals(scene->point, "observe.hessian-batches", &list);
    double passes = 2.0 * side + 2.0 * USUAL_PRODUCTS * draws * batches;
    double solver = side * side / (4.0 * pairs); /* 4/3 n^3 operations beside 6 n for each pair */
    return times * exact_price * (passes + solver);
}

static void adopt(void *handle, const void *other)
{
    struct hessian *self = handle;
    const struct hessian *from = other;
    size_t times = (size_t)self->times;
    *self->next = *from->next;
    memcpy(self->reading, from->reading, sizeof *self->reading * times);
    memcpy(self->value, from->value, sizeof *self->value * times * (size_t)self->side);
    memcpy(self->batch_largest, from->batch_largest, sizeof(double) * times * (size_t)self->sizes);
    memcpy(self->batch_error, from->batch_error, sizeof(double) * times * (size_t)self->sizes);
}

/* ---- the outcome ---- */

static void put_batches(const struct hessian *self, struct rit_outcome *outcome)
{
    const char *dims[] = {"hessian_at", "hessian_batch"};
    size_t n[] = {(size_t)self->times, (size_t)self->sizes};
    if (self->sizes == 0)
        return;
    rit_outcome_put(outcome, dims[1], "time points", "size of a batch", 1, dims + 1, n + 1, self->size);
    rit_outcome_put(outcome, "hessian_batch_largest", "nat/w^2",
                    "largest eigenvalue of the Hessian of a batch, mean over draws", 2, dims, n,
                    self->batch_largest);
    rit_outcome_put(outcome, "hessian_batch_error", "nat/w^2", "its standard error", 2, dims, n,
                    self->batch_error);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct hessian *self = handle;
    const char *dims[] = {"hessian_at", "hessian_mode"};
    size_t n[] = {(size_t)self->times, (size_t)self->side};
    rit_outcome_put(outcome, dims[0], "tau", "moment that a Hessian was asked for", 1, dims, n, self->at);
    struct rit_variable *modes = rit_outcome_add(
        outcome, dims[1], "1", "number of an eigenvalue, from the largest", 1, dims + 1, n + 1);
    for (int i = 0; i < self->side; i++)
        modes->data[i] = i + 1;
    rit_outcome_put(outcome, "hessian_eigenvalue", "nat/w^2",
                    "eigenvalues of the Hessian of the cost, along what the weights can do", 2, dims, n,
                    self->value);
    for (size_t i = 0; i < READINGS; i++) {
        struct rit_variable *out =
            rit_outcome_add(outcome, readings[i].name, readings[i].unit, readings[i].meaning, 1, dims, n);
        for (int j = 0; j < self->times; j++)
            out->data[j] = ((const double *)&self->reading[j])[i];
    }
    put_batches(self, outcome);
}

const struct rit_observable rit_observable_hessian = {
    .member = {.name = "hessian",
               .meaning = "all eigenvalues of the cost's Hessian at some moments: bulk, outliers, spacings",
               RIT_PARAMS(params)},
    .fits = fits,
    .open = open_hessian,
    .measure = measure,
    .sweeps = sweeps,
    .adopt = adopt,
    .finish = finish,
};
