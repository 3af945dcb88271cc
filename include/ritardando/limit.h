/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `limit`: what a point would give if its network were infinitely wide. A member is one file in
 * src/limit/ that exports `const struct rit_limit rit_limit_NAME`. Serial; it knows nothing of the families
 * but their contracts.
 *
 * A limit gives the run another network in place of the point's own: a model whose weights are coordinates of
 * functions, so that rules, observables, checkpoints and results are those of any run.
 */
#ifndef RITARDANDO_LIMIT_H
#define RITARDANDO_LIMIT_H

#include <ritardando/member.h>
#include <ritardando/model.h>

struct rit_limit {
    struct rit_member member; /* own parameters: keys "limit.*" */

    /** Settings that have no such limit, before any data. NULL: none. */
    enum rit_status (*check)(const struct rit_point *point, struct rit_error *err);

    /** The same once the data are there. NULL: none. */
    enum rit_status (*check_block)(const struct rit_point *point, const struct rit_block *block,
                                   struct rit_error *err);

    /** The weights of its network, which grow with the block. NULL where `model` is. */
    void (*layout)(const struct rit_block *block, struct rit_layout *layout);

    /** What is trained in place of the point's model; its own `layout` and `check` are not asked. NULL:
     * nothing. */
    const struct rit_model *model;
};

extern const struct rit_member *const rit_limits[];
static inline const struct rit_limit *rit_limit_of(const struct rit_point *point)
{
    return (const struct rit_limit *)rit_member_chosen(rit_limits, point, "limit.name");
}

#endif
