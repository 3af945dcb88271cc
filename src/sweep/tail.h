/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How much the workers of a sweep waited for its last points, beside what they would have waited had the
 * points been given out in the order of the plan: that is played with the times that they really took.
 */
#ifndef RITARDANDO_SWEEP_TAIL_H
#define RITARDANDO_SWEEP_TAIL_H

#include <stdbool.h>
#include <stddef.h>

struct rit_tail {
    int points, workers;
    int *worker;           /* [points] that had it last; -1: nobody in this start; owned */
    double *given, *taken; /* [points] when it was given out, seconds until its result; 0: none; owned */
};

void rit_tail_begin(struct rit_tail *tail, int points, int workers);
/** Points more. */
void rit_tail_grow(struct rit_tail *tail, int points);
void rit_tail_give(struct rit_tail *tail, int point, int worker, double now);
void rit_tail_take(struct rit_tail *tail, int point, double now);
void rit_tail_release(struct rit_tail *tail);

/**
 * "workers waited 41 s for the last points, 3 % of their time; ...". False, with nothing written, where
 * there is nothing to say: a single worker, or fewer points than workers.
 */
bool rit_tail_print(const struct rit_tail *tail, char *out, size_t size);

#endif
