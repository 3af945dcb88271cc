/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Aging: how far the weights move away from where they were at a waiting time t_w,
 *
 *     D(t_w, t_w+t)     = < [w_ij(t_w+t) - w_ij(t_w)]^2 >_ij        per weight class,
 *     Delta(t_w, t_w+t) = sum over the steps between of dD/Gamma,
 *
 * dD being the change of D in a step and Gamma the gradient noise of that same step, from its own sweep;
 * with that the overlaps of weights and outputs with those at t_w. All times are proper times. Memory is one
 * copy of the weights per waiting time. Source: Hertz and Tyrcha; Baity-Jesi et al., ICML 2018.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "kernel/kernels.h"
#include "observe/aging/outputs.h"
#include "observe/grid/coordinate.h"
#include "observe/grid/growth.h"
#include "observe/noise/gamma.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const examples[] = {"batch", "time-points", "chorales", NULL};
static const char *const origins[] = {"start", "stage2", NULL};

static const struct rit_param params[] = {
    {.key = "observe.aging",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "measure displacement, scaled displacement and overlaps between t_w and t_w + t"},
    {.key = "observe.waiting-times",
     .kind = RIT_REALS,
     .fallback = "[80, 160, 320, 640, 1280]",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .meaning = "waiting times t_w"},
    {.key = "observe.aging-from",
     .kind = RIT_NAME,
     .fallback = "start",
     .choices = origins,
     .unit = "1",
     .meaning = "where t_w counts from: the start of the run, or its second stage (a quench)"},
    {.key = "observe.aging-example",
     .kind = RIT_NAME,
     .fallback = "batch",
     .choices = examples,
     .unit = "1",
     .meaning =
         "examples of the gradient noise Gamma in Delta; batch: what batches are drawn from, time points "
         "if full"},
    {.key = "observe.lag-first",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 1e-12,
     .high = 1e9,
     .unit = "tau",
     .meaning = "first lag t of the logarithmic lag grid; lags below one step stay empty"},
    {.key = "observe.lag-per-decade",
     .kind = RIT_INT,
     .fallback = "16",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "lags per decade"},
    {.key = "observe.aging-outputs",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "measure the overlap of outputs too; it costs two forward sweeps per lag"},
};

/* One waiting time, in a checkpoint. */
struct wait {
    uint64_t begun;
    uint64_t step;                                   /* at which it began */
    double tau;                                      /* when it began */
    int64_t last;                                    /* index of the lag recorded last; -1 before the first */
    double projected;                                /* the part of D, all classes, that retractions made */
    double d[RIT_MAX_BLOCKS], delta[RIT_MAX_BLOCKS]; /* per class */
};

typedef double per_class[RIT_MAX_BLOCKS];

struct aging {
    const struct rit_scene *scene;
    struct rit_classes classes;
    struct rit_grid lags; /* its index 0 is the lag 0, which is not recorded */
    int waits;
    const double *waiting; /* [waits] */
    double origin;
    bool by_sequences, outputs;
    /* state */
    struct wait *wait;                                     /* [waits] */
    double *copy;                                          /* [waits][size] weights at t_w */
    double *lag_tau, *projected, *overlap_w, *overlap_out; /* [waits][lags] */
    double *d, *delta;                                     /* [waits][lags][classes] */
    per_class *before; /* [waits] Gamma at the last moment of each; NULL where steps are those of the clock */
    /* work */
    const double **from;               /* [waits] weights of a block at t_w */
    double *distance;                  /* [waits] of that block from there */
    per_class *sum, *d_now, *d_before; /* [waits] */
    float *fields[2];
};

static double origin_of(const struct rit_point *point)
{
    bool quench = strcmp(rit_point_name(point, "observe.aging-from"), "stage2") == 0;
    return quench ? rit_point_real(point, "stage2.at-tau") : 0.0;
}

