/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The thread of a worker that does everything that takes long: it opens points, trains, saves and finishes
 * them. Its owner, the worker's main thread, gives orders and asks for news, and never waits: it goes on
 * hearing the master and telling that it is alive, whatever happens here. Nothing in here knows of messages.
 *
 * An order to stop is obeyed between two slices. Where that takes too long, in the middle of a long step,
 * say, the checkpoint is written from the copy of the state by a further thread, and the owner may leave by
 * _exit.
 */
#ifndef RITARDANDO_SWEEP_TRAINER_H
#define RITARDANDO_SWEEP_TRAINER_H

#include "sweep/training.h"

struct rit_trainer;

/** Starts the thread, which hears no signals. */
struct rit_trainer *rit_trainer_new(void);
/** Waits for the piece in hand to end. */
void rit_trainer_free(struct rit_trainer *trainer);

/**
 * Train this. The owner has no other point there; should one that it stopped still be in a long step, the new
 * one waits for the end of that.
 */
void rit_trainer_start(struct rit_trainer *trainer, const struct rit_assignment *assignment);
/**
 * Stop what was started. With `keep`, RIT_NEWS_STOPPED comes as soon as a checkpoint is on disk, or
 * RIT_NEWS_OVER if the run just ended; without, the point is forgotten and nothing is heard of it any more.
 */
void rit_trainer_stop(struct rit_trainer *trainer, bool keep);

enum rit_news_kind {
    RIT_NEWS_NONE,
    RIT_NEWS_OPENED,
    RIT_NEWS_OVER,       /* outcome, seconds */
    RIT_NEWS_IMPOSSIBLE, /* why: such a point cannot be trained */
    RIT_NEWS_UNFIT,      /* why: nothing can be trained on this machine */
    RIT_NEWS_TOO_LARGE,  /* why: it cannot be trained on this machine */
    RIT_NEWS_STOPPED,    /* as told, with a checkpoint of what there was */
};

struct rit_news {
    enum rit_news_kind kind;
    struct rit_outcome outcome; /* the owner releases it */
    double seconds;             /* of training, over all incarnations of the point */
    uint64_t trained;           /* steps made for it */
    struct rit_hash trajectory; /* of OVER and IMPOSSIBLE; see train/identity.h */
    struct rit_error why;
};

/** What happened since it was asked last; false if nothing did. After any but OPENED the point is no longer
 * there. */
bool rit_trainer_news(struct rit_trainer *trainer, struct rit_news *news);
/** Wait for news, at most so long. */
void rit_trainer_wait(struct rit_trainer *trainer, double seconds);

/** Of the point in hand, as it was between two slices. */
struct rit_training_report rit_trainer_report(struct rit_trainer *trainer);
/** Whether the thread is at something, also if nobody waits for it any more: who ends the process now must
 * use _exit. */
bool rit_trainer_is_busy(struct rit_trainer *trainer);

#endif
