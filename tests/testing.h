/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What the tests share: cmocka with its headers, and a few helpers. A NaN fails every comparison. */
#ifndef RITARDANDO_TESTING_H
#define RITARDANDO_TESTING_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <ritardando/cost.h>
#include <ritardando/model.h>

#include "base/arena.h"

#define rit_assert_near(got, wanted, tolerance)                                                              \
    do {                                                                                                     \
        double got_ = (got), wanted_ = (wanted), tolerance_ = (tolerance);                                   \
        if (!(fabs(got_ - wanted_) <= tolerance_)) {                                                         \
            print_error("%s = %.17g, wanted %.17g +- %g\n", #got, got_, wanted_, tolerance_);                \
            fail();                                                                                          \
        }                                                                                                    \
    } while (0)

/** A net in an arena of its own; the caller frees arena->base. */
static inline struct rit_net *rit_test_open_net(const struct rit_point *point,
                                                const struct rit_layout *layout,
                                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_arena measure = {0};
    const struct rit_model *model = rit_model_of(point);
    model->open(point, layout, block, &measure);
    *arena = rit_arena_new(measure.used);
    return model->open(point, layout, block, arena);
}

/** The task next-step on sequences of a corpus. */
static inline enum rit_status rit_test_cut(const struct rit_corpus *corpus, int first, int count,
                                           struct rit_block *block, struct rit_error *err)
{
    extern const struct rit_task rit_task_next_step;
    return rit_task_next_step.cut(NULL, corpus, "chorale", first, count, block, err);
}

/** The criterion's sum over the whole block at the weights last loaded. */
static inline double rit_test_sum(const struct rit_model *model, struct rit_net *net,
                                  const struct rit_criterion *criterion)
{
    struct rit_pass sweep;
    model->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, criterion, NULL, &sweep);
    return sweep.sum;
}

/** The NLL of the whole block [nats], as learning times are read off it. */
static inline double rit_test_nll(const struct rit_model *model, struct rit_net *net,
                                  const struct rit_block *block)
{
    struct rit_measure measure = rit_measure_of(block);
    struct rit_criterion criterion = rit_cost_criterion(&measure.use);
    return rit_test_sum(model, net, &criterion);
}

/** The outputs of the whole block, [T][width]. */
static inline void rit_test_outputs(const struct rit_model *model, struct rit_net *net,
                                    const struct rit_block *block, float *h)
{
    struct rit_keep keep = {block->asked.port.width, h};
    struct rit_criterion criterion = rit_keeping(&keep);
    rit_test_sum(model, net, &criterion);
}

#endif
