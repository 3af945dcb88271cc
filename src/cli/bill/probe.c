/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bill/probe.h"

#include <ritardando/observe.h>
#include <ritardando/run.h>

#include "base/memory.h"
#include "base/process.h"
#include "kernel/kernels.h"
#include "sweep/pricing.h"

#include <stdlib.h>

enum { MOST_PROBES = 12 };
static const double long_enough = 0.05;  /* seconds of one probe */
static const double longest_step = 2e10; /* operations: some seconds, and nobody waits for more */

/* Steps in growing numbers until enough time went by. The first ones only warm up, unless one is long itself
 * or there are no others. */
static void train(struct rit_run *run, const struct rit_point *point, double work, struct rit_pace *pace)
{
    uint64_t from = 0, to;
    double tau, nll, opened = rit_seconds(), began = opened;
    bool over = rit_run_advance(run, 1);
    double seconds = rit_seconds() - began;
    if (seconds < long_enough) {
        over = over || rit_run_advance(run, 1);
        rit_run_progress(run, &from, &tau, &nll);
        began = rit_seconds();
        seconds = 0;
    }
    for (uint64_t steps = 1; !over && seconds < long_enough; steps *= 2) {
        over = rit_run_advance(run, steps);
        seconds = rit_seconds() - began;
    }
    rit_run_progress(run, &to, &tau, &nll);
    if (to == from) {
        from = 0;
        seconds = rit_seconds() - opened;
    }
    rit_pace_add(pace, point, work, (double)(to - from), seconds);
}

/* Observables with a price of their own do not take part: what they do at the start is no measure of a step.
 */
static void train_only(struct rit_point *point)
{
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *observable = (const struct rit_observable *)rit_observables[i];
        if (observable->sweeps)
            point->value[rit_param_find(point->registry, observable->member.params[0].key)].b = false;
    }
}

static void probe(const struct rit_config *config, const struct rit_roster *roster, int i,
                  struct rit_blocks *blocks, struct rit_pace *pace)
{
    struct rit_point point;
    const struct rit_known_block *known;
    struct rit_error err = {0};
    size_t memory;
    rit_plan_point(config, roster->plan[i], &point);
    train_only(&point);
    if (rit_blocks_get(blocks, &point, &known, &err) != RIT_OK ||
        rit_run_memory(&point, &known->block, &memory, NULL, &err) != RIT_OK ||
        memory > rit_memory_here() / 2)
        return;
    double work = rit_pricing_step(&point, rit_run_price(&point, &known->block));
    if (work > longest_step)
        return;
    struct rit_run *run = rit_run_new(&point, &known->block, &err);
    if (!run)
        return;
    train(run, &point, work, pace);
    rit_run_free(run);
}

struct candidate {
    int index;
    double work;
};

static int by_work(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->work != y->work ? (x->work < y->work ? -1 : 1) : x->index - y->index;
}

void rit_probe(const struct rit_config *config, const struct rit_roster *roster, struct rit_blocks *blocks,
               struct rit_pace *pace)
{
    struct rit_error err = {0};
    struct candidate *candidate = calloc((size_t)roster->count + 1, sizeof *candidate);
    RIT_CHECK(candidate);
    int n = 0;
    for (int i = 0; i < roster->count; i++) {
        struct rit_point point;
        rit_plan_point(config, roster->plan[i], &point);
        if (!rit_plan_is_first_seed(config, roster->plan[i]) || rit_pace_knows(pace, &point))
            continue;
        candidate[n++] = (struct candidate){i, rit_pricing_step(&point, roster->price[i])};
    }
    qsort(candidate, (size_t)n, sizeof *candidate, by_work);
    int probes = n < MOST_PROBES ? n : MOST_PROBES;
    for (int k = 0; k < probes && rit_kernels_choose(&err); k++)
        probe(config, roster, candidate[probes > 1 ? (int)((int64_t)k * (n - 1) / (probes - 1)) : 0].index,
              blocks, pace);
    rit_pace_settle(pace);
    free(candidate);
}