static bool noise_by_sequences(const struct rit_point *point)
{
    const char *example = rit_point_name(point, "observe.aging-example");
    if (strcmp(example, "batch") == 0)
        return strcmp(rit_point_name(point, "batch.kind"), "chorales") == 0;
    return strcmp(example, "chorales") == 0;
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    const double *waiting;
    int waits = rit_point_reals(point, "observe.waiting-times", &waiting);
    double stop = rit_point_real(point, "stop.tau");
    if (waits == 0)
        return rit_fail(err, RIT_BAD_INPUT, "observe.waiting-times: aging needs at least one waiting time");
    if (strcmp(rit_point_name(point, "observe.aging-from"), "stage2") == 0 &&
        !rit_point_bool(point, "stage2.enabled"))
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.aging-from: waiting times count from the second stage, but stage2.enabled is false");
    double origin = origin_of(point);
    if (origin + waiting[waits - 1] >= stop)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.waiting-times: t_w = %g would begin at tau = %g, but the run ends at stop.tau = "
            "%g; lengthen the run or drop waiting times",
            waiting[waits - 1], origin + waiting[waits - 1], stop);
    double left = stop - origin - waiting[waits - 1], first = rit_point_real(point, "observe.lag-first");
    if (first > left)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.lag-first: the first lag is %g, but after t_w = %g only %g are left of the run", first,
            waiting[waits - 1], left);
    if (strcmp(rit_point_name(point, "observe.aging-example"), "chorales") == 0 &&
        strcmp(rit_point_name(point, "batch.kind"), "time-points") == 0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.aging-example: batches of time points do not tell the noise of whole chorales");
    if (noise_by_sequences(point) && rit_point_int(point, "data.chorales") < 2)
        return rit_fail(err, RIT_BAD_INPUT,
                        "observe.aging-example: a single chorale has no variance; take time-points");
    return rit_gamma_check(point, "observe.aging", err);
}

static size_t lag_count(const struct aging *self)
{
    return (size_t)self->lags.size - 1;
}

static double *take_empty(struct rit_arena *state, size_t n)
{
    double *x = RIT_TAKE(state, n, double);
    for (size_t i = 0; x && i < n; i++)
        x[i] = NAN;
    return x;
}

static void *open_aging(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    struct aging *self = RIT_TAKE(work, 1, struct aging);
    struct aging local = {.scene = scene,
                          .classes = rit_classes_of(scene->layout),
                          .lags = {.first = rit_point_real(scene->point, "observe.lag-first"),
                                   .per_decade = (int)rit_point_int(scene->point, "observe.lag-per-decade"),
                                   .size = 1 << 20},
                          .origin = origin_of(scene->point),
                          .by_sequences = noise_by_sequences(scene->point),
                          .outputs = rit_point_bool(scene->point, "observe.aging-outputs")};
    local.waits = rit_point_reals(scene->point, "observe.waiting-times", &local.waiting);
    double most = rit_clock_span(&scene->clock, local.origin + local.waiting[0],
                                 rit_point_real(scene->point, "stop.tau"));
    local.lags.size = rit_grid_reached(&local.lags, most) + 1;
    size_t waits = (size_t)local.waits, rows = waits * lag_count(&local);
    local.wait = RIT_TAKE(state, waits, struct wait);
    local.copy = RIT_TAKE(state, waits * scene->layout->size, double);
    local.lag_tau = take_empty(state, rows);
    local.projected = take_empty(state, rows);
    local.overlap_w = take_empty(state, rows);
    local.overlap_out = take_empty(state, rows);
    local.d = take_empty(state, rows * (size_t)local.classes.n);
    local.delta = take_empty(state, rows * (size_t)local.classes.n);
    local.before = scene->clock.own ? RIT_TAKE(state, waits, per_class) : NULL;
    local.from = RIT_TAKE(work, waits, const double *);
    local.distance = RIT_TAKE(work, waits, double);
    local.sum = RIT_TAKE(work, waits, per_class);
    local.d_now = RIT_TAKE(work, waits, per_class);
    local.d_before = RIT_TAKE(work, waits, per_class);
    for (int i = 0; i < 2; i++)
        local.fields[i] = RIT_TAKE(
            work, local.outputs ? (size_t)scene->block->pairs * (size_t)scene->block->asked.port.width : 0,
            float);
    if (self)
        *self = local;
    return self;
}

static double *copy_of(const struct aging *self, int i)
{
    return self->copy + (size_t)i * self->scene->layout->size;
}

