/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/schedule.h"

#include "base/arena.h"
#include "base/exact.h"
#include "base/random.h"

#include <string.h>

static enum rit_batch_kind kind_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "batch.kind");
    if (strcmp(name, "full") == 0)
        return RIT_FULL;
    return strcmp(name, "chorales") == 0 ? RIT_CHORALES : RIT_TIME_POINTS;
}

static int examples_of(enum rit_batch_kind kind, const struct rit_block *block)
{
    return kind == RIT_TIME_POINTS ? block->pairs : block->chorales;
}

enum rit_status rit_schedule_check(const struct rit_point *point, const struct rit_block *block,
                                   struct rit_error *err)
{
    enum rit_batch_kind kind = kind_of(point);
    int64_t size = rit_point_int(point, "batch.size");
    int examples = examples_of(kind, block);
    if (kind != RIT_FULL && size > examples)
        return rit_fail(err, RIT_BAD_INPUT, "batch.size: %lld is more than the %d %s of the training block",
                        (long long)size, examples, kind == RIT_CHORALES ? "chorales" : "time points");
    return RIT_OK;
}

struct rit_schedule rit_schedule_open(const struct rit_point *point, const struct rit_block *block,
                                      struct rit_arena *work)
{
    struct rit_schedule schedule = {
        .seed = (uint64_t)rit_point_int(point, "seed"),
        .eta = rit_point_real(point, "rule.eta"),
        .warmup = (uint64_t)rit_point_int(point, "rule.warmup"),
        .kind = kind_of(point),
    };
    schedule.examples = examples_of(schedule.kind, block);
    schedule.size = schedule.kind == RIT_FULL ? 0 : (int)rit_point_int(point, "batch.size");
    schedule.index = RIT_TAKE(work, (size_t)schedule.size, int);
    schedule.mark = RIT_TAKE(work, (size_t)schedule.examples, unsigned char);
    return schedule;
}

double rit_schedule_rate(const struct rit_schedule *schedule, uint64_t step)
{
    if (step >= schedule->warmup)
        return schedule->eta;
    return schedule->eta * rit_sinpi(0.5 * (double)step / (double)schedule->warmup);
}

struct rit_batch rit_schedule_batch(struct rit_schedule *schedule, uint64_t step)
{
    struct rit_batch batch = {.kind = schedule->kind, .n = schedule->size, .index = schedule->index};
    if (schedule->kind != RIT_FULL) {
        struct rit_random random = rit_random_open(schedule->seed, RIT_FOR_BATCH, step, 0);
        rit_random_subset(&random, schedule->examples, schedule->size, schedule->index, schedule->mark);
    }
    return batch;
}
