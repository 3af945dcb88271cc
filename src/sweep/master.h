/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The master's decisions, and nothing else: events go in, orders come out. It has no clock (time is told
 * to it), sends nothing, reads and writes nothing and throws no dice, so that tests/sweep/test_master.c
 * can play years of a cluster's life with ten thousand workers in seconds. src/sweep/conductor.c is its
 * eyes and ears, orders.c its hands. Every event is O(log n), n the number of points or workers.
 *
 * Points wait in one queue, those that may become the most expensive first, those that have lost two workers
 * last. A worker gets a point under a lease: a number, and a time within which it must be heard of. A worker
 * that is silent for longer is taken for lost and its point goes back to the queue; should it speak again, it
 * goes on if its point still waits, and is told to drop it otherwise. A result counts whoever sends it, once:
 * any two results of one point are equal bits. A result is acknowledged only when the journal that holds it
 * is on disk; its sender has other work by then.
 *
 * A failure is believed when a second worker has found it too, on another machine if there is one. A sound
 * result replaces a failure, whenever it comes.
 */
#ifndef RITARDANDO_SWEEP_MASTER_H
#define RITARDANDO_SWEEP_MASTER_H

#include <stdbool.h>
#include <stdint.h>

/** What the master goes by. Times in seconds, on the clock that rit_master_tick is told. */
struct rit_master_rules {
    double lease;  /* silence after which a worker is lost */
    double limit;  /* the time by which everything must have ended; INFINITY for none */
    double leave;  /* kept free before the limit, beside what else must come before it: see halt_at */
    double report; /* interval of RIT_ORDER_REPORT */
    double
        dataset;  /* shortest interval of RIT_ORDER_DATASET; writing takes at most a twentieth of the time */
    int attempts; /* workers a point may lose before it is recorded as failed */
};

enum rit_order_kind {
    RIT_ORDER_ASSIGN,  /* worker: train point under lease */
    RIT_ORDER_APPEND,  /* append the result that was just handed in to the journal */
    RIT_ORDER_REPLACE, /* append it: a sound one, of a point that is recorded as failed */
    RIT_ORDER_COMPARE, /* the result just handed in is of a point that has one: it must be equal */
    RIT_ORDER_DOUBT,   /* keep the failure just handed in: another worker will have a try, if there is one */
    RIT_ORDER_FAIL,    /* append a failure for point: the doubted one, or that it has lost too many workers */
    RIT_ORDER_ACKNOWLEDGE, /* worker: the result sent under lease is on disk */
    RIT_ORDER_DROP,        /* worker: nobody waits for what you train under lease */
    RIT_ORDER_HALT,        /* worker: write a checkpoint and give your point back */
    RIT_ORDER_CALL,        /* worker: answer, and wait for point to be gathered for, under lease */
    RIT_ORDER_GATHER,  /* worker: enter the work on point together with all that get this order under lease;
                          behind them the master itself, -1. Everybody waits for everybody there */
    RIT_ORDER_LOST,    /* worker was lost; it had point, or -1. Say so, and see that it is dead */
    RIT_ORDER_REPORT,  /* show how things stand */
    RIT_ORDER_DATASET, /* rewrite the dataset: there is something new, or it is the end and there is time */
    RIT_ORDER_RELEASE, /* worker: leave */
    RIT_ORDER_FINISH,  /* the last order: see rit_tally.end */
};

struct rit_order {
    enum rit_order_kind kind;
    int worker; /* or -1 */
    int point;  /* or -1 */
    uint64_t lease;
};

/** How a sweep ends, or why it is about to. */
enum rit_sweep_end {
    RIT_SWEEP_GOES_ON = 0,
    RIT_SWEEP_COMPLETE,    /* every point has a result */
    RIT_SWEEP_STOPPED,     /* somebody asked to stop or to drain */
    RIT_SWEEP_OUT_OF_TIME, /* the limit came */
    RIT_SWEEP_FORSAKEN,    /* no worker is left */
    RIT_SWEEP_UNFIT,       /* no machine can do the work, or what is left of it */
};

/** What a worker says of itself from time to time. */
struct rit_beat {
    double progress;     /* done of the point, 0 .. 1; -1 until it is opened */
    double save_seconds; /* what a checkpoint of it takes */
    double open_seconds; /* from the assignment to its first step */
};

