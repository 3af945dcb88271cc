/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What is fixed before a step is made: its rate and its batch. Both depend on the step's number alone.
 * A run has one stage, or two: the first lasts until proper time stage2.at-tau, the second goes on from its
 * last weights with another rate and batch size.
 */
#ifndef RITARDANDO_TRAIN_SCHEDULE_H
#define RITARDANDO_TRAIN_SCHEDULE_H

#include <ritardando/clock.h>
#include <ritardando/model.h>
#include <ritardando/point.h>
#include <ritardando/status.h>

struct rit_arena;

struct rit_schedule {
    uint64_t seed;
    struct rit_clock clock;
    enum rit_batch_kind kind;
    int size[2];         /* examples per step of each stage; 0 for RIT_FULL */
    int examples;        /* sequences or pairs to draw from */
    int *index;          /* the batch drawn last */
    unsigned char *mark; /* [examples] work space of the draw */
};

/** Section batch, and the batches of the second stage. */
extern const struct rit_param_table rit_batch_params, rit_batch2_params;

/** What the settings alone tell: batches of more sequences than there are, and a second stage that begins
 * beyond the end, are RIT_BAD_INPUT. */
enum rit_status rit_schedule_check_settings(const struct rit_point *point, struct rit_error *err);
/** Batches larger than the block are RIT_BAD_INPUT. */
enum rit_status rit_schedule_check(const struct rit_point *point, const struct rit_block *block,
                                   struct rit_error *err);

struct rit_schedule rit_schedule_open(const struct rit_point *point, const struct rit_block *block,
                                      struct rit_arena *work);

/** The batch of step n, drawn without replacement from stream (seed, RIT_FOR_BATCH, n). Valid until the next
 * call. */
struct rit_batch rit_schedule_batch(struct rit_schedule *schedule, uint64_t step);

/** Steps of a whole run of this point, to stop.tau; roughly, where the rule keeps time itself. */
double rit_schedule_steps(const struct rit_point *point);

/** What the progress of a run goes to: stop.tau, or of a survey (ritardando/limit.h) its number of pieces. */
struct rit_goal {
    const char *word; /* "tau", "draw" */
    double at;
};
struct rit_goal rit_goal_of(const struct rit_point *point);

/** Roughly how often a run to proper time `tau` goes through the whole block; a batch of sequences is a part.
 */
double rit_schedule_sweeps(const struct rit_schedule *schedule, double tau);

#endif
