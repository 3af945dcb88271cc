/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/schedule.h"

#include <ritardando/limit.h>
#include <ritardando/rule.h>

#include "base/arena.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

static const char *const batch_kinds[] = {"full", "chorales", "time-points", NULL};
static const struct rit_param batches[] = {
    {.key = "batch.kind",
     .kind = RIT_NAME,
     .fallback = "full",
     .choices = batch_kinds,
     .unit = "1",
     .meaning = "examples of one step: the full block, whole chorales, or time points"},
    {.key = "batch.size",
     .kind = RIT_INT,
     .fallback = "10",
     .low = 1,
     .high = 1e7,
     .unit = "examples",
     .needs = "batch.kind: chorales time-points",
     .meaning = "chorales or time points per step, drawn afresh without replacement inside a step"},
};
const struct rit_param_table rit_batch_params = RIT_PARAM_TABLE(batches);

static const struct rit_param later_batches[] = {
    {.key = "stage2.batch-size",
     .kind = RIT_INT,
     .fallback = "10",
     .low = 1,
     .high = 1e7,
     .unit = "examples",
     .needs = "batch.kind: chorales time-points",
     .meaning = "chorales or time points per step of the second stage"},
};
const struct rit_param_table rit_batch2_params = RIT_PARAM_TABLE(later_batches);

static enum rit_batch_kind kind_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "batch.kind");
    if (strcmp(name, "full") == 0)
        return RIT_FULL;
    return strcmp(name, "chorales") == 0 ? RIT_SEQUENCES : RIT_TIME_POINTS;
}

static int examples_of(enum rit_batch_kind kind, const struct rit_block *block)
{
    return kind == RIT_TIME_POINTS ? block->pairs : block->sequences;
}

/* Examples per step of the stage whose size is called `key`. */
static int size_of(const struct rit_point *point, const char *key)
{
    return kind_of(point) == RIT_FULL ? 0 : (int)rit_point_int(point, key);
}

static enum rit_status check_size(const struct rit_point *point, const char *key, int examples,
                                  struct rit_error *err)
{
    int size = size_of(point, key);
    if (size <= examples)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT, "%s: %d is more than the %d %s of the training block", key, size,
                    examples, kind_of(point) == RIT_SEQUENCES ? "chorales" : "time points");
}

static enum rit_status check_sizes(const struct rit_point *point, int examples, struct rit_error *err)
{
    if (kind_of(point) == RIT_FULL)
        return RIT_OK;
    RIT_TRY(check_size(point, "batch.size", examples, err));
    return rit_point_bool(point, "stage2.enabled") ? check_size(point, "stage2.batch-size", examples, err)
                                                   : RIT_OK;
}

enum rit_status rit_schedule_check_settings(const struct rit_point *point, struct rit_error *err)
{
    if (kind_of(point) == RIT_SEQUENCES)
        RIT_TRY(check_sizes(point, (int)rit_point_int(point, "data.chorales"), err));
    double at = rit_point_real(point, "stage2.at-tau"), stop = rit_point_real(point, "stop.tau");
    if (!rit_point_bool(point, "stage2.enabled") || at < stop)
        return RIT_OK;
    return rit_fail(
        err, RIT_BAD_INPUT,
        "stage2.at-tau: the second stage would begin at tau = %g, but the run ends at stop.tau = %g", at,
        stop);
}

enum rit_status rit_schedule_check(const struct rit_point *point, const struct rit_block *block,
                                   struct rit_error *err)
{
    return check_sizes(point, examples_of(kind_of(point), block), err);
}

struct rit_schedule rit_schedule_open(const struct rit_point *point, const struct rit_block *block,
                                      struct rit_arena *work)
{
    struct rit_schedule schedule = {.seed = rit_random_seed(point),
                                    .clock = rit_clock_of(point),
                                    .kind = kind_of(point),
                                    .size = {size_of(point, "batch.size")}};
    if (rit_point_bool(point, "stage2.enabled"))
        schedule.size[1] = size_of(point, "stage2.batch-size");
    int most = schedule.size[0] > schedule.size[1] ? schedule.size[0] : schedule.size[1];
    schedule.examples = examples_of(schedule.kind, block);
    schedule.index = RIT_TAKE(work, (size_t)most, int);
    schedule.mark = RIT_TAKE(work, (size_t)schedule.examples, unsigned char);
    return schedule;
}

struct rit_goal rit_goal_of(const struct rit_point *point)
{
    const struct rit_survey *survey = rit_limit_of(point)->survey;
    return survey ? (struct rit_goal){survey->piece, (double)survey->pieces(point)}
                  : (struct rit_goal){"tau", rit_point_real(point, "stop.tau")};
}

double rit_schedule_steps(const struct rit_point *point)
{
    if (rit_limit_of(point)->survey)
        return rit_goal_of(point).at;
    struct rit_clock clock = rit_clock_of(point);
    struct rit_rule_use rule = rit_rule_open(point);
    double tau = rit_point_real(point, "stop.tau");
    return clock.own ? rule.rule->gait->gradients(&rule, tau) : rit_clock_step(&clock, tau);
}

double rit_schedule_sweeps(const struct rit_schedule *schedule, double tau)
{
    double steps = rit_clock_step(&schedule->clock, tau), first = fmin(steps, (double)schedule->clock.last);
    if (schedule->kind != RIT_SEQUENCES)
        return steps;
    return (first * schedule->size[0] + (steps - first) * schedule->size[1]) / schedule->examples;
}

struct rit_batch rit_schedule_batch(struct rit_schedule *schedule, uint64_t step)
{
    struct rit_batch batch = {.kind = schedule->kind,
                              .n = schedule->size[step > schedule->clock.last],
                              .index = schedule->index,
                              .draw = step};
    if (schedule->kind != RIT_FULL) {
        struct rit_random random = rit_random_open(schedule->seed, RIT_FOR_BATCH, step, 0);
        rit_random_subset(&random, schedule->examples, batch.n, schedule->index, schedule->mark);
    }
    return batch;
}
