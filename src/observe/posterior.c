/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What infinitely wide networks predict, and how sure they are, in closed form: for the square cost, whose
 * posteriors are Gaussian. With K the covariance of networks at their start (NNGP), Theta the tangent kernel,
 * targets y of T pairs with noise of variance s^2 on top, and starred ones between any pairs and those,
 *
 *     nngp      a Bayesian network         A = K_* (K + s^2)^-1,           variance K_** - A K_*^T
 *     ntk-gp    the same with Theta        A = Theta_* (Theta + s^2)^-1,   variance Theta_** - A Theta_*^T
 *     anchored  networks trained by descent with noise on their targets, kept at their start by decay: the
 *               mean of ntk-gp,            variance K_** + A (K + s^2) A^T - 2 A K_*^T
 *     ensemble  networks trained for a time tau without noise, A = Theta_* Theta^-1 (1 - exp(-Theta tau/T)),
 *                                          variance K_** + A K A^T - 2 A K_*^T
 *
 * and the mean m + A (y - m) of each, m being the mean at the start. Sources: Lee et al., NeurIPS 2019; He,
 * Lakshminarayanan and Teh, NeurIPS 2020.
 */
#include <ritardando/cost.h>
#include <ritardando/limit.h>
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/evenly.h"
#include "kernel/gram.h"
#include "observe/posterior/smoother.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Pivots below this share of a kernel's largest variance are not told from rounding. */
static const double least_pivot = 1e-10;

static const struct rit_param params[] = {
    {.key = "observe.posterior",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .needs = "limit.name: tangent",
     .meaning =
         "say what infinitely wide networks predict and how sure they are, of the square cost in closed "
         "form: as Gaussian processes, and as ensembles after training"},
    {.key = "observe.posterior-noise",
     .kind = RIT_REALS,
     .fallback = "[0, 0.01]",
     .low = 0.0,
     .high = 1e6,
     .fewest = 1,
     .unit = "1",
     .needs = "limit.name: tangent",
     .meaning = "variances of Gaussian noise on the targets"},
    {.key = "observe.posterior-times",
     .kind = RIT_REALS,
     .fallback = "[1, 10, 100]",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .needs = "limit.name: tangent",
     .meaning = "times of training at which ensembles are told, beside its end at infinity"},
    {.key = "observe.posterior-pairs",
     .kind = RIT_INT,
     .fallback = "16",
     .low = 1,
     .high = 4096,
     .unit = "1",
     .needs = "limit.name: tangent",
     .meaning =
         "pairs of the training block, and of that held out, whose predictions are told one by one, spread "
         "evenly; all if there are fewer"},
    {.key = "observe.posterior-outputs",
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 1024,
     .unit = "1",
     .needs = "limit.name: tangent",
     .meaning = "output units of each that are told, spread evenly; all if there are fewer"},
};

enum { BLOCKS = 2 }; /* trained on, and held out */
enum process { NNGP, NTK_GP, ANCHORED, ENSEMBLE, PROCESSES };

static const char *const names[PROCESSES] = {"nngp", "ntk_gp", "anchored", "ensemble"};
static const char *const meanings[PROCESSES] = {
    "of a Bayesian network of infinite width", "of a Gaussian process with the tangent kernel",
    "of networks trained with noise on their targets and kept at their start",
    "of networks trained without noise"};

/* The kernels between the T pairs and those of one block. */
struct side {
    const struct rit_block *block;
    int ld;
    double *cross[2];    /* [T][ld] K_*^T and Theta_*^T */
    double *variance[2]; /* [pairs] K_** and Theta_** */
};

struct posterior {
    const struct rit_scene *scene;
    int n, ld, units; /* T, its vectors, outputs */
    int sides, pairs, outputs;
    double mean;
    int noises, times;
    const double *noise, *time;
    struct rit_gram gram[3]; /* of the T pairs, between them and those held out, and of these */
    struct side side[BLOCKS];
    struct rit_smoother smoother[2];  /* of K and of Theta */
    double *column, *weights, *image; /* [T][largest ld]: work, A^T, K A^T */
    double *prediction;               /* [largest ld][units] */
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (strcmp(rit_point_name(point, "cost.name"), "square") != 0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "observe.posterior: predictions are known in closed form of cost.name: square, not of %s",
            rit_point_name(point, "cost.name"));
    return RIT_OK;
}

