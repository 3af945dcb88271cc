/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/again/again.h"

#include <ritardando/limit.h>

#include "base/process.h"
#include "cli/stored/choice.h"
#include "store/checkpoint.h"
#include "sweep/ending.h"
#include "train/identity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 256 }; /* steps between two looks at the stop flag */

static const char foreign[] = "it was made by another numerics version or from other data";

static enum rit_status train(const struct rit_point *point, const struct rit_block *block,
                             struct rit_outcome *outcome, struct rit_error *err)
{
    struct rit_run *run = rit_run_new(point, block, err);
    if (!run)
        return err->status;
    while (!rit_run_advance(run, SLICE)) {
        if (rit_stop_asked() != RIT_GO) {
            rit_run_free(run);
            return rit_fail(err, RIT_STOPPED, "stopped before the end");
        }
    }
    rit_run_finish(run, outcome);
    rit_run_free(run);
    return RIT_OK;
}

/* The point as it was asked, and its data; what decides no bits is that of `config`. */
static enum rit_status load(const struct rit_result *stored, const struct rit_config *config,
                            struct rit_point *point, struct rit_block *block, struct rit_error *err)
{
    RIT_TRY(rit_point_read_identity(point, rit_registry(), stored->point, err));
    for (int i = 0; i < point->registry->count; i++)
        if (point->registry->param[i]->not_identity)
            point->value[i] = config->base.value[i];
    return rit_block_load(point, block, err);
}

static struct rit_hash identity_of(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_hash digest = rit_block_digest(block);
    struct rit_hash trajectory = rit_point_trajectory(point, &digest);
    return rit_point_identity(point, &trajectory);
}

enum rit_status rit_train_again(const struct rit_result *stored, const struct rit_config *config,
                                enum rit_verdict *verdict, char *what, size_t what_size,
                                struct rit_error *err)
{
    struct rit_point point;
    struct rit_block block;
    RIT_TRY(load(stored, config, &point, &block, err));
    struct rit_result now = {.identity = identity_of(&point, &block)};
    enum rit_status status = RIT_OK;
    if (!rit_hash_equal(&now.identity, &stored->identity)) {
        *verdict = RIT_FOREIGN;
        snprintf(what, what_size, "%s", foreign);
    } else if ((status = train(&point, &block, &now.outcome, err)) == RIT_OK) {
        *verdict =
            rit_outcome_differs(&stored->outcome, &now.outcome, what, what_size) ? RIT_DIFFERENT : RIT_SAME;
        rit_outcome_release(&now.outcome);
    }
    rit_block_release(&block);
    return status;
}

/* ---- a trail ---- */

/* No observer: they change no bits. Nothing ends the run before `furthest`. */
static void ask_for_weights_only(struct rit_point *point, double furthest)
{
    for (int i = 0; rit_observables[i]; i++)
        point->value[rit_param_find(point->registry, rit_observables[i]->params[0].key)].b = false;
    union rit_value *end = &point->value[rit_param_find(point->registry, "stop.tau")];
    end->x = fmax(end->x, furthest);
    point->value[rit_param_find(point->registry, "stop.when-learned")].b = false;
}

enum rit_status rit_trail_look(const struct rit_holding *holding, const char *text, struct rit_trail *trail,
                               struct rit_error *err)
{
    const struct rit_stored *chosen;
    *trail = (struct rit_trail){.run_folder = holding->run};
    RIT_TRY(rit_holding_choose(holding, text, &chosen, err));
    RIT_TRY(rit_results_get(&holding->results, chosen, &trail->stored, err));
    if (trail->stored.outcome.end == RIT_END_FAILED)
        return rit_fail(err, RIT_BAD_INPUT, "the point has no weights: it failed: %s",
                        trail->stored.outcome.reason);
    RIT_TRY(load(&trail->stored, &holding->config, &trail->point, &trail->block, err));
    struct rit_hash identity = identity_of(&trail->point, &trail->block);
    if (!rit_hash_equal(&identity, &trail->stored.identity))
        return rit_fail(err, RIT_BAD_INPUT, "the point does not come out as stored: %s", foreign);
    const struct rit_member *limit = rit_member_chosen(rit_limits, &trail->point, "limit.name");
    if (((const struct rit_limit *)limit)->survey)
        return rit_fail(err, RIT_BAD_INPUT, "limit.name: %s trains no network, and the point has no weights",
                        limit->name);
    return RIT_OK;
}

enum rit_status rit_trail_begin(struct rit_trail *trail, double furthest, struct rit_error *err)
{
    trail->asked = trail->point;
    ask_for_weights_only(&trail->asked, furthest);
    RIT_TRY(rit_clock_check(&trail->asked, err));
    trail->run = rit_run_new(&trail->asked, &trail->block, err);
    return trail->run ? RIT_OK : err->status;
}

enum rit_status rit_trail_open(const struct rit_holding *holding, const char *text, double furthest,
                               struct rit_trail *trail, struct rit_error *err)
{
    RIT_TRY(rit_trail_look(holding, text, trail, err));
    return rit_trail_begin(trail, furthest, err);
}

void rit_trail_close(struct rit_trail *trail)
{
    rit_run_free(trail->run);
    rit_block_release(&trail->block);
    rit_result_release(&trail->stored);
}

/* Where the run of the sweep ended, if that was kept and is not beyond `tau`. */
static void jump(struct rit_trail *trail, double tau)
{
    double seconds;
    if (!trail->jumped && rit_tau_reached(tau, trail->stored.outcome.tau) &&
        rit_checkpoint_exists(trail->run_folder, &rit_end_states, &trail->stored.identity))
        rit_ending_adopt(trail->run_folder, &trail->stored.identity, &trail->block, trail->run, &seconds);
    trail->jumped = trail->jumped || rit_tau_reached(tau, trail->stored.outcome.tau);
}

static void announce(struct rit_trail *trail, double tau)
{
    double end = trail->stored.outcome.tau;
    if (trail->announced || rit_tau_reached(end, tau))
        return;
    fprintf(stderr, "ritardando: the run of the sweep ended at tau = %g; training on to tau = %g\n", end,
            tau);
    trail->announced = true;
}

enum rit_status rit_trail_reach(struct rit_trail *trail, double tau, struct rit_error *err)
{
    double nll;
    announce(trail, tau);
    jump(trail, tau);
    rit_run_progress(trail->run, &trail->step, &trail->tau, &nll);
    rit_run_ask(trail->run, tau);
    while (!rit_tau_reached(trail->tau, tau)) {
        if (rit_stop_asked() != RIT_GO)
            return rit_fail(err, RIT_STOPPED, "stopped before tau = %g", tau);
        bool over = rit_run_advance(trail->run, 1);
        rit_run_progress(trail->run, &trail->step, &trail->tau, &nll);
        if (over && !rit_tau_reached(trail->tau, tau))
            return rit_fail(err, RIT_BAD_INPUT, "the run diverged at tau = %g and has no weights at tau = %g",
                            trail->tau, tau);
    }
    const struct rit_layout *layout;
    const double *w = rit_run_weights(trail->run, &layout);
    for (size_t i = 0; i < layout->size; i++)
        if (!isfinite(w[i]))
            return rit_fail(err, RIT_BAD_INPUT, "the run diverged: its weights at tau = %g are not finite",
                            trail->tau);
    return RIT_OK;
}