/* D per class between w and the weights at each of the first `begun` waiting times. */
static void displacements(const struct aging *self, int begun, const double *w, per_class *d)
{
    for (int c = 1; c < self->classes.n; c++) {
        int index = self->classes.block[c];
        const struct rit_weights *block = &self->scene->layout->block[index];
        for (int i = 0; i < begun; i++)
            self->from[i] = copy_of(self, i) + block->offset;
        rit_kernels()->distances((size_t)block->rows * (size_t)block->cols, w + block->offset, begun,
                                 self->from, self->distance);
        for (int i = 0; i < begun; i++)
            self->sum[i][index] = self->distance[i];
    }
    for (int i = 0; i < begun; i++)
        rit_classes_mean(&self->classes, self->sum[i], d[i]);
}

/* Mean square weight of class "all". */
static double mean_square(const struct aging *self, const double *w)
{
    double sum[RIT_MAX_BLOCKS], mean[RIT_MAX_BLOCKS];
    for (int c = 1; c < self->classes.n; c++) {
        const struct rit_weights *block = &self->scene->layout->block[self->classes.block[c]];
        sum[self->classes.block[c]] =
            rit_kernels()->sum_squares((size_t)block->rows * (size_t)block->cols, w + block->offset);
    }
    rit_classes_mean(&self->classes, sum, mean);
    return mean[0];
}

/* Gamma per class of the step just made: the gradient's, and what the rule adds of its own. */
static void noise_of(const struct aging *self, const struct rit_moment *now, double *noise)
{
    struct rit_gamma gamma;
    rit_gamma_of(&self->classes, self->scene->layout, self->scene->block, now, &gamma);
    for (int c = 0; c < self->classes.n; c++)
        noise[c] = now->own_noise + (now->blind           ? 0.0
                                     : self->by_sequences ? gamma.sequence[c]
                                                          : gamma.pair[c]);
}

static void begin(struct aging *self, int i, const struct rit_moment *now, const double *noise)
{
    struct wait *wait = &self->wait[i];
    *wait = (struct wait){.begun = 1, .step = now->step, .tau = now->tau, .last = -1};
    memcpy(copy_of(self, i), now->w, sizeof *now->w * self->scene->layout->size);
    if (self->before)
        memcpy(self->before[i], noise, (size_t)self->classes.n * sizeof *noise);
}

/* When the next lag of a waiting time has come, or the waiting time itself. */
static double next_of(const struct aging *self, int i)
{
    const struct wait *wait = &self->wait[i];
    if (!wait->begun)
        return self->origin + self->waiting[i];
    struct rit_grid lags = self->lags; /* beyond the end of this run there are others */
    lags.size = 1 << 20;
    double lag = rit_grid_tau(&lags, (int)wait->last + 2), tau = wait->tau + lag;
    while (!rit_tau_reached(tau - wait->tau, lag)) /* the sum may have been rounded */
        tau = nextafter(tau, INFINITY);
    return tau;
}

/* A waiting time goes on in every step; where the rule keeps time itself, from lag to lag, so that nothing in
 * it depends on what else is measured. */
static bool goes_on(const struct aging *self, int i, const struct rit_moment *now)
{
    return !self->before || now->tau >= next_of(self, i);
}

/* Gamma by which dD is divided: that of the step, or of both ends of the way from lag to lag the harmonic
 * mean. */
static double noise_between(struct aging *self, int i, int c, double now)
{
    if (!self->before)
        return now;
    double before = self->before[i][c];
    self->before[i][c] = now;
    return 2.0 / (1.0 / before + 1.0 / now);
}

/* D and Delta of the first `begun` waiting times go on by one step. */
static void advance(struct aging *self, int begun, const struct rit_moment *now, const double *noise)
{
    displacements(self, begun, now->w, self->d_now);
    bool retracted = now->w_before_retraction != now->w;
    if (retracted)
        displacements(self, begun, now->w_before_retraction, self->d_before);
    for (int i = 0; i < begun; i++) {
        struct wait *wait = &self->wait[i];
        if (!goes_on(self, i, now))
            continue;
        if (retracted)
            wait->projected += self->d_now[i][0] - self->d_before[i][0];
        for (int c = 0; c < self->classes.n; c++) {
            wait->delta[c] += (self->d_now[i][c] - wait->d[c]) / noise_between(self, i, c, noise[c]);
            wait->d[c] = self->d_now[i][c];
        }
    }
}