/* ---- memory ---- */

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void take_sides(struct posterior *self, const struct rit_wide *wide, struct rit_arena *work)
{
    const struct rit_block *block = self->scene->block;
    self->sides = block->held_out ? 2 : 1;
    self->gram[0] = rit_gram_open(wide, block, block, work);
    if (block->held_out) {
        self->gram[1] = rit_gram_open(wide, block, block->held_out, work);
        self->gram[2] = rit_gram_open(wide, block->held_out, block->held_out, work);
    }
    for (int s = 0; s < self->sides; s++) {
        struct side *side = &self->side[s];
        side->block = s == 0 ? block : block->held_out;
        side->ld = rit_ld(side->block->pairs);
        for (int k = 0; k < 2; k++) {
            side->cross[k] = RIT_TAKE(work, (size_t)self->n * (size_t)side->ld, double);
            side->variance[k] = RIT_TAKE(work, (size_t)side->ld, double);
        }
    }
}

static void *open_posterior(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    (void)state; /* a run has no say in it */
    struct posterior *self = RIT_TAKE(work, 1, struct posterior);
    const struct rit_block *block = scene->block;
    struct rit_wide wide;
    struct posterior local = {
        .scene = scene, .n = block->pairs, .ld = rit_ld(block->pairs), .units = block->asked.port.width};
    RIT_CHECK(rit_model_of(scene->point)->wide(scene->point, block->in.port, &wide, NULL) == RIT_OK);
    local.noises = rit_point_reals(scene->point, "observe.posterior-noise", &local.noise);
    local.times = rit_point_reals(scene->point, "observe.posterior-times", &local.time);
    local.pairs = (int)rit_point_int(scene->point, "observe.posterior-pairs");
    local.outputs = least((int)rit_point_int(scene->point, "observe.posterior-outputs"), local.units);
    local.mean = rit_wide_mean(&wide, block);
    take_sides(&local, &wide, work);
    size_t largest = (size_t)(local.sides > 1 && local.side[1].ld > local.ld ? local.side[1].ld : local.ld);
    for (int k = 0; k < 2; k++)
        local.smoother[k] = rit_smoother_open(local.n, work);
    local.column = RIT_TAKE(work, (size_t)local.n * largest, double);
    local.weights = RIT_TAKE(work, (size_t)local.n * largest, double);
    local.image = RIT_TAKE(work, (size_t)local.n * largest, double);
    local.prediction = RIT_TAKE(work, largest * (size_t)local.units, double);
    if (self)
        *self = local;
    return self;
}

/* ---- kernels ---- */

/* Both kernels between the T pairs and a block's, and the variances of the latter. */
static void fill_side(struct posterior *self, int s)
{
    struct side *side = &self->side[s];
    int pairs = side->block->pairs;
    rit_gram_tile(&self->gram[s], 0, self->n, 0, pairs, side->cross[NNGP], side->cross[NTK_GP], side->ld);
    for (int p = 0; p < pairs; p++)
        rit_gram_tile(&self->gram[2 * s], p, 1, p, 1, side->variance[NNGP] + p, side->variance[NTK_GP] + p,
                      1);
}

static void fill_kernels(struct posterior *self)
{
    for (int s = 0; s < self->sides; s++)
        fill_side(self, s);
    for (int k = NNGP; k <= NTK_GP; k++)
        rit_smoother_make(&self->smoother[k], self->side[0].cross[k], least_pivot);
}

/* ---- predictions ---- */

/* Which posterior, and of what. */
struct asked {
    enum process process;
    double noise, tau; /* of the targets; or noise < 0, and how long it is trained */
};

/* m + A (y - m) for all pairs of a side, into prediction [pairs][units]. */
static void fill_means(struct posterior *self, const struct side *side)
{
    const struct rit_block *block = self->scene->block;
    size_t units = (size_t)self->units;
    for (size_t i = 0; i < (size_t)side->block->pairs * units; i++)
        self->prediction[i] = self->mean;
    for (int t = 0; t < self->n; t++)
        for (int u = 0; u < self->units; u++) {
            const double *a = self->weights + (size_t)t * (size_t)side->ld;
            double off = rit_rows_target(&block->asked, t, u) - self->mean;
            for (int p = 0; p < side->block->pairs; p++)
                self->prediction[(size_t)p * units + (size_t)u] += a[p] * off;
        }
}

/* sum_t a_tp b_tp */
static double column_product(const struct posterior *self, const struct side *side, int p, const double *a,
                             const double *b)
{
    double sum = 0.0;
    for (int t = 0; t < self->n; t++)
        sum += a[(size_t)t * (size_t)side->ld + (size_t)p] * b[(size_t)t * (size_t)side->ld + (size_t)p];
    return sum;
}

