/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The empirical tangent kernel of chosen outputs f along a run,
 *
 *     Theta_t = J_t J_t^T,   J_t = df/dw at w_t,
 *
 * its drift |Theta_t - Theta_0| / |Theta_0| (Frobenius norms), its alignment with the targets s,
 * s.Theta s / (|Theta| |s|^2), its spectrum, and how far the network is from its own linearisation,
 * |f_t - f_0 - J_0 (w_t - w_0)| / |f_t - f_0|. Where the network has a limit of infinite width, also how far
 * Theta_t is from the kernel there. All weights count, as they are stored: the retraction and the
 * rule are no part of it. Sources: Jacot, Gabriel, Hongler, NeurIPS 2018; Cristianini et al., NIPS 2001;
 * centred: Cortes, Mohri, Rostamizadeh, JMLR 13, 795 (2012); Lee et al., NeurIPS 2019.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "kernel/kernels.h"
#include "observe/grid/coarse.h"
#include "observe/noise/classes.h"
#include "observe/tangent/spectrum.h"
#include "observe/tangent/wide.h"
#include "slope/jacobian.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 4096 };

static const struct rit_param params[] = {
    {.key = "observe.tangent",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "measure the tangent kernel of some outputs: drift, alignment, spectrum, linearisation"},
    {.key = "observe.tangent-pairs",
     .kind = RIT_INT,
     .fallback = "16",
     .low = 1,
     .high = MOST_ROWS,
     .unit = "1",
     .meaning = "pairs whose outputs the kernel is of, spread evenly over the block; all if there are fewer"},
    {.key = "observe.tangent-outputs",
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 1024,
     .unit = "1",
     .meaning = "output units at each of them, spread evenly; all if there are fewer. A measurement makes "
                "two gradient passes over one sequence for every pair and unit"},
    {.key = "observe.tangent-per-decade",
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "measurements of the kernel per decade of tau, at most observe.per-decade"},
    {.key = "observe.tangent-eigenvalues",
     .kind = RIT_INT,
     .fallback = "8",
     .low = 1,
     .high = 256,
     .unit = "1",
     .meaning = "how many of the largest eigenvalues are kept"},
    {.key = "observe.tangent-probes",
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "Gaussian probes, a full pass each, that estimate the trace over all outputs of the block"},
};

/* The numbers of one measurement; all NaN until it is made. */
struct reading {
    double tau, norm, drift, trace, block_trace, alignment, centred, moved, linearisation;
};

static const struct {
    const char *name, *unit, *meaning;
} readings[] = {
    {"tangent_at", "tau", "proper time at which the tangent kernel was measured"},
    {"tangent_norm", "1/w^2", "Frobenius norm of the tangent kernel Theta of the chosen outputs"},
    {"tangent_drift", "1", "|Theta_t - Theta_0| / |Theta_0|"},
    {"tangent_trace", "1/w^2", "tr Theta / rows: mean squared norm of an output's gradient"},
    {"tangent_trace_block", "1/w^2", "the same over all outputs of the block, estimated by Gaussian probes"},
    {"tangent_alignment", "1", "s.Theta s / (|Theta| |s|^2) with the targets s"},
    {"tangent_alignment_centred", "1", "the same of kernel and targets with their means taken off"},
    {"tangent_outputs_moved", "1", "root mean square of f_t - f_0 over the chosen outputs"},
    {"tangent_linearisation", "1", "|f_t - f_0 - J_0 (w_t - w_0)| / |f_t - f_0|"},
};

enum { READINGS = sizeof readings / sizeof readings[0] };
_Static_assert(sizeof(struct reading) == READINGS * sizeof(double), "a name for every number of a reading");

struct tangent {
    const struct rit_scene *scene;
    struct rit_classes classes;
    struct rit_jacobian jacobian;
    int per_decade, times, modes, probes;
    /* state */
    int64_t *next;           /* [1] place of the measurement to come */
    double *w_0, *f_0;       /* [weights], [rows] at the start */
    double *theta_0;         /* [rows][ld] */
    struct reading *reading; /* [times] */
    double *eigenvalue;      /* [times][modes] */
    double *class_trace;     /* [times][classes] */
    double *distance;        /* [times] from the kernel of infinite width; NULL: there is none */
    /* work */
    double *f, *line;           /* [rows] outputs now, and what J_0 makes of w - w_0 */
    double *theta, *target;     /* [rows][ld], [rows] */
    double *value, *value_work; /* [rows] */
    double *dw;                 /* [weights] */
    const double *limit;        /* [rows][ld] Theta of infinite width; NULL: not known */
};

