/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"
#include "base/pack.h"
#include "kernel/kernels.h"
#include "train/inside.h"
#include "train/trained.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rit_place place_of(const struct rit_run *run, struct rit_arena *arena)
{
    return (struct rit_place){.w = RIT_TAKE(arena, run->layout.size, double),
                              .memory = RIT_TAKE(arena, run->walk.memory, double)};
}

static void take_survey(struct rit_run *run)
{
    run->progress = RIT_TAKE(&run->state, 1, struct rit_standing);
    run->surveyor = run->survey->open(run->point, run->block, &run->state, &run->work);
}

/* Takes everything from the two arenas, in a fixed order; called once to measure and once to place. */
static void take_memory(struct rit_run *run)
{
    struct rit_walk *walk = &run->walk;
    if (run->survey) {
        take_survey(run);
        return;
    }
    run->progress = RIT_TAKE(&run->state, 1, struct rit_standing);
    run->place = place_of(run, &run->state);
    run->course = run->scene.clock.own ? RIT_TAKE(&run->state, 1, struct rit_course) : NULL;
    if (!run->is_shell) {
        walk->net = walk->model->open(run->point, &run->layout, run->block, &run->work);
        walk->g = RIT_TAKE(&run->work, run->layout.size, double);
        walk->scratch =
            RIT_TAKE(&run->work, walk->rule.rule->work ? walk->rule.rule->work(&run->layout) : 0, double);
        walk->updated = RIT_TAKE(&run->work, run->layout.size, double);
        walk->schedule = rit_schedule_open(run->point, run->block, &run->work);
    }
    run->scene.net = walk->net;
    for (int i = 0; i < run->observers; i++)
        run->observer[i].self = run->observer[i].observable->open(&run->scene, &run->state, &run->work);
}

static enum rit_status prepare_walk(struct rit_run *run, struct rit_error *err)
{
    const struct rit_point *point = run->point;
    const struct rit_block *block = run->block;
    struct rit_walk *walk = &run->walk;
    walk->point = point;
    walk->model = rit_trained_model(point);
    walk->rule = rit_rule_open(point);
    RIT_TRY(rit_trained_layout(point, block, &run->layout, err));
    walk->layout = &run->layout;
    const struct rit_rule *rule = walk->rule.rule;
    walk->retract_period = walk->model->retract_period ? (uint64_t)walk->model->retract_period(point) : 0;
    walk->memory = rule->state ? rule->state(&run->layout) : 0;
    RIT_TRY(rit_cost_open(point, block, &run->cost, err));
    run->measure = rit_measure_of(block);
    walk->cost = rit_cost_criterion(&run->cost);
    run->measured = rit_cost_criterion(&run->measure.use);
    run->rider = (struct rit_rider){walk->cost, run->measured, 0.0};
    bool noisy = walk->model->noisy && walk->model->noisy(point);
    run->sweep_tells = strcmp(rit_point_name(point, "batch.kind"), "chorales") != 0 && !noisy;
    run->cost_is_measure = run->cost.cost == run->measure.use.cost;
    if (run->sweep_tells && !run->cost_is_measure)
        walk->cost = rit_riding(&run->rider);
    run->stop_tau = rit_point_real(point, "stop.tau");
    run->stop_when_learned = rit_point_bool(point, "stop.when-learned");
    run->scene = (struct rit_scene){.point = point,
                                    .layout = &run->layout,
                                    .block = block,
                                    .model = walk->model,
                                    .measure = run->measure.name,
                                    .unit = run->measure.unit,
                                    .clock = rit_clock_of(point),
                                    .edge = rule->edge ? rule->edge(&walk->rule) : NAN};
    run->scene.grid = rit_grid_of(point, &run->scene.clock);
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *observable = (const struct rit_observable *)rit_observables[i];
        if (!rit_observable_takes_part(observable, point))
            continue;
        RIT_CHECK(run->observers < RIT_MAX_OBSERVERS);
        run->observer[run->observers++].observable = observable;
    }
    take_memory(run);
    return RIT_OK;
}