/* The variance at pair p; what is below zero is rounding. */
static double variance_at(const struct posterior *self, const struct side *side, const struct asked *asked,
                          int p)
{
    const double *a = self->weights;
    if (asked->process <= NTK_GP)
        return fmax(0.0, side->variance[asked->process][p] -
                             column_product(self, side, p, a, side->cross[asked->process]));
    double noise = asked->noise > 0.0 ? asked->noise * column_product(self, side, p, a, a) : 0.0;
    return fmax(0.0, side->variance[NNGP][p] + column_product(self, side, p, a, self->image) + noise -
                         2.0 * column_product(self, side, p, a, side->cross[NNGP]));
}

static void predict(struct posterior *self, const struct side *side, const struct asked *asked)
{
    const double *cross = side->cross[asked->process == NNGP ? NNGP : NTK_GP];
    rit_smoother_apply(&self->smoother[asked->process == NNGP ? NNGP : NTK_GP], cross, side->ld, asked->noise,
                       asked->tau, self->column, self->weights);
    if (asked->process > NTK_GP)
        rit_kernels()->multiply_f64(self->n, side->ld, self->n, self->side[0].cross[NNGP], self->ld,
                                    self->weights, side->ld, self->image, side->ld);
    fill_means(self, side);
}

/* ---- what is told ---- */

static int told_of(const struct posterior *self, int s)
{
    return least(self->pairs, self->side[s].block->pairs);
}

static int rows_of(const struct posterior *self)
{
    return told_of(self, 0) + (self->sides > 1 ? told_of(self, 1) : 0);
}

static int pair_of(const struct posterior *self, int s, int i)
{
    return rit_evenly(i, told_of(self, s), self->side[s].block->pairs);
}

static int unit_of(const struct posterior *self, int k)
{
    return rit_evenly(k, self->outputs, self->units);
}

/* The arrays of one process at one noise or time. */
struct told {
    double *mean;           /* [rows][outputs] */
    double *variance;       /* [rows] */
    double *error, *spread; /* [BLOCKS] */
};

static void tell_side(struct posterior *self, int s, const struct asked *asked, const struct told *told)
{
    const struct side *side = &self->side[s];
    int pairs = side->block->pairs, first = s == 0 ? 0 : told_of(self, 0);
    double squares = 0.0, sum = 0.0;
    predict(self, side, asked);
    for (int p = 0; p < pairs; p++) {
        sum += variance_at(self, side, asked, p);
        for (int u = 0; u < self->units; u++) {
            double off = self->prediction[(size_t)p * (size_t)self->units + (size_t)u] -
                         rit_rows_target(&side->block->asked, p, u);
            squares += off * off;
        }
    }
    told->error[s] = sqrt(squares / ((double)pairs * self->units));
    told->spread[s] = sum / pairs;
    for (int i = 0; i < told_of(self, s); i++) {
        int p = pair_of(self, s, i);
        told->variance[first + i] = variance_at(self, side, asked, p);
        for (int k = 0; k < self->outputs; k++)
            told->mean[(first + i) * self->outputs + k] =
                self->prediction[(size_t)p * (size_t)self->units + (size_t)unit_of(self, k)];
    }
}

/* The four variables of a process over `n` noises or times, all NaN. */
static struct told add_variables(const struct posterior *self, enum process process, const char *over,
                                 size_t n, struct rit_outcome *outcome)
{
    static const struct {
        const char *end, *unit, *meaning;
    } what[] = {
        {"mean", "1", "mean prediction"},
        {"variance", "1", "variance of the prediction of any unit"},
        {"error", "1", "root mean square of the mean prediction less the target, all pairs and units"},
        {"spread", "1", "mean variance of all pairs"}};
    const char *dims[4][3] = {{over, "posterior_row", "posterior_output"},
                              {over, "posterior_row"},
                              {over, "posterior_block"},
                              {over, "posterior_block"}};
    size_t rows = (size_t)rows_of(self), outputs = (size_t)self->outputs,
           length[4][3] = {{n, rows, outputs}, {n, rows}, {n, BLOCKS}, {n, BLOCKS}};
    double *data[4];
    for (int i = 0; i < 4; i++) {
        char name[RIT_VARIABLE_NAME], meaning[RIT_VARIABLE_TEXT];
        snprintf(name, sizeof name, "%s_%s", names[process], what[i].end);
        snprintf(meaning, sizeof meaning, "%s %s", what[i].meaning, meanings[process]);
        struct rit_variable *v =
            rit_outcome_add(outcome, name, what[i].unit, meaning, i == 0 ? 3 : 2, dims[i], length[i]);
        for (size_t k = 0; k < v->count; k++)
            v->data[k] = NAN;
        data[i] = v->data;
    }
    return (struct told){data[0], data[1], data[2], data[3]};
}

