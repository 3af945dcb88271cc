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
                                                const struct rit_block *block,
                                                const struct rit_cost_use *cost, struct rit_arena *arena)
{
    struct rit_arena measure = {0};
    const struct rit_model *model = rit_model_of(point);
    model->open(point, layout, block, cost, &measure);
    *arena = rit_arena_new(measure.used);
    return model->open(point, layout, block, cost, arena);
}

#endif
