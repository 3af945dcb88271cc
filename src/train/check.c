/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cannot be trained, before anything is. */
#include <ritardando/cost.h>
#include <ritardando/limit.h>
#include <ritardando/model.h>
#include <ritardando/observe.h>
#include <ritardando/rule.h>
#include <ritardando/run.h>

#include "train/schedule.h"
#include "train/trained.h"

static enum rit_status check_observables(const struct rit_point *point, const struct rit_block *block,
                                         const struct rit_layout *layout, struct rit_error *err)
{
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *observable = (const struct rit_observable *)rit_observables[i];
        if (observable->fits && rit_observable_takes_part(observable, point))
            RIT_TRY(observable->fits(point, block, layout, err));
    }
    return RIT_OK;
}

enum rit_status rit_run_check(const struct rit_point *point, const struct rit_block *block,
                              struct rit_error *err)
{
    struct rit_layout layout;
    struct rit_cost_use cost;
    const struct rit_rule *rule = rit_rule_of(point);
    for (int i = 0; i < RIT_SETTINGS_CHECKS; i++)
        RIT_TRY(rit_settings_checks[i](point, err));
    RIT_TRY(rit_trained_layout(point, block, &layout, err));
    if (rit_limit_of(point)->check_block)
        RIT_TRY(rit_limit_of(point)->check_block(point, block, err));
    if (rit_limit_of(point)->survey)
        return RIT_OK;
    RIT_TRY(rit_schedule_check(point, block, err));
    if (rule->check)
        RIT_TRY(rule->check(point, &layout, err));
    RIT_TRY(rit_cost_open(point, block, &cost, err));
    return check_observables(point, block, &layout, err);
}