static int per_decade_of(const struct rit_point *point)
{
    return (int)rit_point_int(point, "observe.tangent-per-decade");
}

static int times_of(const struct rit_scene *scene)
{
    return rit_coarse_size(&scene->grid, per_decade_of(scene->point));
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    int64_t pairs = rit_point_int(point, "observe.tangent-pairs"),
            outputs = rit_point_int(point, "observe.tangent-outputs");
    if (pairs * outputs > MOST_ROWS)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.tangent-pairs: %lld pairs with %lld outputs each are a kernel of %lld rows, but "
            "at most %d are measured; take fewer pairs or observe.tangent-outputs",
            (long long)pairs, (long long)outputs, (long long)pairs * outputs, MOST_ROWS);
    return rit_coarse_check(point, "observe.tangent-per-decade", err);
}

/* ---- memory ---- */

static double *take_empty(struct rit_arena *state, size_t n)
{
    double *x = RIT_TAKE(state, n, double);
    for (size_t i = 0; x && i < n; i++)
        x[i] = NAN;
    return x;
}

static void take_state(struct tangent *self, struct rit_arena *state)
{
    size_t times = (size_t)self->times, rows = (size_t)self->jacobian.rows;
    self->next = RIT_TAKE(state, 1, int64_t);
    self->w_0 = RIT_TAKE(state, self->scene->layout->size, double);
    self->f_0 = RIT_TAKE(state, rows, double);
    self->theta_0 = RIT_TAKE(state, rows * (size_t)self->jacobian.ld, double);
    self->reading = (struct reading *)take_empty(state, times * READINGS);
    self->eigenvalue = take_empty(state, times * (size_t)self->modes);
    self->class_trace = take_empty(state, times * (size_t)self->classes.n);
    if (rit_jacobian_has_limit(self->scene))
        self->distance = take_empty(state, times);
}

static void *open_tangent(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    const struct rit_point *point = scene->point;
    struct tangent *self = RIT_TAKE(work, 1, struct tangent);
    struct tangent local = {.scene = scene,
                            .classes = rit_classes_of(scene->layout),
                            .jacobian =
                                rit_jacobian_open(scene, (int)rit_point_int(point, "observe.tangent-pairs"),
                                                  (int)rit_point_int(point, "observe.tangent-outputs"), work),
                            .per_decade = per_decade_of(point),
                            .times = times_of(scene),
                            .modes = (int)rit_point_int(point, "observe.tangent-eigenvalues"),
                            .probes = (int)rit_point_int(point, "observe.tangent-probes")};
    size_t rows = (size_t)local.jacobian.rows;
    take_state(&local, state);
    local.f = RIT_TAKE(work, rows, double);
    local.line = RIT_TAKE(work, rows, double);
    local.theta = RIT_TAKE(work, rows * (size_t)local.jacobian.ld, double);
    local.target = RIT_TAKE(work, rows, double);
    local.value = RIT_TAKE(work, rows, double);
    local.value_work = RIT_TAKE(work, rows, double);
    local.dw = RIT_TAKE(work, scene->layout->size, double);
    local.limit = rit_jacobian_limit(&local.jacobian, work);
    if (!self)
        return NULL;
    for (int r = 0; r < local.jacobian.rows; r++)
        local.target[r] = rit_rows_target(&scene->block->asked, rit_jacobian_pair(&local.jacobian, r),
                                          rit_jacobian_unit(&local.jacobian, r));
    *self = local;
    return self;
}

/* ---- what: numbers of a kernel ---- */

static double norm(const struct tangent *self, const double *theta)
{
    return sqrt(rit_kernels()->sum_squares((size_t)self->jacobian.rows * (size_t)self->jacobian.ld, theta));
}

/* |Theta_t - other| / |other| */
static double distance_from(const struct tangent *self, const double *other)
{
    double distance;
    rit_kernels()->distances((size_t)self->jacobian.rows * (size_t)self->jacobian.ld, self->theta, 1, &other,
                             &distance);
    return sqrt(distance) / norm(self, other);
}