static enum rit_status prepare_survey(struct rit_run *run, struct rit_error *err)
{
    RIT_TRY(rit_trained_layout(run->point, run->block, &run->layout, err));
    run->walk.model = rit_model_of(run->point);
    run->pieces = run->survey->pieces(run->point);
    take_memory(run);
    return RIT_OK;
}

/* Everything but memory; the run is zero on entry. */
static enum rit_status prepare(struct rit_run *run, const struct rit_point *point,
                               const struct rit_block *block, struct rit_error *err)
{
    run->point = point;
    run->block = block;
    if (!rit_kernels_choose(err))
        return RIT_BAD_INPUT;
    RIT_TRY(rit_run_check(point, block, err));
    run->survey = rit_limit_of(point)->survey;
    return run->survey ? prepare_survey(run, err) : prepare_walk(run, err);
}

enum rit_status rit_run_memory(const struct rit_point *point, const struct rit_block *block, size_t *bytes,
                               size_t *state, struct rit_error *err)
{
    struct rit_run *run = calloc(1, sizeof *run);
    RIT_CHECK(run);
    enum rit_status status = prepare(run, point, block, err);
    *bytes = sizeof *run + 2 * run->state.used + run->work.used;
    if (state)
        *state = run->state.used;
    free(run);
    return status;
}

/* Sweeps of the observables that take part. */
static double observed_sweeps(const struct rit_scene *scene)
{
    double sum = 0.0;
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *observable = (const struct rit_observable *)rit_observables[i];
        if (observable->sweeps && rit_observable_takes_part(observable, scene->point))
            sum += observable->sweeps(scene);
    }
    return sum;
}

double rit_run_price(const struct rit_point *point, const struct rit_block *block)
{
    const struct rit_model *model = rit_trained_model(point);
    const struct rit_survey *survey = rit_limit_of(point)->survey;
    struct rit_layout layout;
    if (survey)
        return survey->price(point, block);
    if (rit_trained_layout(point, block, &layout, NULL) != RIT_OK)
        return 0.0; /* it will not be trained */
    struct rit_arena measure = {0};
    struct rit_schedule schedule = rit_schedule_open(point, block, &measure);
    struct rit_scene scene = {
        .point = point, .layout = &layout, .block = block, .model = model, .clock = rit_clock_of(point)};
    scene.grid = rit_grid_of(point, &scene.clock);
    double tau = rit_point_real(point, "stop.tau");
    double sweeps = schedule.clock.own
                        ? rit_schedule_steps(point)
                        : rit_schedule_sweeps(&schedule, tau) * (1 + rit_rule_of(point)->looks);
    return model->price(point, &layout) * block->pairs * (sweeps + observed_sweeps(&scene));
}

/* A run of which everything is there but the weights. */
static struct rit_run *new_run(const struct rit_point *point, const struct rit_block *block, bool is_shell,
                               struct rit_error *err)
{
    struct rit_run *run = calloc(1, sizeof *run);
    RIT_CHECK(run);
    run->is_shell = is_shell;
    if (prepare(run, point, block, err) != RIT_OK) {
        free(run);
        return NULL;
    }
    run->state = rit_arena_new(run->state.used);
    run->work = rit_arena_new(run->work.used);
    if (!run->state.base || !run->work.base) {
        rit_fail(err, RIT_BAD_INPUT, "%s: no memory for the %zu MB this network needs", run->walk.model->size,
                 (run->state.size + run->work.size) >> 20);
        rit_run_free(run);
        return NULL;
    }
    take_memory(run);
    run->progress->grid_index = -1;
    run->progress->first_nll = run->progress->last_nll = NAN;
    return run;
}

struct rit_run *rit_run_new(const struct rit_point *point, const struct rit_block *block,
                            struct rit_error *err)
{
    struct rit_run *run = new_run(point, block, false, err);
    if (run && !run->survey)
        run->walk.model->init(point, &run->layout, block, run->place.w);
    return run;
}

struct rit_run *rit_run_new_shell(const struct rit_point *point, const struct rit_block *block,
                                  struct rit_error *err)
{
    return new_run(point, block, true, err);
}

