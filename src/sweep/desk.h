/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The conductor's desk: what it holds, and how it speaks. Only the files of the conductor look at it:
 * conductor.c, opening.c, orders.c and summary.c.
 */
#ifndef RITARDANDO_SWEEP_DESK_H
#define RITARDANDO_SWEEP_DESK_H

#include "base/pack.h"
#include "sweep/archive.h"
#include "sweep/conductor.h"
#include "sweep/events.h"
#include "sweep/master.h"
#include "sweep/peer.h"
#include "sweep/progress.h"
#include "sweep/refinement.h"
#include "sweep/roster.h"
#include "sweep/tail.h"
#include "sweep/wire.h"

struct rit_colleague {
    struct rit_peer peer; /* once it has said hello */
    bool known, dead, unfit;
    int machine;   /* the first worker on the same host */
    bool declined; /* of that one: somebody there declined a point */
};

struct rit_conductor {
    const struct rit_sweep_options *options;
    struct rit_post *post;
    int workers;
    bool recovery;
    struct rit_peer self;
    struct rit_config config;
    bool has_config;
    struct rit_roster roster;
    struct rit_refinement *refinement; /* NULL: the plan is all there is */
    struct rit_archive archive;
    uint64_t trained;      /* steps made for the results of this start */
    double *price, *most;  /* [roster.count] what the master goes by */
    int fresh, reprice_at; /* results of this start; at how many they are looked at for the prices */
    double reprice_after;  /* and not before this time */
    struct rit_tail tail;
    struct rit_events events;
    struct rit_master *master;
    struct rit_progress progress;
    struct rit_colleague *colleague; /* [workers] */
    char **doubt;                    /* [roster.count] why a point failed once; NULL; owned */
    enum rit_status fault;           /* of the first worker that is unfit or declined a point */
    int *party, party_count;         /* ranks that were sent into the work of all; owned */
    int met;                         /* of them: how many have said hello */
    double began, look_at;
    double lease, beat_every;
    double appended;  /* when the oldest result came that is not yet synced; 0: none */
    bool stop_passed; /* the master knows */
    double dataset_began;
    bool dataset_due, dataset_failed;
    bool over;
    enum rit_status status;
    struct rit_buffer in, out;
};

/* Prices are looked at again after so many results, then whenever there are twice as many; that takes at most
 * a twentieth of the time. */
enum { RIT_FIRST_REPRICING = 8 };

#define RIT_DESK_SAY(c, ...) rit_progress_say(&(c)->progress, __VA_ARGS__)

/** To a worker. */
void rit_desk_tell(struct rit_conductor *c, int worker, const struct rit_message *message);
/** The worker may leave. */
void rit_desk_release(struct rit_conductor *c, int worker);
/** The world refuses: what is not synced is not acknowledged, everybody leaves with checkpoints. */
void rit_desk_give_up(struct rit_conductor *c, const struct rit_error *err);
/** " depth 2, width 30, ...", or nothing in a sweep of one point. */
const char *rit_desk_label(const struct rit_conductor *c, int point, char *out, size_t size);
/** RIT_STOPPED if the run folder holds a file that asks every sweep to stop. */
enum rit_status rit_desk_stop_files(const struct rit_conductor *c, struct rit_error *err);

#endif
