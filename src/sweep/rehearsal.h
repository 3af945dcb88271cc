/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A sweep without training: the real state machine of sweep/master.h against virtual workers that take given
 * times. Its answer is exact for these times; what it leaves out is said by its parameters.
 */
#ifndef RITARDANDO_SWEEP_REHEARSAL_H
#define RITARDANDO_SWEEP_REHEARSAL_H

struct rit_part {
    int points, workers;
    const double *price;   /* [points] the dearest is given out first */
    const double *seconds; /* [points] that it really takes */
    double handling;       /* seconds in which the master takes a result and gives out the next point */
    double *free_from;     /* [workers] when each hands in its last point; NULL: not asked for */
};

struct rit_rehearsed {
    double least;      /* seconds that no order can be faster than */
    double makespan;   /* until the last result has come */
    double busy;       /* worker-seconds of training */
    double tail;       /* of waiting after the last point was given out */
    double efficiency; /* busy / (workers * makespan) */
    double master;     /* share of the makespan in which the master is busy */
    int backlog;       /* most results that ever waited for the master at once */
};

struct rit_rehearsed rit_rehearse(const struct rit_part *part);

/**
 * What no order can be faster than: all the work shared out evenly; and of the k W + 1 longest points some
 * worker of W gets k + 1, so (k + 1) t of the shortest of them.
 */
double rit_least_makespan(const double *seconds, int points, int workers);

#endif