void rit_run_free(struct rit_run *run)
{
    if (!run)
        return;
    free(run->state.base);
    free(run->work.base);
    free(run);
}

/* ---- one step: measure, see whether this is the end, go on ---- */

static enum rit_want wants(const struct rit_run *run)
{
    struct rit_moment now = rit_moment_of(run);
    enum rit_want want = RIT_WANT_NOTHING;
    for (int i = 0; i < run->observers; i++)
        if (run->observer[i].observable->want)
            want |= run->observer[i].observable->want(run->observer[i].self, &now);
    return want;
}

static bool sweep(struct rit_run *run, enum rit_want want)
{
    run->rider.sum = 0.0;
    bool good = rit_walk_sweep(&run->walk, want, &run->place);
    if (!good)
        rit_run_end(run, RIT_END_DIVERGED, "the loss or a weight left the finite numbers");
    return good;
}

/* Whether an observer wants the NLL now. */
static bool is_due(const struct rit_run *run)
{
    struct rit_moment now = rit_moment_of(run);
    double next = rit_clock_tau(&run->scene.clock, now.step + 1);
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observer *o = &run->observer[i];
        if (o->observable->due && o->observable->due(o->self, &now, next))
            return true;
    }
    return false;
}

/*
 * Measurements are made before a step, so that a full batch's own sweep can tell the NLL. None of them, nor
 * what they leave behind, depends on whether this is the end of the run.
 */
static void make_step(struct rit_run *run)
{
    struct rit_standing *progress = run->progress;
    bool last = rit_tau_reached(run->place.tau, run->stop_tau);
    int k = rit_grid_reached(&run->scene.grid, run->place.tau);
    bool on_grid = k > progress->grid_index;
    bool due = on_grid || is_due(run);
    if (run->sweep_tells && !sweep(run, last ? RIT_WANT_NOTHING : wants(run)))
        return;
    if (run->sweep_tells || due)
        rit_run_measure(run, on_grid ? k : -1,
                        run->sweep_tells ? rit_nll_of_sweep(run) : rit_nll_at(run, run->place.w));
    progress->grid_index = k;
    if (!progress->over)
        rit_run_see_whether_over(run, last);
    if (progress->over || (!run->sweep_tells && !sweep(run, wants(run))))
        return;
    if (!rit_walk_update(&run->walk, &run->place)) {
        rit_run_end(run, RIT_END_DIVERGED, "a weight left the finite numbers");
        return;
    }
    struct rit_moment now = rit_moment_of_step(run);
    for (int i = 0; i < run->observers; i++)
        if (run->observer[i].observable->step)
            run->observer[i].observable->step(run->observer[i].self, &now);
}

static void make_piece(struct rit_run *run)
{
    struct rit_error err;
    if (run->survey->make(run->surveyor, run->place.step++, &err) != RIT_OK)
        rit_run_end(run, RIT_END_FAILED, err.text);
    else if (run->place.step == run->pieces)
        rit_run_end(run, RIT_END_FINISHED, "");
}

bool rit_run_advance(struct rit_run *run, uint64_t steps)
{
    for (; steps > 0 && !run->progress->over; steps--) {
        if (run->survey)
            make_piece(run);
        else if (run->course)
            rit_run_follow(run);
        else
            make_step(run);
    }
    return run->progress->over;
}

void rit_run_ask(struct rit_run *run, double tau)
{
    run->asked = tau;
}

void rit_run_progress(const struct rit_run *run, uint64_t *steps, double *tau, double *nll)
{
    *steps = run->place.step;
    *tau = run->survey ? (double)run->place.step : run->place.tau;
    *nll = run->progress->last_nll;
}

