/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `limit`: what a point would give if its network were infinitely wide. A member is one file in
 * src/limit/ that exports `const struct rit_limit rit_limit_NAME`. Serial; it knows nothing of the families
 * but their contracts.
 *
 * A limit gives the run another network in place of the point's own: a model whose weights are coordinates of
 * functions, so that rules, observables, checkpoints and results are those of any run. Or it trains nothing
 * and surveys networks at their start: its run is made of pieces in place of steps.
 */
#ifndef RITARDANDO_LIMIT_H
#define RITARDANDO_LIMIT_H

#include <ritardando/member.h>
#include <ritardando/model.h>

struct rit_arena;
struct rit_outcome;

/** What is made of a point in place of training. */
struct rit_survey {
    const char *piece; /* "draw": what there are many of */

    /** How many. */
    uint64_t (*pieces)(const struct rit_point *point);

    /** Operations of them all, roughly. */
    double (*price)(const struct rit_point *point, const struct rit_block *block);

    /** Takes what must survive a kill from `state`, free of pointers, the rest from `work`; as
     * rit_observable.open. Borrows point and block. */
    void *(*open)(const struct rit_point *point, const struct rit_block *block, struct rit_arena *state,
                  struct rit_arena *work);

    /** Makes piece `number`, all before it being made. Anything but RIT_OK ends the run as failed, `err`
     * being the reason. */
    enum rit_status (*make)(void *self, uint64_t number, struct rit_error *err);

    /** Puts the variables into the outcome. */
    void (*finish)(void *self, struct rit_outcome *outcome);
};

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

    /** What it does where it trains nothing. NULL: it trains. */
    const struct rit_survey *survey;
};

extern const struct rit_member *const rit_limits[];
static inline const struct rit_limit *rit_limit_of(const struct rit_point *point)
{
    return (const struct rit_limit *)rit_member_chosen(rit_limits, point, "limit.name");
}

#endif