static void tell(struct posterior *self, enum process process, struct rit_outcome *outcome)
{
    bool timed = process == ENSEMBLE;
    int n = timed ? self->times + 1 : self->noises, rows = rows_of(self);
    struct told told =
        add_variables(self, process, timed ? "posterior_time" : "posterior_noise", (size_t)n, outcome);
    for (int i = 0; i < n; i++) {
        struct asked asked = {process, timed ? i < self->times ? -1.0 : 0.0 : self->noise[i],
                              timed && i < self->times ? self->time[i] : INFINITY};
        for (int s = 0; s < self->sides; s++)
            tell_side(self, s, &asked, &told);
        told.mean += (size_t)rows * (size_t)self->outputs;
        told.variance += rows;
        told.error += BLOCKS;
        told.spread += BLOCKS;
    }
}

/* What rows and outputs stand for. */
static void describe(const struct posterior *self, struct rit_outcome *outcome)
{
    static const char *const blocks[BLOCKS] = {"trained", "held-out"},
                             *const dims[] = {"posterior_row", "posterior_output"},
                             *const time = "posterior_time", *const noise = "posterior_noise";
    size_t n[] = {(size_t)rows_of(self), (size_t)self->outputs}, times = (size_t)self->times + 1,
           noises = (size_t)self->noises;
    rit_outcome_label(outcome, "posterior_block", BLOCKS, blocks);
    rit_outcome_put(outcome, noise, "1", "variance of noise on the targets", 1, &noise, &noises, self->noise);
    struct rit_variable *at =
        rit_outcome_add(outcome, time, "tau", "how long ensembles are trained", 1, &time, &times);
    for (int i = 0; i <= self->times; i++)
        at->data[i] = i < self->times ? self->time[i] : INFINITY;
    double *pair = rit_outcome_add(outcome, "posterior_pair", "1", "number of a row's pair in its block", 1,
                                   dims, n)
                       ->data,
           *out = rit_outcome_add(outcome, "posterior_held_out", "1", "1 if the row is held out", 1, dims, n)
                      ->data,
           *unit =
               rit_outcome_add(outcome, "posterior_unit", "1", "number of an output unit", 1, dims + 1, n + 1)
                   ->data,
           *target = rit_outcome_add(outcome, "posterior_target", "1", "target of a row", 2, dims, n)->data;
    for (int k = 0; k < self->outputs; k++)
        unit[k] = unit_of(self, k);
    for (int s = 0, r = 0; s < self->sides; s++)
        for (int i = 0; i < told_of(self, s); i++, r++) {
            pair[r] = pair_of(self, s, i);
            out[r] = s;
            for (int k = 0; k < self->outputs; k++)
                target[r * self->outputs + k] =
                    rit_rows_target(&self->side[s].block->asked, pair_of(self, s, i), unit_of(self, k));
        }
    for (int k = NNGP; k <= NTK_GP; k++) {
        char name[RIT_VARIABLE_NAME];
        snprintf(name, sizeof name, "%s_rank", names[k]);
        rit_outcome_add(outcome, name, "1", "rows of the kernel that are told from rounding", 0, NULL, NULL)
            ->data[0] = self->smoother[k].factor.rank;
    }
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    struct posterior *self = handle;
    fill_kernels(self);
    describe(self, outcome);
    for (enum process p = NNGP; p < PROCESSES; p++)
        tell(self, p, outcome);
}

/* Products of T^3 against the 4 T^2 of a pass and unit: one for each noise, twenty or so for a time. */
static double sweeps(const struct rit_scene *scene)
{
    const double *x;
    double noises = rit_point_reals(scene->point, "observe.posterior-noise", &x),
           times = rit_point_reals(scene->point, "observe.posterior-times", &x);
    return (6.0 * noises + 25.0 * times + 10.0) * scene->block->pairs /
           (2.0 * scene->block->asked.port.width);
}

/* It is found anew at every end. */
static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    (void)had, (void)end, (void)wanted, (void)why, (void)size;
    *satisfied = 0.0;
    return true;
}

const struct rit_observable rit_observable_posterior = {
    .member = {.name = "posterior",
               .meaning = "what infinitely wide networks predict, with variances, in closed form",
               RIT_PARAMS(params)},
    .check = check,
    .open = open_posterior,
    .sweeps = sweeps,
    .extends = extends,
    .finish = finish,
};