/* What a critical width is compared with: how much is to be learned, and by how many weights. */
static void put_sizes(const struct rit_run *run, struct rit_outcome *outcome)
{
    rit_outcome_add(outcome, "pairs", "1", "training pairs T of the block", 0, NULL, NULL)->data[0] =
        run->block->pairs;
    rit_outcome_add(outcome, "weights", "1", "weights of the network; infinity at infinite width", 0, NULL,
                    NULL)
        ->data[0] = rit_limit_of(run->point)->model ? INFINITY : (double)run->layout.size;
    rit_outcome_add(outcome, "outputs", "1", "units that are asked for at each pair", 0, NULL, NULL)
        ->data[0] = run->block->asked.port.width;
}

void rit_run_give_kernel_spectrum(struct rit_run *run, const double *value)
{
    run->scene.kernel_spectrum = value;
}

void rit_run_finish(struct rit_run *run, struct rit_outcome *outcome)
{
    RIT_CHECK(run->progress->over);
    struct rit_moment now = rit_moment_of(run);
    *outcome = (struct rit_outcome){
        .end = (enum rit_end)run->progress->end, .steps = run->place.step, .tau = run->place.tau};
    snprintf(outcome->reason, sizeof outcome->reason, "%.*s", RIT_VARIABLE_TEXT - 1, run->progress->reason);
    put_sizes(run, outcome);
    if (run->survey) {
        run->survey->finish(run->surveyor, outcome);
        return;
    }
    run->walk.model->load(run->walk.net, run->place.w);
    for (int i = 0; i < run->observers; i++)
        run->observer[i].observable->finish(run->observer[i].self, &now, outcome);
}

const double *rit_run_weights(const struct rit_run *run, const struct rit_layout **layout)
{
    if (layout)
        *layout = &run->layout;
    return run->place.w;
}

struct rit_net *rit_run_net(struct rit_run *run)
{
    run->walk.model->load(run->walk.net, run->place.w);
    return run->walk.net;
}

/* What a saved state belongs to: the point's parameters and the size of its state. */
static struct rit_hash owner_of(const struct rit_run *run)
{
    struct rit_buffer text = {0};
    rit_buffer_printf(&text, "numerics: %d\nstate: %zu\n", RIT_NUMERICS_VERSION, run->state.size);
    rit_point_print_identity(run->point, RIT_WHOLE, &text);
    struct rit_hash owner = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return owner;
}

struct rit_saved rit_run_save(struct rit_run *run)
{
    struct rit_standing *progress = run->progress;
    progress->step = run->place.step;
    if (run->course)
        run->course->tau = run->place.tau;
    struct rit_hash owner = owner_of(run);
    struct rit_saved saved = {.state = run->state.base, .size = run->state.size};
    memcpy(saved.owner, owner.byte, sizeof saved.owner);
    return saved;
}

void rit_run_resume(struct rit_run *run)
{
    run->place.step = run->progress->step;
    if (run->survey)
        return;
    run->place.tau = run->course ? run->course->tau : rit_clock_tau(&run->scene.clock, run->place.step);
}

static const struct rit_observer *observer_of(const struct rit_run *run,
                                              const struct rit_observable *observable)
{
    for (int i = 0; i < run->observers; i++)
        if (run->observer[i].observable == observable)
            return &run->observer[i];
    return NULL;
}

void rit_run_adopt(struct rit_run *run, const struct rit_run *ended)
{
    RIT_CHECK(!run->survey); /* of which nothing is asked but all */
    RIT_CHECK(run->layout.size == ended->layout.size && run->walk.memory == ended->walk.memory);
    struct rit_standing *progress = run->progress;
    *progress = *ended->progress;
    if (progress->end != RIT_END_DIVERGED) {
        progress->over = progress->end = 0;
        progress->reason[0] = 0;
    }
    memcpy(run->place.w, ended->place.w, sizeof *run->place.w * run->layout.size);
    if (run->walk.memory > 0)
        memcpy(run->place.memory, ended->place.memory, sizeof *run->place.memory * run->walk.memory);
    if (run->course)
        *run->course = *ended->course;
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observer *mine = &run->observer[i], *its = observer_of(ended, mine->observable);
        if (mine->observable->adopt) {
            RIT_CHECK(its);
            mine->observable->adopt(mine->self, its->self);
        }
    }
    rit_run_resume(run);
}