/*
 * s.Theta s / (|Theta| |s|^2); centred: of s and Theta less their means over rows and columns, so that
 * |Theta_c|^2 = |Theta|^2 - (2/n) sum_i r_i^2 + (sum_i r_i)^2 / n^2, r_i being the sum of row i.
 */
static double alignment(const struct tangent *self, bool centred)
{
    int n = self->jacobian.rows;
    double mean = 0.0, along = 0.0, targets = 0.0, sum = 0.0, squares = 0.0, size = norm(self, self->theta);
    for (int i = 0; centred && i < n; i++)
        mean += self->target[i] / n;
    for (int i = 0; i < n; i++) {
        const double *row = self->theta + (size_t)i * (size_t)self->jacobian.ld;
        double s = self->target[i] - mean, image = 0.0, all = 0.0;
        for (int k = 0; k < n; k++) {
            image += row[k] * (self->target[k] - mean);
            all += row[k];
        }
        along += s * image;
        targets += s * s;
        sum += all;
        squares += all * all;
    }
    if (centred)
        size = sqrt(size * size - 2.0 * squares / n + sum * sum / ((double)n * n));
    return along / (size * targets);
}

/* The mean squared norm of a row, of all weights and per class. */
static double trace(const struct tangent *self, double *of_class)
{
    const struct rit_layout *layout = self->scene->layout;
    double sum = 0.0, block[RIT_MAX_BLOCKS] = {0.0};
    for (int r = 0; r < self->jacobian.rows; r++)
        for (int b = 0; b < layout->blocks; b++)
            block[b] += rit_kernels()->sum_squares(
                (size_t)layout->block[b].rows * (size_t)layout->block[b].cols,
                self->jacobian.row + (size_t)r * layout->size + layout->block[b].offset);
    for (int b = 0; b < layout->blocks; b++)
        sum += block[b];
    rit_classes_mean(&self->classes, block, of_class); /* per weight */
    for (int c = 0; c < self->classes.n; c++)
        of_class[c] *= self->classes.size[c] / self->jacobian.rows;
    return sum / self->jacobian.rows;
}

static void spectrum(const struct tangent *self, double *eigenvalue)
{
    int n = self->jacobian.rows;
    if (rit_eigenvalues(n, self->theta, self->jacobian.ld, self->value, self->value_work))
        memcpy(eigenvalue, self->value, sizeof *eigenvalue * (size_t)(n < self->modes ? n : self->modes));
}

static double length(int n, const double *x)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* How far the outputs went, and which part of it J_0 does not tell. */
static void follow(struct tangent *self, struct reading *reading)
{
    int n = self->jacobian.rows;
    for (int r = 0; r < n; r++) {
        self->f[r] -= self->f_0[r];
        self->line[r] = self->f[r] - self->line[r];
    }
    double went = length(n, self->f);
    reading->moved = went / sqrt(n);
    reading->linearisation = length(n, self->line) / went;
}

/* ---- the observable ---- */

/* What is compared with from now on. */
static void begin(struct tangent *self, const double *w, const double *f, const double *theta)
{
    size_t rows = (size_t)self->jacobian.rows;
    memcpy(self->w_0, w, sizeof *w * self->scene->layout->size);
    memcpy(self->f_0, f, sizeof *f * rows);
    memcpy(self->theta_0, theta, sizeof *theta * rows * (size_t)self->jacobian.ld);
}

/* J_0 (w - w_0), J_0 being made again: the state keeps w_0 only. */
static void go_straight(struct tangent *self, const double *w)
{
    for (size_t i = 0; i < self->scene->layout->size; i++)
        self->dw[i] = w[i] - self->w_0[i];
    rit_jacobian_fill(&self->jacobian, self->w_0, self->f);
    rit_jacobian_along(&self->jacobian, self->dw, self->line);
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    (void)nll;
    struct tangent *self = handle;
    int j = k < 0 ? -1 : rit_coarse_place(&self->scene->grid, self->per_decade, k);
    if (j < *self->next)
        return;
    bool start = *self->next == 0;
    struct reading *reading = &self->reading[j];
    if (!start)
        go_straight(self, now->w);
    rit_jacobian_fill(&self->jacobian, now->w, self->f); /* leaves the net as it was found */
    rit_jacobian_kernel(&self->jacobian, self->theta);
    if (start)
        begin(self, now->w, self->f, self->theta);
    reading->tau = now->tau;
    reading->norm = norm(self, self->theta);
    reading->drift = distance_from(self, self->theta_0);
    if (self->limit)
        self->distance[j] = distance_from(self, self->limit);
    reading->trace = trace(self, self->class_trace + (size_t)j * (size_t)self->classes.n);
    reading->block_trace = rit_jacobian_trace(self->scene, self->probes, self->dw);
    reading->alignment = alignment(self, false);
    reading->centred = alignment(self, true);
    if (!start)
        follow(self, reading);
    spectrum(self, self->eigenvalue + (size_t)j * (size_t)self->modes); /* the last: it spoils theta */
    *self->next = j + 1;
}

