/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/tail.h"

#include <ritardando/status.h>

#include "sweep/progress.h"
#include "sweep/rehearsal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void rit_tail_begin(struct rit_tail *tail, int points, int workers)
{
    *tail = (struct rit_tail){.workers = workers};
    rit_tail_grow(tail, points);
}

void rit_tail_grow(struct rit_tail *tail, int points)
{
    size_t n = (size_t)points + 1;
    tail->worker = realloc(tail->worker, n * sizeof *tail->worker);
    tail->given = realloc(tail->given, n * sizeof *tail->given);
    tail->taken = realloc(tail->taken, n * sizeof *tail->taken);
    RIT_CHECK(tail->worker && tail->given && tail->taken);
    for (int p = tail->points; p < points; p++) {
        tail->worker[p] = -1;
        tail->given[p] = tail->taken[p] = 0;
    }
    tail->points = points;
}

void rit_tail_release(struct rit_tail *tail)
{
    free(tail->worker);
    free(tail->given);
    free(tail->taken);
    *tail = (struct rit_tail){0};
}

void rit_tail_give(struct rit_tail *tail, int point, int worker, double now)
{
    tail->worker[point] = worker;
    tail->given[point] = now;
}

void rit_tail_take(struct rit_tail *tail, int point, double now)
{
    if (tail->worker[point] >= 0)
        tail->taken[point] = now - tail->given[point];
}

/* What was really waited: from the giving out of the last point, each worker after its own last. */
static struct rit_rehearsed measured(const struct rit_tail *tail)
{
    double *done_at = calloc((size_t)tail->workers, sizeof *done_at), first = INFINITY, last_given = 0,
           end = 0;
    struct rit_rehearsed found = {.tail = 0};
    RIT_CHECK(done_at);
    for (int p = 0; p < tail->points; p++) {
        if (tail->taken[p] <= 0)
            continue;
        double *done = &done_at[tail->worker[p]];
        *done = fmax(*done, tail->given[p] + tail->taken[p]);
        first = fmin(first, tail->given[p]);
        last_given = fmax(last_given, tail->given[p]);
        end = fmax(end, *done);
    }
    for (int w = 0; w < tail->workers; w++)
        found.tail += end - fmin(end, fmax(done_at[w], last_given));
    found.makespan = end - first;
    free(done_at);
    return found;
}

/* Equal prices come in the order of their numbers. */
static struct rit_rehearsed in_plain_order(const struct rit_tail *tail, int n)
{
    double *seconds = calloc((size_t)n, sizeof *seconds), *price = calloc((size_t)n, sizeof *price);
    RIT_CHECK(seconds && price);
    for (int p = 0, k = 0; p < tail->points; p++)
        if (tail->taken[p] > 0)
            seconds[k++] = tail->taken[p];
    struct rit_part part = {n, tail->workers, price, seconds, 0, NULL};
    struct rit_rehearsed play = rit_rehearse(&part);
    free(seconds);
    free(price);
    return play;
}

bool rit_tail_print(const struct rit_tail *tail, char *out, size_t size)
{
    int n = 0;
    for (int p = 0; p < tail->points; p++)
        n += tail->taken[p] > 0;
    if (tail->workers < 2 || n <= tail->workers)
        return false;
    struct rit_rehearsed was = measured(tail), plain = in_plain_order(tail, n);
    char waited[32], would[32], makespan[32];
    rit_progress_fine_duration(was.tail, waited, sizeof waited);
    rit_progress_fine_duration(plain.tail, would, sizeof would);
    rit_progress_fine_duration(plain.makespan, makespan, sizeof makespan);
    snprintf(
        out, size,
        "%d workers waited %s in all for the last points, %.1f %% of their time; in the order of the plan "
        "it would have been %s, %.1f %%, and %s from first to last",
        tail->workers, waited, 100 * was.tail / (tail->workers * was.makespan), would,
        100 * plain.tail / (tail->workers * plain.makespan), makespan);
    return true;
}
