/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/inside.h"

#include <stdio.h>

static const double runaway = 10.0; /* a run whose NLL exceeds this many times its start has diverged */

/* The run now, as a measurement sees it. */
struct rit_moment rit_moment_of(const struct rit_run *run)
{
    return (struct rit_moment){.step = run->place.step,
                               .tau = run->place.tau,
                               .w = run->place.w,
                               .w_before_retraction = run->place.w};
}

/* The same with the step just made. */
struct rit_moment rit_moment_of_step(const struct rit_run *run)
{
    const struct rit_walk *walk = &run->walk;
    struct rit_moment now = rit_moment_of(run);
    if (walk->retracted)
        now.w_before_retraction = walk->updated;
    now.batch = &walk->batch;
    now.g = walk->g;
    now.sweep = &walk->sweep;
    const struct rit_rule *rule = walk->rule.rule;
    now.own_noise = rule->noise ? rule->noise(&walk->rule, walk->eta) : 0.0;
    now.blind = rule->blind;
    return now;
}

void rit_run_end(struct rit_run *run, enum rit_end end, const char *reason)
{
    run->progress->over = 1;
    run->progress->end = (int32_t)end;
    snprintf(run->progress->reason, sizeof run->progress->reason, "%s", reason);
}

double rit_nll_of_sweep(const struct rit_run *run)
{
    double sum = run->cost_is_measure ? run->walk.sweep.loss * run->block->pairs : run->rider.sum;
    return sum * run->measure.scale;
}

double rit_nll_at(struct rit_run *run, const double *w)
{
    struct rit_pass found;
    run->walk.model->load(run->walk.net, w);
    run->walk.model->pass(run->walk.net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING,
                          &run->measured, NULL, &found);
    return found.sum * run->measure.scale;
}

void rit_run_measure(struct rit_run *run, int k, double nll)
{
    struct rit_standing *progress = run->progress;
    struct rit_moment now = rit_moment_of(run);
    progress->last_nll = nll;
    if (k == 0)
        progress->first_nll = nll;
    for (int i = 0; i < run->observers; i++)
        if (run->observer[i].observable->measure)
            run->observer[i].observable->measure(run->observer[i].self, &now, k, nll);
    if (k >= 0 && !(nll <= runaway * progress->first_nll))
        rit_run_end(run, RIT_END_DIVERGED, "the NLL ran away from its start");
}

/* What the observers think. */
void rit_run_see_whether_over(struct rit_run *run, bool last)
{
    bool thinks[RIT_HAS_LEARNED + 1] = {false};
    for (int i = 0; i < run->observers; i++) {
        const struct rit_observer *o = &run->observer[i];
        thinks[o->observable->opinion ? o->observable->opinion(o->self) : RIT_INDIFFERENT] = true;
    }
    bool learned = thinks[RIT_HAS_LEARNED] && !thinks[RIT_NOT_YET];
    if (last)
        rit_run_end(run,
                    learned               ? RIT_END_LEARNED
                    : thinks[RIT_NOT_YET] ? RIT_END_CENSORED
                                          : RIT_END_FINISHED,
                    "");
    else if (learned && run->stop_when_learned && !thinks[RIT_GO_ON])
        rit_run_end(run, RIT_END_LEARNED, "");
}
