/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learning times: the proper time tau_eps of the first evaluation at which the NLL of the whole training
 * block is below eps; NaN for a threshold that no evaluation was below (the run is then right-censored at its
 * last tau). Full batches and batches of time points go through the whole block at every step and are
 * evaluated there: tau_eps is the first passage itself, to the step. With batches of sequences the NLL is
 * evaluated at the last step within (1 + observe.resolution) of the evaluation before, or at the next step
 * where there is none: a passage is found late by at most that share of it, and a dip that is shorter may be
 * missed. The schedule depends on the rates alone: it is the same for all points that share them, and for
 * runs of any length. The NLL curve on the common grid is kept.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "observe/grid/coordinate.h"
#include "observe/grid/growth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.learning-time",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "measure the NLL curve and the learning times"},
    {.key = "observe.thresholds",
     .kind = RIT_REALS,
     .fallback = "[0.01, 0.02, 0.03, 0.05, 0.1]",
     .low = 1e-6,
     .high = 10.0,
     .unit = "bit",
     .fewest = 1,
     .meaning = "NLL per unit and step below which a network counts as having learned"},
    {.key = "observe.resolution",
     .kind = RIT_REAL,
     .fallback = "0.002",
     .low = 0.0,
     .high = 1.0,
     .unit = "1",
     .needs = "batch.kind: chorales",
     .meaning = "learning times in batches of chorales are late by at most this share of tau: the spacing of "
                "evaluations; 0: every step. Other batches are evaluated at every step"},
};

struct seen {
    double evaluated; /* tau of the last evaluation on the schedule */
    double last, last_tau;
    double lowest; /* NLL of all evaluations */
};

struct learning_time {
    const struct rit_scene *scene;
    int thresholds;
    const double *threshold; /* ascending */
    bool every_step;
    double resolution;
    /* state */
    struct seen *seen;
    double *reached;   /* [thresholds] tau_eps, NaN so far */
    double *nll, *tau; /* [grid] */
};

static void *open_learning_time(const struct rit_scene *scene, struct rit_arena *state,
                                struct rit_arena *work)
{
    struct learning_time *self = RIT_TAKE(work, 1, struct learning_time);
    struct learning_time local = {.scene = scene,
                                  .every_step =
                                      strcmp(rit_point_name(scene->point, "batch.kind"), "chorales") != 0,
                                  .resolution = rit_point_real(scene->point, "observe.resolution")};
    local.thresholds = rit_point_reals(scene->point, "observe.thresholds", &local.threshold);
    local.seen = RIT_TAKE(state, 1, struct seen);
    local.reached = RIT_TAKE(state, (size_t)local.thresholds, double);
    local.nll = RIT_TAKE(state, (size_t)scene->grid.size, double);
    local.tau = RIT_TAKE(state, (size_t)scene->grid.size, double);
    if (!self)
        return NULL;
    if (local.seen)
        *local.seen = (struct seen){.last = NAN, .last_tau = NAN, .lowest = INFINITY};
    for (int i = 0; i < local.thresholds; i++)
        local.reached[i] = NAN;
    for (int k = 0; k < scene->grid.size; k++)
        local.nll[k] = local.tau[k] = NAN;
    *self = local;
    return self;
}

static bool on_schedule(const struct learning_time *self, double next)
{
    return self->every_step || next > (1.0 + self->resolution) * self->seen->evaluated;
}

static bool due(const void *handle, const struct rit_moment *now, double next)
{
    (void)now;
    return on_schedule(handle, next);
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    struct learning_time *self = handle;
    struct seen *seen = self->seen;
    if (k >= 0) {
        self->nll[k] = nll;
        self->tau[k] = now->tau;
    }
    if (self->every_step || on_schedule(self, rit_clock_tau(&self->scene->clock, now->step + 1)))
        seen->evaluated = now->tau;
    seen->last = nll;
    seen->last_tau = now->tau;
    seen->lowest = fmin(seen->lowest, nll);
    for (int i = 0; i < self->thresholds; i++)
        if (isnan(self->reached[i]) && nll < self->threshold[i])
            self->reached[i] = now->tau;
}

