/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What training at infinite width says of rows that are not trained on. */
#ifndef RITARDANDO_TESTS_FUNCTIONS_H
#define RITARDANDO_TESTS_FUNCTIONS_H

#include "running.h"

#include "base/arena.h"
#include "limit/functions/functions.h"

/** f[pairs of other]: the one output of the run of `point` on `block`, at its end. */
static inline void trained_functions(const struct rit_point *point, const struct rit_block *block,
                                     const struct rit_block *other, double *f)
{
    enum { MOST_PAIRS = 16 };
    float y[MOST_PAIRS];
    const struct rit_layout *layout;
    struct rit_run *run = start(point, block);
    while (!rit_run_advance(run, 1000))
        ;
    const double *w = rit_run_weights(run, &layout);
    struct rit_arena measure = {0}, arena;
    rit_functions_model.open(point, layout, other, &measure);
    arena = rit_arena_new(measure.used);
    struct rit_net *net = rit_functions_model.open(point, layout, other, &arena);
    struct rit_keep keep = {1, y};
    struct rit_criterion criterion = rit_keeping(&keep);
    struct rit_pass found;
    assert_true(other->pairs <= MOST_PAIRS);
    rit_functions_model.load(net, w);
    rit_functions_model.pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, NULL,
                             &found);
    for (int p = 0; p < other->pairs; p++)
        f[p] = (double)y[p];
    free(arena.base);
    rit_run_free(run);
}

#endif
