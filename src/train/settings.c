/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with settings, whatever the data. */
#include <ritardando/limit.h>
#include <ritardando/model.h>
#include <ritardando/observe.h>
#include <ritardando/rule.h>
#include <ritardando/run.h>

#include "train/schedule.h"

#include <math.h>

/* A survey has neither steps nor an end in time, and is looked at by no observable. */
static bool trains(const struct rit_point *point)
{
    return !rit_limit_of(point)->survey;
}

static enum rit_status check_schedule(const struct rit_point *point, struct rit_error *err)
{
    return trains(point) ? rit_schedule_check_settings(point, err) : RIT_OK;
}

static enum rit_status check_clock(const struct rit_point *point, struct rit_error *err)
{
    return trains(point) ? rit_clock_check(point, err) : RIT_OK;
}

static enum rit_status check_times(const struct rit_point *point, struct rit_error *err)
{
    double first = rit_point_real(point, "observe.first-tau"), last = rit_point_real(point, "stop.tau");
    if (first <= last || !trains(point))
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "observe.first-tau: the first measurement at tau %g is after stop.tau %g", first, last);
}

static enum rit_status check_model(const struct rit_point *point, struct rit_error *err)
{
    const struct rit_model *model = rit_model_of(point);
    if (isinf(rit_model_size(point)) && !rit_limit_of(point)->model)
        return rit_fail(err, RIT_BAD_INPUT, "model.width: inf is the width of limit.name: tangent alone");
    if (rit_limit_of(point)->check)
        return rit_limit_of(point)->check(point, err);
    if (model->noisy && model->noisy(point) && rit_rule_of(point)->gait)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "rule.name: %s follows exact gradients, but those of model.name %s are noisy with these "
            "settings; set model.shots: 0, or take rule.name: sgd",
            rit_point_name(point, "rule.name"), rit_point_name(point, "model.name"));
    return model->check ? model->check(point, err) : RIT_OK;
}

static enum rit_status check_observables(const struct rit_point *point, struct rit_error *err)
{
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *observable = (const struct rit_observable *)rit_observables[i];
        if (rit_observable_takes_part(observable, point) && observable->check)
            RIT_TRY(observable->check(point, err));
    }
    return RIT_OK;
}

rit_settings_check *const rit_settings_checks[RIT_SETTINGS_CHECKS] = {
    check_schedule, check_times, check_clock, check_model, check_observables};