static double sweeps(const struct rit_scene *scene)
{
    const struct rit_block *block = scene->block;
    struct rit_arena only_measured = {0};
    struct rit_jacobian j =
        rit_jacobian_open(scene, (int)rit_point_int(scene->point, "observe.tangent-pairs"),
                          (int)rit_point_int(scene->point, "observe.tangent-outputs"), &only_measured);
    double rows = j.rows, once = 2.0 * rows / block->sequences + rows * rows / (3.0 * block->pairs);
    return times_of(scene) * (once + (double)rit_point_int(scene->point, "observe.tangent-probes"));
}

static void adopt(void *handle, const void *other)
{
    struct tangent *self = handle;
    const struct tangent *from = other;
    size_t times = (size_t)(self->times < from->times ? self->times : from->times);
    *self->next = *from->next;
    begin(self, from->w_0, from->f_0, from->theta_0);
    memcpy(self->reading, from->reading, sizeof *self->reading * times);
    memcpy(self->eigenvalue, from->eigenvalue, sizeof *self->eigenvalue * times * (size_t)self->modes);
    memcpy(self->class_trace, from->class_trace, sizeof *self->class_trace * times * (size_t)self->classes.n);
    if (self->distance)
        memcpy(self->distance, from->distance, sizeof *self->distance * times);
}

/* One number of every reading, by its place there. */
static void put_readings(const struct tangent *self, struct rit_outcome *outcome)
{
    const char *dim = "tangent_tau";
    size_t n = (size_t)self->times;
    for (size_t i = 0; i < READINGS; i++) {
        struct rit_variable *out =
            rit_outcome_add(outcome, readings[i].name, readings[i].unit, readings[i].meaning, 1, &dim, &n);
        for (size_t j = 0; j < n; j++)
            out->data[j] = ((const double *)&self->reading[j])[i];
    }
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct tangent *self = handle;
    const char *dims[] = {"tangent_tau", "tangent_mode"}, *by_class[] = {"tangent_tau", "weight_class"};
    size_t n[] = {(size_t)self->times, (size_t)self->modes}, wide[] = {n[0], (size_t)self->classes.n};
    rit_coarse_describe(&self->scene->grid, self->per_decade, dims[0], "grid of the tangent kernel", outcome);
    struct rit_variable *modes = rit_outcome_add(
        outcome, dims[1], "1", "number of an eigenvalue, from the largest", 1, dims + 1, n + 1);
    for (int i = 0; i < self->modes; i++)
        modes->data[i] = i + 1;
    rit_classes_describe(&self->classes, self->scene->layout, outcome);
    rit_outcome_add(outcome, "tangent_rows", "1", "outputs that the tangent kernel is of", 0, NULL, NULL)
        ->data[0] = self->jacobian.rows;
    put_readings(self, outcome);
    if (self->distance)
        rit_outcome_put(outcome, "tangent_distance", "1",
                        "|Theta_t - Theta| / |Theta| from the kernel Theta of infinite width", 1, dims, n,
                        self->distance);
    rit_outcome_put(outcome, "tangent_eigenvalue", "1/w^2", "largest eigenvalues of the tangent kernel", 2,
                    dims, n, self->eigenvalue);
    rit_outcome_put(outcome, "tangent_trace_class", "1/w^2",
                    "part of tangent_trace that the weights of a class make", 2, by_class, wide,
                    self->class_trace);
}

const struct rit_observable rit_observable_tangent = {
    .member = {.name = "tangent",
               .meaning =
                   "tangent kernel of chosen outputs: drift, alignment with the targets, spectrum, and the "
                   "distance of the network from its linearisation",
               RIT_PARAMS(params)},
    .check = check,
    .open = open_tangent,
    .measure = measure,
    .sweeps = sweeps,
    .adopt = adopt,
    .finish = finish,
};
