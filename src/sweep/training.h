/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * One point in training, with its checkpoints: opened, trained in slices that are short if its steps are,
 * saved, finished. One thread does all that. A second copy of the state, taken between two slices, lets
 * another thread write a checkpoint at any moment, in the middle of a step, a measurement or a projection.
 */
#ifndef RITARDANDO_SWEEP_TRAINING_H
#define RITARDANDO_SWEEP_TRAINING_H

#include <ritardando/outcome.h>
#include <ritardando/point.h>

#include "base/hash.h"
#include "store/fence.h"
#include "sweep/blocks.h"

#include <stdbool.h>
#include <stdint.h>

/** What is to be trained, and where its checkpoints go. */
struct rit_assignment {
    struct rit_point values;
    struct rit_hash identity;
    struct rit_hash from; /* the stored result whose kept end state it goes on from; all zero: none */
    uint64_t from_steps;  /* that one's */
    const char *keep;     /* whose end states are kept: run.keep; borrowed */
    const struct rit_fence *fence; /* of the run folder; borrowed */
    double save_every;             /* seconds */
};

enum rit_opening {
    RIT_OPENED,
    RIT_IMPOSSIBLE, /* such a point cannot be trained anywhere */
    RIT_UNFIT,      /* none can on this machine: no data file, other data */
    RIT_TOO_LARGE,  /* this one cannot on this machine: no memory */
};

struct rit_training;

/** Nothing is read or made yet: what takes time comes with rit_training_open. */
struct rit_training *rit_training_new(const struct rit_assignment *assignment);
void rit_training_free(struct rit_training *training);

/** Load the block, make the network, go on from the newest checkpoint. `err` says why not. */
enum rit_opening rit_training_open(struct rit_training *training, struct rit_blocks *blocks,
                                   struct rit_error *err);
/** Train for a fiftieth of a second, or for one step. True when the run is over. */
bool rit_training_slice(struct rit_training *training);
/** Whether it is time for a checkpoint. */
bool rit_training_wants_saving(const struct rit_training *training);
/** Write a checkpoint, if there were steps since the last. A failure is said, and costs no result. */
void rit_training_save(struct rit_training *training);
/** The same from the copy; for another thread, while the first does anything but save. */
void rit_training_save_copy(struct rit_training *training);
/** What decides its weights (train/identity.h); zero before its block is loaded. */
struct rit_hash rit_training_trajectory(const struct rit_training *training);
/** Steps made for this point: those beyond the stored result that it went on from. */
uint64_t rit_training_trained(const struct rit_training *training);
/** The outcome of a run that is over, whose end state is kept if it is to be. The caller releases it. */
void rit_training_finish(struct rit_training *training, struct rit_outcome *outcome);

/** What the master is told of it, between two slices. */
struct rit_training_report {
    double progress;     /* 0 .. 1; -1 until it is opened */
    double save_seconds; /* what a checkpoint takes, estimated before the first */
    double open_seconds;
};
struct rit_training_report rit_training_report(const struct rit_training *training);
/** Seconds of training so far, those before the last checkpoints included. */
double rit_training_seconds(const struct rit_training *training);

#endif
