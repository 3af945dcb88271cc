/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit/wide/known.h"

#include "base/arena.h"
#include "kernel/gram.h"

#include <stdlib.h>

enum rit_status rit_limit_wide(const struct rit_point *point, struct rit_wide *wide, struct rit_error *err)
{
    const struct rit_model *model = rit_model_of(point);
    if (!model->wide)
        return rit_fail(err, RIT_BAD_INPUT, "limit.name: the kernels of infinite width of %s are not known",
                        model->member.name);
    return model->wide(point, (struct rit_port){RIT_ROW_REALS, 1}, wide, err);
}

enum rit_status rit_limit_converges(const struct rit_point *point, const struct rit_block *block,
                                    struct rit_error *err)
{
    struct rit_wide wide;
    RIT_TRY(rit_model_of(point)->wide(point, block->in.port, &wide, err));
    const struct rit_block *other = block->held_out ? block->held_out : block;
    struct rit_arena measure = {0}, arena;
    rit_gram_open(&wide, block, other, &measure);
    arena = rit_arena_new(measure.used);
    if (!arena.base)
        return rit_fail(err, RIT_BAD_INPUT, "limit.name: no memory for kernels of %d pairs", block->pairs);
    bool converged = rit_gram_open(&wide, block, other, &arena).converged;
    free(arena.base);
    if (!converged)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "limit.name: inputs of hidden units vary so much that the series of their activation does "
            "not converge in %d terms; take smaller gains",
            RIT_DUAL_TERMS);
    return RIT_OK;
}
