/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What is fixed before a step is made: its rate and its batch. Both depend on the step's number alone. */
#ifndef RITARDANDO_TRAIN_SCHEDULE_H
#define RITARDANDO_TRAIN_SCHEDULE_H

#include <ritardando/model.h>
#include <ritardando/point.h>
#include <ritardando/status.h>

struct rit_arena;

struct rit_schedule {
    uint64_t seed;
    double eta;
    uint64_t warmup; /* steps */
    enum rit_batch_kind kind;
    int size;            /* examples per step */
    int examples;        /* chorales or pairs to draw from */
    int *index;          /* [size] the batch drawn last */
    unsigned char *mark; /* [examples] work space of the draw */
};

/** Batches larger than the block are RIT_BAD_INPUT. */
enum rit_status rit_schedule_check(const struct rit_point *point, const struct rit_block *block,
                                   struct rit_error *err);

struct rit_schedule rit_schedule_open(const struct rit_point *point, const struct rit_block *block,
                                      struct rit_arena *work);

/** Rate of step n = 1, 2, ...: eta sin(pi n / 2s) in the warm-up n < s, then eta. */
double rit_schedule_rate(const struct rit_schedule *schedule, uint64_t step);

/** The batch of step n, drawn without replacement from stream (seed, RIT_FOR_BATCH, n). Valid until the next
 * call. */
struct rit_batch rit_schedule_batch(struct rit_schedule *schedule, uint64_t step);

#endif
