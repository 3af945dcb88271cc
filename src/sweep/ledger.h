/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What the master knows, and the few moves by which it changes: of points, of workers, of orders not yet
 * taken. Only the files of the master's decisions look at it: master.c, deal.c, calling.c and
 * closing.c.
 */
#ifndef RITARDANDO_SWEEP_LEDGER_H
#define RITARDANDO_SWEEP_LEDGER_H

#include "sweep/heap.h"
#include "sweep/master.h"

enum rit_point_state {
    RIT_POINT_QUEUED,
    RIT_POINT_RUNNING,
    RIT_POINT_ARRIVED, /* its result is appended, not yet on disk */
    RIT_POINT_DONE,
    RIT_POINT_ASIDE, /* too large for every machine there is */
};

struct rit_master_point {
    enum rit_point_state state;
    int holder; /* worker that trains it; -1 */
    int losses;
    int failed_on; /* worker that said it fails, or declined it; -1 */
    int declined;  /* how often; from the second time on it waits for a machine of its own */
    int machine;   /* the first one that it has not yet had for itself */
    bool failed;
    bool prepared;      /* what all ranks make together for it is made, and it waits in the queue */
    double price, most; /* expected; and if it goes on for as long as may be, by which it is given out */
};

enum rit_worker_state {
    RIT_WORKER_ABSENT, /* not yet heard of */
    RIT_WORKER_IDLE,   /* waits for work */
    RIT_WORKER_BUSY,   /* trains `point` under `lease` */
    RIT_WORKER_LOST,   /* silent for too long; it may come back and still believes in `lease` */
    RIT_WORKER_AWAY,   /* takes no more work */
    RIT_WORKER_DEAD,
};

enum rit_call { RIT_NOT_CALLED, RIT_CALLED, RIT_ANSWERED };

struct rit_master_worker {
    enum rit_worker_state state;
    enum rit_call call; /* of one that waits for work */
    bool unfit;
    int machine; /* -1: not yet heard of */
    int point;
    uint64_t lease;
    double deadline;                 /* on the awake clock */
    double progress, progress_first; /* the last and the first it told under this lease; -1: none yet */
};

/* A result whose sender will be told when it is on disk. */
struct rit_master_receipt {
    int worker, point;
    uint64_t lease;
};

struct rit_master {
    struct rit_master_rules rules;
    int points, workers;
    struct rit_master_point *point;
    struct rit_master_worker *worker;

    struct rit_heap queue;    /* points, by -price */
    struct rit_heap doubts;   /* points that failed once, in the order in which they came back */
    struct rit_heap large;    /* points that were declined and come last, by -price */
    struct rit_heap together; /* points that need a matrix of all ranks first, by -price */
    struct rit_heap idle;     /* workers, by number */
    struct rit_heap leases;   /* workers, by a time no later than their deadline */

    int called;          /* point that a call is on for; -1: none */
    uint64_t call;       /* its number */
    int asked, answered; /* workers who wait for work and were called; of them: who have answered */
    bool gathered;       /* they have been sent in */
    int prepared;        /* points of the queue whose matrix is made */

    int *arrived; /* [n_arrived] points since the last sync */
    int n_arrived;
    struct rit_master_receipt *receipt; /* [n_receipts] since the last sync */
    int n_receipts, receipt_room;

    double now;
    double awake; /* time in which the master itself looked: a long sleep of its own expires no lease */
    double forsaken_at;
    double report_at, dataset_at, dataset_interval;
    double slowest_save, slowest_open;
    double dataset_seconds; /* what the last one took; they grow */
    bool expects;           /* points may still be added */
    bool draining, halting;
    bool dataset_stale, dataset_writing, dataset_last_due;
    enum rit_sweep_end end;
    enum rit_sweep_end wish; /* the end if it comes before all is done */
    bool finished;           /* everybody is released */
    bool concluded;          /* the last order is given */

    uint64_t leases_given, doubts_had;
    int busy, present, done, kept, failed, aside, lost, unfit;
    int here, *here_on; /* workers heard of and present: all, and [workers] on each machine */
    double work, work_left, work_done;

    struct rit_order *order; /* [order_room], those from order_first on are not yet taken */
    int order_first, order_count, order_room;
};

/** One more order for rit_master_next. */
void rit_ledger_order(struct rit_master *m, enum rit_order_kind kind, int worker, int point, uint64_t lease);
/** Alive as far as one knows. */
bool rit_ledger_is_present(enum rit_worker_state state);
/** The one place where a worker changes state: the counts, the idle ones and the leases follow from it. */
void rit_ledger_become(struct rit_master *m, int w, enum rit_worker_state state);
/** A sign of life: its lease begins anew. */
void rit_ledger_heard(struct rit_master *m, int w);

/** Where the point stands in the queue: the most expensive first; but what has lost two workers may be to
 * blame, and comes after all others. */
double rit_ledger_key(const struct rit_master_point *point);
/** A new point waits. */
void rit_ledger_begin(struct rit_master *m, int p, double price);
/** The point waits for a worker, or for another one than that on which it failed. */
void rit_ledger_enqueue(struct rit_master *m, int p);
/** The worker trains the point from now on. */
void rit_ledger_train(struct rit_master *m, int w, int p);
/** The point has its result now, real or recorded for it. */
void rit_ledger_arrive(struct rit_master *m, int p, bool failed);
/** No machine can train the point; a result that comes all the same counts. */
void rit_ledger_set_aside(struct rit_master *m, int p);

#endif
