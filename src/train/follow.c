/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/inside.h"

#include <math.h>

static const double accuracy = 1e-6; /* of the moment of a passage */
enum { TRIALS = 60 };

/* The next time of the grid, which does not end with this run, behind tau. */
static double next_on_grid(const struct rit_run *run, double tau)
{
    struct rit_grid grid = run->scene.grid;
    grid.size = 1 << 20;
    return rit_grid_tau(&grid, rit_grid_reached(&grid, tau) + 1);
}

static void give_up(struct rit_run *run)
{
    rit_run_end(run, RIT_END_DIVERGED, "the loss or a weight left the finite numbers");
}

/* The measure at a moment of the stretch. */
static double nll_along(struct rit_run *run, double tau)
{
    if (!rit_walk_along(&run->walk, &run->place, tau, run->walk.updated))
        return NAN;
    return rit_nll_at(run, run->walk.updated);
}

static void take_gradient(struct rit_run *run)
{
    run->rider.sum = 0.0;
    rit_walk_look(&run->walk, &run->place);
    enum rit_arrival arrival = rit_walk_take(&run->walk, &run->place);
    if (arrival == RIT_STUCK)
        give_up(run);
    if (arrival != RIT_ARRIVED)
        return;
    run->course->end = run->walk.rule.rule->gait->end(run->place.memory);
    run->course->end_nll = rit_nll_of_sweep(run);
}

static void make_bracket(struct rit_run *run)
{
    struct rit_course *c = run->course;
    double grid = next_on_grid(run, c->to);
    c->from = c->to;
    c->from_nll = c->to_nll;
    c->to = fmin(grid, c->end);
    c->to_nll = c->to == c->end ? c->end_nll : nll_along(run, c->to);
    c->level = -INFINITY;
    c->passage = INFINITY;
}

/* The highest level that an observer waits for. */
static double level_of(const struct rit_run *run)
{
    double level = -INFINITY;
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observer *o = &run->observer[i];
        if (o->observable->level)
            level = fmax(level, o->observable->level(o->self));
    }
    return level;
}

/*
 * The passage below `level` within the bracket, to a millionth of it: false position, with the value at an
 * end that stays halved (the Illinois rule). The end below is taken, so that what is found is below.
 */
static void locate(struct rit_run *run, double level)
{
    struct rit_course *c = run->course;
    double a = c->from, b = c->to, above = c->from_nll - level, below = c->to_nll - level;
    for (int i = 0; i < TRIALS && b - a > accuracy * b; i++) {
        double t = b - below * (b - a) / (below - above), edge = 0.25 * accuracy * b;
        t = fmin(b - edge, fmax(a + edge, t));
        double nll = nll_along(run, t), here = nll - level;
        if (here < 0.0) {
            b = t;
            below = here;
            c->passage_nll = nll;
            above *= 0.5;
        } else {
            a = t;
            above = here;
            below *= 0.5;
        }
    }
    c->passage = b;
}

static void look_for_passage(struct rit_run *run)
{
    struct rit_course *c = run->course;
    double level = level_of(run);
    if (level == c->level)
        return;
    c->level = level;
    c->passage = INFINITY;
    c->passage_nll = c->to_nll;
    if (c->to_nll < level && c->from_nll >= level)
        locate(run, level);
}

/* The next moment that an observer asks for. */
static double next_asked(const struct rit_run *run)
{
    double tau = INFINITY;
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observer *o = &run->observer[i];
        if (o->observable->next)
            tau = fmin(tau, o->observable->next(o->self));
    }
    return tau;
}

/* Tells a step, with a gradient of its own, those that asked for this moment, and on the grid all. */
static void tell_step(struct rit_run *run, bool on_grid)
{
    struct rit_moment now = rit_moment_of(run);
    enum rit_want want = RIT_WANT_NOTHING;
    bool told[RIT_MAX_OBSERVERS] = {false};
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observable *o = run->observer[i].observable;
        void *self = run->observer[i].self;
        told[i] = o->step && (on_grid || (o->next && o->next(self) <= now.tau));
        if (told[i] && o->want)
            want |= o->want(self, &now);
    }
    if (want != RIT_WANT_NOTHING && !rit_walk_sweep(&run->walk, want, &run->place))
        give_up(run);
    if (run->progress->over)
        return;
    now = rit_moment_of_step(run);
    for (int i = 0; i < run->observers; i++)
        if (told[i])
            run->observer[i].observable->step(run->observer[i].self, &now);
}

/* All that there is to be done at the moment at which the run stands now. */
static void visit(struct rit_run *run)
{
    struct rit_course *c = run->course;
    int k = rit_grid_reached(&run->scene.grid, run->place.tau);
    bool at_end = run->place.tau == c->to, passes = run->place.tau == c->passage;
    bool on_grid = at_end && k > run->progress->grid_index;
    tell_step(run, on_grid);
    if (run->progress->over)
        return;
    if (at_end || passes) {
        run->walk.model->load(run->walk.net, run->place.w);
        rit_run_measure(run, on_grid ? k : -1, passes ? c->passage_nll : c->to_nll);
    }
    if (on_grid)
        run->progress->grid_index = k;
}

static void begin(struct rit_run *run)
{
    run->course->begun = 1.0;
    run->course->to_nll = rit_nll_at(run, run->place.w);
    run->course->passage = INFINITY;
    visit(run);
}

static void visit_next(struct rit_run *run)
{
    struct rit_course *c = run->course;
    look_for_passage(run);
    double tau = fmin(fmin(c->passage, c->to), fmin(next_asked(run), run->stop_tau));
    if (run->asked > run->place.tau)
        tau = fmin(tau, run->asked);
    run->place.tau = tau;
    if (rit_walk_along(&run->walk, &run->place, tau, run->place.w))
        visit(run);
    else
        give_up(run);
}

void rit_run_follow(struct rit_run *run)
{
    const struct rit_course *c = run->course;
    if (c->begun == 0.0) {
        begin(run);
        return;
    }
    rit_run_see_whether_over(run, rit_tau_reached(run->place.tau, run->stop_tau));
    if (run->progress->over)
        return;
    if (run->place.tau < c->to)
        visit_next(run);
    else if (c->to < c->end)
        make_bracket(run);
    else
        take_gradient(run);
}
