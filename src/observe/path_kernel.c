/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path kernel of a network's first output,
 *
 *     K(x, x') = mean over c of grad f(x).grad f(x') at w_c,
 *
 * the mean of its tangent kernels at points w_c along the training path: the start, each first step that is
 * observe.path-distance or more from the point before, and the end. Machines with this kernel, with those of
 * the start and of the end alone, and with the linear kernel x.x' are trained on the block and asked about
 * the one held out, as the network itself is. Every kernel is divided by its mean diagonal on the block, so
 * that one penalty means the same for all. Source: Incudini et al., arXiv:2212.11826.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "kernel/kernels.h"
#include "observe/path/machine.h"
#include "slope/jacobian.h"

#include <math.h>
#include <string.h>

enum { MOST = 1024 };

static const double usual_way =
    0.5; /* of a weight, from the start to the end: that of circuits of 40 angles */

static const char distance[] = "observe.path-distance", penalty[] = "observe.path-penalty";

static const struct rit_param params[] = {
    {.key = "observe.path-kernel",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "compare kernel machines on the held-out block: with the mean of the tangent kernels along "
                "training, those of its start and end, and a linear one"},
    {.key = distance,
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 1e-9,
     .high = 1e9,
     .unit = "w",
     .meaning = "distance in weights after which the path kernel takes the next tangent kernel"},
    {.key = penalty,
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 1e-9,
     .high = 1e9,
     .unit = "1",
     .meaning =
         "largest weight C of an example in these machines, whose kernels are 1 on average on the diagonal"},
};

/* Tangent kernels of the block with itself, [trained][trained], and of the held-out one with it. */
struct kernels {
    double *own, *other;
};

struct path_kernel {
    const struct rit_scene *scene;
    struct rit_scene test; /* of the held-out block */
    int trained, tested;   /* pairs */
    double far, penalty;
    /* state */
    int64_t *points; /* [1] on the path so far */
    double *w;       /* [weights] the last of them */
    struct kernels start, sum;
    /* work */
    double *row;                              /* [trained + 1][weights] */
    double *sign, *a, *slope, *scaled, *line; /* [trained], [trained], [trained], [trained]^2, [trained] */
    struct kernels now;
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    int64_t trained = rit_point_int(point, "data.chorales"), tested = rit_point_int(point, "data.test");
    if (tested == 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.path-kernel: machines are asked about a held-out block; set data.test");
    if (trained <= MOST && tested <= MOST)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "observe.path-kernel: kernels of %lld examples and %lld held out; at most %d of each",
                    (long long)trained, (long long)tested, MOST);
}

static enum rit_status fits(const struct rit_point *point, const struct rit_block *block,
                            const struct rit_layout *layout, struct rit_error *err)
{
    (void)point;
    (void)layout;
    int trained = block->pairs, tested = block->held_out ? block->held_out->pairs : 0;
    if (block->asked.port.kind != RIT_ROW_BITS)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.path-kernel: machines tell labels, and what is asked here are numbers");
    if (trained <= MOST && tested <= MOST)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "observe.path-kernel: kernels of %d examples and %d held out; at most %d of each",
                    trained, tested, MOST);
}

static struct kernels take_kernels(struct rit_arena *arena, int trained, int tested)
{
    size_t n = (size_t)trained, m = (size_t)tested;
    return (struct kernels){RIT_TAKE(arena, n * n, double), RIT_TAKE(arena, m * n, double)};
}

static void *open_path_kernel(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    const struct rit_block *block = scene->block, *held_out = block->held_out;
    struct path_kernel *self = RIT_TAKE(work, 1, struct path_kernel);
    struct path_kernel local = {.scene = scene,
                                .test = *scene,
                                .far = rit_point_real(scene->point, distance),
                                .penalty = rit_point_real(scene->point, penalty)};
    size_t weights = scene->layout->size;
    local.trained = block->pairs;
    local.tested = held_out->pairs;
    size_t n = (size_t)local.trained;
    local.test.block = held_out;
    local.test.net = scene->model->open(scene->point, scene->layout, held_out, work);
    local.points = RIT_TAKE(state, 1, int64_t);
    local.w = RIT_TAKE(state, weights, double);
    local.start = take_kernels(state, local.trained, local.tested);
    local.sum = take_kernels(state, local.trained, local.tested);
    local.now = take_kernels(work, local.trained, local.tested);
    local.row = RIT_TAKE(work, (n + 1) * weights, double);
    local.sign = RIT_TAKE(work, n, double);
    local.a = RIT_TAKE(work, n, double);
    local.slope = RIT_TAKE(work, n, double);
    local.line = RIT_TAKE(work, n, double);
    local.scaled = RIT_TAKE(work, n * n, double);
    if (!self)
        return NULL;
    *self = local;
    return self;
}