/** How things stand. Work is in the unit of the prices. */
struct rit_tally {
    enum rit_sweep_end end;
    int points, kept, done, failed; /* kept: had results at the start, part of done; failed: part of done */
    int aside;                      /* points that no machine can train */
    int queued, running;
    int workers, present, lost; /* present: alive as far as one knows; lost: how often a worker was lost */
    int unfit;                  /* workers whose machine cannot do the work */
    bool dataset_stale;         /* there are results that no dataset was ordered for */
    double work, work_left;     /* of all points; of those without result, running ones in part */
    double work_done;           /* since the start, by workers that are still at it or finished */
};

struct rit_master;

/**
 * `points` points of the given prices [points] (any unit, not negative), none of them done, and `workers`
 * workers who have a lease to appear in, at time `now`. Aborts without memory.
 */
struct rit_master *rit_master_new(const struct rit_master_rules *rules, int points, const double *price,
                                  int workers, double now);
void rit_master_free(struct rit_master *m);

/** Before anything else: of equal prices the point of the smallest rank[points] is given out first, not the
 * one of the smallest number. */
void rit_master_rank(struct rit_master *m, const int *rank);
/** What the points without result cost by what is known now, and `most` if they go on for as long as may be:
 * the largest of these is given out first. */
void rit_master_reprice(struct rit_master *m, const double *price, const double *most);
/** Before it is given out: this point has a result already. */
void rit_master_keep(struct rit_master *m, int point);

/** Before it is given out: this point needs a large matrix first, which all ranks make together. */
void rit_master_together(struct rit_master *m, int point);

/** Points more, numbered on from the last; they are given out with the next event. */
void rit_master_add(struct rit_master *m, int n, const double *price);
/** Whether points may still be added: then the sweep goes on when all that there are are done. */
void rit_master_expect(struct rit_master *m, bool more);

/** A worker has come up and waits for work; `machine`, 0 .. workers - 1, is equal for workers on one machine.
 */
void rit_master_joined(struct rit_master *m, int worker, int machine);
/** A sign of life under `lease`; 0 when the worker waits for work. */
void rit_master_beat(struct rit_master *m, int worker, uint64_t lease, const struct rit_beat *beat);
/** A result has come: RIT_ORDER_APPEND, REPLACE, COMPARE or DOUBT is the next order. */
void rit_master_result(struct rit_master *m, int worker, uint64_t lease, int point, bool failed);
/** The point is too large for the worker's machine as things are there; it goes on with others. The point
 * goes to another machine; if that declines too, it waits until all others are done, and then gets the
 * machines for itself, one after the other. If none can train it, the sweep ends without it: RIT_SWEEP_UNFIT.
 */
void rit_master_declined(struct rit_master *m, int worker, uint64_t lease, int point);
/** The worker has answered a call, and waits. */
void rit_master_ready(struct rit_master *m, int worker, uint64_t lease);
/** RIT_ORDER_GATHER was carried out; everybody is back. */
enum rit_gathered {
    RIT_GATHERED,           /* the point can be trained */
    RIT_GATHERED_TOO_LARGE, /* it does not fit into these ranks: the sweep ends without it */
    RIT_GATHERED_TOO_LATE,  /* the time that is left is too short: it waits for another start */
    RIT_GATHERED_STOPPED,   /* somebody was asked to stop before it was made */
};
void rit_master_gathered(struct rit_master *m, int point, enum rit_gathered gathered);
/** Everything appended so far is on disk. */
void rit_master_synced(struct rit_master *m);
/** The worker has written what it could and takes no more work, because it was told to or by itself. */
void rit_master_given_back(struct rit_master *m, int worker);
/** The worker's machine cannot do the work: it takes no more, and what it had is nobody's failure. */
void rit_master_unfit(struct rit_master *m, int worker);
/** The worker is dead beyond doubt. What it sent before may still arrive. */
void rit_master_lost(struct rit_master *m, int worker);

/** Everybody stops now, with checkpoints; or: nothing new is started. */
void rit_master_stop(struct rit_master *m);
void rit_master_drain(struct rit_master *m);

/** Time has come to `now`: hand in what has arrived before telling the time. Leases end here. */
void rit_master_tick(struct rit_master *m, double now);
/** RIT_ORDER_DATASET was carried out and took this long. Until then only the last one is ordered, and takes
 * the place of the one in the making. */
void rit_master_dataset_written(struct rit_master *m, double seconds);

/** The next order; false when there is none for now. Take all of them after every event. */
bool rit_master_next(struct rit_master *m, struct rit_order *order);

/** When everybody will be told to stop, as far as is known now; INFINITY: never. */
double rit_master_halts_at(const struct rit_master *m);

void rit_master_tally(const struct rit_master *m, struct rit_tally *tally);
/** How many workers this point has lost. */
int rit_master_losses(const struct rit_master *m, int point);

#endif