static double lag_of(const struct aging *self, int i, const struct rit_moment *now)
{
    const struct wait *wait = &self->wait[i];
    return rit_clock_lag(&self->scene->clock, wait->step, wait->tau, now->step, now->tau);
}

static void record(struct aging *self, int i, int lag, const struct rit_moment *now)
{
    struct wait *wait = &self->wait[i];
    size_t row = (size_t)i * lag_count(self) + (size_t)lag, n = (size_t)self->classes.n;
    wait->last = lag;
    self->lag_tau[row] = lag_of(self, i, now);
    self->projected[row] = wait->projected;
    memcpy(self->d + row * n, wait->d, n * sizeof *wait->d);
    memcpy(self->delta + row * n, wait->delta, n * sizeof *wait->delta);
    double a = mean_square(self, now->w), b = mean_square(self, copy_of(self, i));
    self->overlap_w[row] = 0.5 * (a + b - wait->d[0]) / sqrt(a * b);
    if (self->outputs)
        self->overlap_out[row] =
            rit_overlap_outputs(self->scene, now->w, copy_of(self, i), self->fields[0], self->fields[1]);
}

/* The second moments are needed in every step in which a Delta advances. */
static enum rit_want want(const void *handle, const struct rit_moment *now)
{
    const struct aging *self = handle;
    bool begins = self->before && rit_tau_reached(now->tau, self->origin + self->waiting[0]);
    return self->wait[0].begun || begins ? RIT_WANT_NOISE : RIT_WANT_NOTHING;
}

static double next(const void *handle)
{
    const struct aging *self = handle;
    double tau = INFINITY;
    for (int i = 0; i < self->waits; i++)
        tau = fmin(tau, next_of(self, i));
    return tau;
}

static void step(void *handle, const struct rit_moment *now)
{
    struct aging *self = handle;
    int begun = 0; /* they begin one after the other */
    while (begun < self->waits && self->wait[begun].begun)
        begun++;
    double noise[RIT_MAX_BLOCKS] = {0.0};
    if (want(self, now) & RIT_WANT_NOISE)
        noise_of(self, now, noise);
    if (begun > 0)
        advance(self, begun, now, noise);
    for (int i = 0; i < begun; i++) {
        int lag = rit_grid_reached(&self->lags, lag_of(self, i, now)) - 1;
        if (lag > self->wait[i].last && goes_on(self, i, now))
            record(self, i, lag, now);
    }
    for (int i = begun; i < self->waits; i++)
        if (rit_tau_reached(now->tau, self->origin + self->waiting[i]))
            begin(self, i, now, noise);
}

/* It wants the whole run: lags far beyond t_w are what there is too little of. */
static enum rit_opinion opinion(const void *handle)
{
    (void)handle;
    return RIT_GO_ON;
}

/* Whether the run has this waiting time, or had not come to it when it ended. */
static bool has_wait(const struct rit_point *had, const struct rit_outcome *end, double waiting)
{
    const double *before;
    int n = rit_point_reals(had, "observe.waiting-times", &before);
    for (int i = 0; i < n; i++)
        if (before[i] == waiting)
            return true;
    struct rit_clock clock = rit_clock_of(had);
    return rit_clock_compare(&clock, end->steps, end->tau, origin_of(had) + waiting) < 0;
}

static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    static const char *const fixed[] = {"observe.aging-from", "observe.aging-example", "observe.lag-first",
                                        "observe.lag-per-decade"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (!rit_extends_key(had, wanted, fixed[i], why, size))
            return false;
    bool outputs = rit_point_bool(wanted, "observe.aging-outputs");
    if (outputs && !rit_extends_key(had, wanted, "observe.aging-outputs", why, size))
        return false;
    const double *waiting;
    int n = rit_point_reals(wanted, "observe.waiting-times", &waiting);
    for (int i = 0; i < n; i++) {
        if (has_wait(had, end, waiting[i]))
            continue;
        snprintf(why, size, "observe.waiting-times: the weights at t_w = %g were not kept", waiting[i]);
        return false;
    }
    *satisfied = INFINITY;
    return true;
}

