/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learning times: the proper time tau_eps at which the NLL of the whole training block falls below eps,
 * exact to the step; NaN for a threshold that was not reached (the run is then right-censored at its last
 * tau). The NLL curve on the common grid is kept.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "observe/grid/coordinate.h"

#include <math.h>

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
     .meaning = "NLL per unit and step below which a network counts as having learned"},
};

struct learning_time {
    const struct rit_scene *scene;
    int thresholds;
    const double *threshold; /* ascending */
    double *reached;         /* state: [thresholds] tau_eps, NaN so far */
    double *nll, *tau;       /* state: [grid] */
    uint64_t *last;          /* state: step of the last measurement */
};

static void *open_learning_time(const struct rit_scene *scene, struct rit_arena *state,
                                struct rit_arena *work)
{
    struct learning_time *self = RIT_TAKE(work, 1, struct learning_time);
    struct learning_time local = {.scene = scene};
    local.thresholds = rit_point_reals(scene->point, "observe.thresholds", &local.threshold);
    local.reached = RIT_TAKE(state, (size_t)local.thresholds, double);
    local.nll = RIT_TAKE(state, (size_t)scene->grid.size, double);
    local.tau = RIT_TAKE(state, (size_t)scene->grid.size, double);
    local.last = RIT_TAKE(state, 1, uint64_t);
    if (!self)
        return NULL;
    for (int i = 0; i < local.thresholds; i++)
        local.reached[i] = NAN;
    for (int k = 0; k < scene->grid.size; k++)
        local.nll[k] = local.tau[k] = NAN;
    *self = local;
    return self;
}

/*
 * The first step below eps between *low (not below) and `high` (below), by bisection: one passage is found
 * even where a noisy NLL makes several. Replays start at *low, which moves up to the step before the passage;
 * all of them together cost no more steps than the interval has.
 */
static double find_passage(const struct rit_replay *replay, double eps, uint64_t *low, uint64_t high,
                           double tau)
{
    while (high - *low > 1) {
        uint64_t middle = *low + (high - *low) / 2;
        double tau_middle;
        if (replay->nll(replay->self, middle, &tau_middle) < eps) {
            high = middle;
            tau = tau_middle;
        } else {
            *low = middle;
            replay->keep(replay->self);
        }
    }
    return tau;
}

static void measure(void *handle, const struct rit_moment *now, int k, double nll)
{
    struct learning_time *self = handle;
    if (k >= 0) {
        self->nll[k] = nll;
        self->tau[k] = now->tau;
    }
    uint64_t low = *self->last;
    /* From the highest threshold down: a step that was not below one threshold is not below the next either.
     */
    for (int i = self->thresholds - 1; i >= 0; i--) {
        if (!isnan(self->reached[i]) || !(nll < self->threshold[i]))
            continue;
        self->reached[i] =
            now->step == 0 ? 0.0
                           : find_passage(self->scene->replay, self->threshold[i], &low, now->step, now->tau);
    }
    *self->last = now->step;
}

static int content(const void *handle)
{
    const struct learning_time *self = handle;
    for (int i = 0; i < self->thresholds; i++)
        if (isnan(self->reached[i]))
            return 0;
    return 1;
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    const struct learning_time *self = handle;
    size_t thresholds = (size_t)self->thresholds, n = (size_t)self->scene->grid.size;
    const char *threshold = "threshold", *grid = "grid_tau";
    rit_outcome_put(outcome, "threshold", "bit", "NLL threshold eps", 1, &threshold, &thresholds,
                    self->threshold);
    rit_outcome_put(outcome, "learning_time", "tau",
                    "proper time at which the NLL fell below the threshold; NaN: censored", 1, &threshold,
                    &thresholds, self->reached);
    rit_grid_describe(&self->scene->grid, outcome);
    rit_outcome_put(outcome, "nll", "bit",
                    "negative log-likelihood of the training block per unit and time step", 1, &grid, &n,
                    self->nll);
    rit_outcome_put(outcome, "nll_tau", "tau", "proper time of the NLL measurement at this grid time", 1,
                    &grid, &n, self->tau);
}

const struct rit_observable rit_observable_learning_time = {
    .name = "learning-time",
    .meaning = "proper times at which the training NLL falls below thresholds, and the NLL curve",
    .params = params,
    .n_params = sizeof params / sizeof params[0],
    .open = open_learning_time,
    .measure = measure,
    .content = content,
    .finish = finish,
};