/* The highest threshold that is not yet reached. */
static double level(const void *handle)
{
    const struct learning_time *self = handle;
    for (int i = self->thresholds - 1; i >= 0; i--)
        if (isnan(self->reached[i]))
            return self->threshold[i];
    return -INFINITY;
}

static enum rit_opinion opinion(const void *handle)
{
    const struct learning_time *self = handle;
    for (int i = 0; i < self->thresholds; i++)
        if (isnan(self->reached[i]))
            return RIT_NOT_YET;
    return RIT_HAS_LEARNED;
}

/* The learning time that the run had at this threshold: INFINITY if none; NaN if it did not look. */
static double passage_of(const struct rit_outcome *end, double eps)
{
    const struct rit_variable *threshold = rit_outcome_find(end, "threshold"),
                              *time = rit_outcome_find(end, "learning_time"),
                              *lowest = rit_outcome_find(end, "nll_lowest");
    for (size_t i = 0; threshold && time && i < threshold->count; i++)
        if (threshold->data[i] == eps)
            return isnan(time->data[i]) ? INFINITY : time->data[i];
    return lowest && lowest->data[0] >= eps ? INFINITY : NAN;
}

static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    const double *eps;
    int n = rit_point_reals(wanted, "observe.thresholds", &eps);
    if (!rit_extends_key(had, wanted, "observe.resolution", why, size))
        return false;
    *satisfied = 0.0;
    for (int i = 0; i < n; i++) {
        double tau = passage_of(end, eps[i]);
        if (isnan(tau)) {
            snprintf(why, size, "observe.thresholds: the passage below %g bit was not looked for", eps[i]);
            return false;
        }
        *satisfied = fmax(*satisfied, tau);
    }
    return true;
}

static void adopt(void *handle, const void *other)
{
    struct learning_time *self = handle;
    const struct learning_time *from = other;
    int grid =
        self->scene->grid.size < from->scene->grid.size ? self->scene->grid.size : from->scene->grid.size;
    *self->seen = *from->seen;
    for (int i = 0; i < self->thresholds; i++)
        for (int j = 0; j < from->thresholds; j++)
            if (self->threshold[i] == from->threshold[j])
                self->reached[i] = from->reached[j];
    memcpy(self->nll, from->nll, (size_t)grid * sizeof *self->nll);
    memcpy(self->tau, from->tau, (size_t)grid * sizeof *self->tau);
}

static void put_number(struct rit_outcome *outcome, const char *name, const char *unit, const char *meaning,
                       double x)
{
    rit_outcome_put(outcome, name, unit, meaning, 0, NULL, NULL, &x);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct learning_time *self = handle;
    size_t thresholds = (size_t)self->thresholds, n = (size_t)self->scene->grid.size;
    const char *threshold = "threshold", *grid = "grid_tau";
    const char *unit = self->scene->unit;
    char meaning[RIT_VARIABLE_TEXT];
    snprintf(meaning, sizeof meaning, "%s of the training block per unit and time step",
             self->scene->measure);
    rit_outcome_put(outcome, "threshold", unit, "threshold eps of what learning is read off", 1, &threshold,
                    &thresholds, self->threshold);
    rit_outcome_put(outcome, "learning_time", "tau",
                    "proper time of the first evaluation below the threshold; NaN: censored", 1, &threshold,
                    &thresholds, self->reached);
    rit_grid_describe(&self->scene->grid, outcome);
    rit_outcome_put(outcome, "nll", unit, meaning, 1, &grid, &n, self->nll);
    rit_outcome_put(outcome, "nll_tau", "tau", "proper time of the evaluation at this grid time", 1, &grid,
                    &n, self->tau);
    put_number(outcome, "nll_lowest", unit, "lowest of all evaluations", self->seen->lowest);
    put_number(outcome, "nll_last", unit, "the last evaluation", self->seen->last);
    put_number(outcome, "nll_last_tau", "tau", "proper time of the last evaluation", self->seen->last_tau);
}

const struct rit_observable rit_observable_learning_time = {
    .member = {.name = "learning-time",
               .meaning = "proper times at which the training NLL falls below thresholds, and the NLL curve",
               RIT_PARAMS(params)},
    .open = open_learning_time,
    .due = due,
    .level = level,
    .measure = measure,
    .opinion = opinion,
    .extends = extends,
    .adopt = adopt,
    .finish = finish,
};