static void adopt_wait(struct aging *self, int i, const struct aging *from, int j)
{
    size_t lags = lag_count(self), other = lag_count(from), n = lags < other ? lags : other;
    size_t row = (size_t)i * lags, source = (size_t)j * other, classes = (size_t)self->classes.n;
    self->wait[i] = from->wait[j];
    if (self->before)
        memcpy(self->before[i], from->before[j], sizeof self->before[i]);
    memcpy(copy_of(self, i), copy_of(from, j), self->scene->layout->size * sizeof *self->copy);
    memcpy(self->lag_tau + row, from->lag_tau + source, n * sizeof *self->lag_tau);
    memcpy(self->projected + row, from->projected + source, n * sizeof *self->projected);
    memcpy(self->overlap_w + row, from->overlap_w + source, n * sizeof *self->overlap_w);
    if (self->outputs)
        memcpy(self->overlap_out + row, from->overlap_out + source, n * sizeof *self->overlap_out);
    memcpy(self->d + row * classes, from->d + source * classes, n * classes * sizeof *self->d);
    memcpy(self->delta + row * classes, from->delta + source * classes, n * classes * sizeof *self->delta);
}

static void adopt(void *handle, const void *other)
{
    struct aging *self = handle;
    const struct aging *from = other;
    for (int i = 0; i < self->waits; i++)
        for (int j = 0; j < from->waits; j++)
            if (self->waiting[i] == from->waiting[j])
                adopt_wait(self, i, from, j);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct aging *self = handle;
    const char *dims[] = {"waiting_time", "lag", "weight_class"};
    size_t length[] = {(size_t)self->waits, lag_count(self), (size_t)self->classes.n};
    rit_classes_describe(&self->classes, self->scene->layout, outcome);
    rit_outcome_put(outcome, dims[0], "tau", "waiting time t_w", 1, dims, length, self->waiting);
    struct rit_variable *lags =
        rit_outcome_add(outcome, dims[1], "tau", "common logarithmic lag grid", 1, dims + 1, length + 1);
    for (int k = 1; k < self->lags.size; k++)
        lags->data[k - 1] = rit_grid_tau(&self->lags, k);
    struct rit_variable *begun = rit_outcome_add(
        outcome, "waiting_tau", "tau", "proper time at which the waiting time was over", 1, dims, length);
    for (int i = 0; i < self->waits; i++)
        if (self->wait[i].begun)
            begun->data[i] = self->wait[i].tau;
    rit_outcome_put(outcome, "lag_tau", "tau", "lag t at which the step of this lag was made", 2, dims,
                    length, self->lag_tau);
    rit_outcome_put(outcome, "displacement", "w^2",
                    "D(t_w, t_w+t): mean square displacement of the weights since t_w", 3, dims, length,
                    self->d);
    rit_outcome_put(outcome, "delta", "tau^2",
                    "Delta(t_w, t_w+t): sum over steps of dD/Gamma, Gamma being the noise of the same step",
                    3, dims, length, self->delta);
    rit_outcome_put(outcome, "displacement_projected", "w^2",
                    "part of D, over all classes, that the orthogonal projection made", 2, dims, length,
                    self->projected);
    rit_outcome_put(outcome, "overlap_weights", "1",
                    "C(t_w, t) = w(t_w).w(t_w+t) / (|w(t_w)| |w(t_w+t)|) over all classes", 2, dims, length,
                    self->overlap_w);
    rit_outcome_put(outcome, "overlap_outputs", "1",
                    "correlation coefficient of the outputs tanh H at t_w and t_w+t over the block", 2, dims,
                    length, self->overlap_out);
}

const struct rit_observable rit_observable_aging = {
    .member = {.name = "aging",
               .meaning =
                   "displacement of the weights since waiting times, scaled by the gradient noise; overlaps",
               RIT_PARAMS(params)},
    .check = check,
    .open = open_aging,
    .want = want,
    .step = step,
    .next = next,
    .opinion = opinion,
    .extends = extends,
    .adopt = adopt,
    .finish = finish,
};
