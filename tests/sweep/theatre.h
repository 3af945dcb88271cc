/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A stage for the master: virtual workers, a virtual network and a virtual disk, on a virtual clock. Workers
 * die, hang, come back, are signalled and send late; the master stalls and is killed. Messages of one pair
 * arrive in the order they were sent, and those of a dead worker up to some point: what MPI permits.
 * Everything follows from the seed.
 */
#ifndef TESTS_SWEEP_THEATRE_H
#define TESTS_SWEEP_THEATRE_H

#include <stdbool.h>
#include <stdint.h>

enum { POISON = 5 };

/** What may go wrong. Chances are per worker and hour, or per point. */
struct script {
    uint64_t seed;
    int workers, points;
    double seconds;       /* mean length of a point */
    double delay;         /* mean of a message's way */
    double deaths;        /* per worker and hour */
    double hangs;         /* per worker and hour; they last up to three leases */
    double signals;       /* per worker and hour: it gives its point back by itself */
    double stalls;        /* per turn of the master: it does not look for up to three leases */
    double master_deaths; /* per hour */
    double stops, drains; /* per hour: somebody asks */
    double limit;         /* wall-time of one start [s]; INFINITY */
    double poisoned;      /* share of points that kill the first POISON workers who train them */
    double failing;       /* share of points that fail by themselves */
    double doubtful;      /* share of points that fail on one worker only */
    double unfit;         /* share of workers whose machine can do nothing */
    double large;         /* how often a worker has no room for a point */
    double dataset;       /* mean seconds that a dataset takes */
    double together;      /* share of points that all must gather for */
    bool fences;          /* the master kills local workers that are silent */
};

/** What happened. */
struct applause {
    uint64_t digest;           /* of all orders, in order */
    int starts;                /* of the master until everything had a result */
    int deaths, hangs, stalls; /* that really took place */
    int compared;              /* results that came a second time */
    int failed;                /* points recorded as failed */
    int lost_recorded;         /* of them: for having lost too many workers */
    int replaced;              /* failures that a sound result replaced */
    int unfit;                 /* workers that said so */
    int declined;              /* points, each time */
    int called, gathered;      /* calls begun, and gatherings that everybody came back from */
    int broken;                /* gatherings that somebody died in, and with it that start */
    double hours;              /* virtual */
};

/** Play until every point has a result on disk, starting again whenever the master ends. Asserts its rules.
 */
struct applause theatre_play(const struct script *script);

#endif