static double dot(size_t n, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* The tangent kernels at w, into self->now. */
static void look(const struct path_kernel *self, const double *w)
{
    const struct rit_model *model = self->scene->model;
    size_t weights = self->scene->layout->size, n = (size_t)self->trained;
    double *one = self->row + n * weights;
    model->load(self->scene->net, w);
    model->load(self->test.net, w);
    for (size_t i = 0; i < n; i++) {
        rit_jacobian_row(self->scene, (int)i, 0, self->row + i * weights);
        for (size_t j = 0; j <= i; j++)
            self->now.own[i * n + j] = self->now.own[j * n + i] =
                dot(weights, self->row + i * weights, self->row + j * weights);
    }
    for (size_t t = 0; t < (size_t)self->tested; t++) {
        rit_jacobian_row(&self->test, (int)t, 0, one);
        for (size_t j = 0; j < n; j++)
            self->now.other[t * n + j] = dot(weights, one, self->row + j * weights);
    }
}

static void add(const struct path_kernel *self, struct kernels from, struct kernels to)
{
    size_t n = (size_t)self->trained, m = (size_t)self->tested;
    for (size_t i = 0; i < n * n; i++)
        to.own[i] += from.own[i];
    for (size_t i = 0; i < m * n; i++)
        to.other[i] += from.other[i];
}

/* The next point of the path. */
static void visit(struct path_kernel *self, const double *w)
{
    look(self, w);
    if (*self->points == 0)
        add(self, self->now, self->start);
    add(self, self->now, self->sum);
    memcpy(self->w, w, sizeof *w * self->scene->layout->size);
    ++*self->points;
}

static double distance_from_last(const struct path_kernel *self, const double *w)
{
    double sum = 0.0;
    for (size_t i = 0; i < self->scene->layout->size; i++)
        sum += (w[i] - self->w[i]) * (w[i] - self->w[i]);
    return sqrt(sum);
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct path_kernel *self = handle;
    if (k == 0 && *self->points == 0)
        visit(self, now->w);
}

static void step(void *handle, const struct rit_moment *now)
{
    struct path_kernel *self = handle;
    if (distance_from_last(self, now->w) >= self->far)
        visit(self, now->w);
}

/* A kernel takes a gradient of every pair, and their products, 6 operations a weight being a pass of a pair.
 */
static double sweeps(const struct rit_scene *scene)
{
    const struct rit_block *block = scene->block;
    double n = block->pairs, m = block->held_out->pairs;
    double way = usual_way * sqrt((double)scene->layout->size);
    double points = 2.0 + way / rit_point_real(scene->point, distance);
    return points * (1.0 + m / n + n / 12.0 + m / 6.0);
}

static void adopt(void *handle, const void *other)
{
    struct path_kernel *self = handle;
    const struct path_kernel *from = other;
    *self->points = *from->points;
    memcpy(self->w, from->w, sizeof *self->w * self->scene->layout->size);
    add(self, from->start, self->start);
    add(self, from->sum, self->sum);
}

/* ---- what machines make of kernels ---- */

static double sign_of(const struct rit_block *block, int pair)
{
    return rit_rows_target(&block->asked, pair, 0);
}

/* Share of the held-out pairs of which a machine with this kernel says the right label. */
static double machine(const struct path_kernel *self, const struct kernels *k)
{
    size_t n = (size_t)self->trained;
    double mean = 0.0;
    int right = 0;
    for (size_t i = 0; i < n; i++) {
        mean += k->own[i * n + i] / (double)n;
        self->sign[i] = sign_of(self->scene->block, (int)i);
    }
    if (!(mean > 0.0))
        return NAN;
    for (size_t i = 0; i < n * n; i++)
        self->scaled[i] = k->own[i] / mean;
    struct rit_machine m = {
        .n = self->trained, .k = self->scaled, .sign = self->sign, .a = self->a, .slope = self->slope};
    rit_machine_train(&m, self->penalty);
    for (int t = 0; t < self->tested; t++) {
        for (size_t i = 0; i < n; i++)
            self->line[i] = k->other[(size_t)t * n + i] / mean;
        right += sign_of(self->test.block, t) * rit_machine_ask(&m, self->line) > 0.0;
    }
    return (double)right / self->tested;
}

static double input(const struct rit_block *block, int pair, int i)
{
    return rit_rows_value(&block->in, pair, i, (0.0 - block->mean) / block->deviation,
                          (1.0 - block->mean) / block->deviation);
}

/* x.x', into self->now. */
static void look_at_inputs(const struct path_kernel *self)
{
    const struct rit_block *trained = self->scene->block, *tested = self->test.block;
    size_t n = (size_t)self->trained;
    memset(self->now.own, 0, n * n * sizeof(double));
    memset(self->now.other, 0, (size_t)self->tested * n * sizeof(double));
    for (int c = 0; c < trained->in.port.width; c++)
        for (size_t j = 0; j < n; j++) {
            double x = input(trained, (int)j, c);
            for (size_t i = 0; i < n; i++)
                self->now.own[i * n + j] += input(trained, (int)i, c) * x;
            for (size_t t = 0; t < (size_t)self->tested; t++)
                self->now.other[t * n + j] += input(tested, (int)t, c) * x;
        }
}

/* Share of the held-out pairs on whose label the network's first output has the right sign. */
static double network(const struct path_kernel *self, double *g)
{
    int right = 0;
    for (int t = 0; t < self->tested; t++)
        right += sign_of(self->test.block, t) * rit_jacobian_row(&self->test, t, 0, g) > 0.0;
    return (double)right / self->tested;
}

static void put(struct rit_outcome *outcome, const char *name, const char *meaning, double value)
{
    rit_outcome_put(outcome, name, "1", meaning, 0, NULL, NULL, &value);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    const struct path_kernel *self = handle;
    double linear = NAN, start = NAN, end = NAN, path = NAN, net = NAN, points = NAN;
    bool finite = true;
    for (size_t i = 0; finite && i < self->scene->layout->size; i++)
        finite = isfinite(now->w[i]);
    if (finite && *self->points > 0) {
        look_at_inputs(self);
        linear = machine(self, &self->now);
        start = machine(self, &self->start);
        look(self, now->w);
        net = network(self, self->row + (size_t)self->trained * self->scene->layout->size);
        end = machine(self, &self->now);
        points = (double)*self->points;
        if (distance_from_last(self, now->w) > 0.0) {
            add(self, self->sum, self->now);
            points += 1.0;
            path = machine(self, &self->now);
        } else {
            path = machine(self, &self->sum);
        }
    }
    put(outcome, "path_points", "points of the path whose tangent kernels make the path kernel", points);
    put(outcome, "accuracy_network", "share of held-out labels that the network gets right", net);
    put(outcome, "accuracy_linear", "the same of a machine with the kernel x.x'", linear);
    put(outcome, "accuracy_tangent_start", "the same with the tangent kernel before training", start);
    put(outcome, "accuracy_tangent_end", "the same with the tangent kernel after training", end);
    put(outcome, "accuracy_path", "the same with the path kernel", path);
}

const struct rit_observable rit_observable_path_kernel = {
    .member = {.name = "path-kernel",
               .meaning =
                   "kernel machines with the mean of the tangent kernels along training, and with others",
               RIT_PARAMS(params)},
    .check = check,
    .fits = fits,
    .open = open_path_kernel,
    .step = step,
    .sweeps = sweeps,
    .measure = measure,
    .adopt = adopt,
    .finish = finish,
};
