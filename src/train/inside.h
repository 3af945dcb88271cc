/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The inside of a run: what its steps (run.c) and rules that keep time themselves (follow.c) share. */
#ifndef RITARDANDO_TRAIN_INSIDE_H
#define RITARDANDO_TRAIN_INSIDE_H

#include <ritardando/cost.h>
#include <ritardando/limit.h>
#include <ritardando/run.h>

#include "base/arena.h"
#include "train/follow.h"
#include "train/rider.h"
#include "train/walk.h"

enum { RIT_MAX_OBSERVERS = 32 };

/* What of a run is plain numbers and text, at the front of its saved state. */
struct rit_standing {
    uint64_t step;
    double first_nll, last_nll; /* bits */
    int32_t grid_index;         /* of the last measurement; -1 before the first */
    int32_t over;               /* the run has ended, and as `end` says */
    int32_t end;
    int32_t reserved;
    char reason[RIT_VARIABLE_TEXT]; /* of a run that diverged */
};

struct rit_observer {
    const struct rit_observable *observable;
    void *self;
};

struct rit_run {
    const struct rit_point *point;
    const struct rit_block *block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_measure measure;
    struct rit_criterion measured; /* what learning times are read off */
    struct rit_rider rider;        /* finds it in steps of another cost */
    struct rit_walk walk;
    struct rit_place place;
    struct rit_scene scene;
    struct rit_arena state; /* all that a checkpoint holds, free of pointers */
    struct rit_arena work;
    struct rit_standing *progress;   /* first thing in `state` */
    struct rit_course *course;       /* NULL where steps are those of the clock */
    const struct rit_survey *survey; /* NULL: it trains; else all there is beside progress and place.step */
    void *surveyor;
    uint64_t pieces;
    int observers;
    struct rit_observer observer[RIT_MAX_OBSERVERS];
    bool sweep_tells;     /* a step's own sweep goes through all pairs, and so finds the measure */
    bool cost_is_measure; /* its loss then is the measure; else the rider finds it */
    double stop_tau;
    double asked; /* rit_run_ask; 0: none */
    bool stop_when_learned;
    bool is_shell; /* it has a state but no network */
};

/** The run now, as a measurement sees it; and with the step just made. */
struct rit_moment rit_moment_of(const struct rit_run *run);
struct rit_moment rit_moment_of_step(const struct rit_run *run);

/** The run is over. */
void rit_run_end(struct rit_run *run, enum rit_end end, const char *reason);

/** The measure of learning, of a sweep through all pairs that was just made, and at any weights, which are
 * loaded. */
double rit_nll_of_sweep(const struct rit_run *run);
double rit_nll_at(struct rit_run *run, const double *w);

/** Tells the observers the measure now, at grid index k or with k = -1. */
void rit_run_measure(struct rit_run *run, int k, double nll);

/** What the observers think; `last`: tau has reached stop.tau. */
void rit_run_see_whether_over(struct rit_run *run, bool last);

#endif
