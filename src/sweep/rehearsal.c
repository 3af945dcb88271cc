/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/rehearsal.h"

#include <ritardando/status.h>

#include "sweep/heap.h"
#include "sweep/master.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct theatre {
    const struct rit_part *part;
    struct rit_master *master;
    struct rit_heap ready; /* workers, by the time at which they hand in their point */
    int *point;            /* [workers] */
    uint64_t *lease;
    double free_at;    /* when the master has done what it heard so far */
    double last_given; /* when the last point was given out */
    double *done_at;   /* [workers] when it handed in its last point */
    struct rit_rehearsed found;
};

static void carry_out(struct theatre *t)
{
    struct rit_order order;
    while (rit_master_next(t->master, &order)) {
        if (order.kind != RIT_ORDER_ASSIGN)
            continue;
        t->point[order.worker] = order.point;
        t->lease[order.worker] = order.lease;
        t->last_given = t->free_at;
        rit_heap_put(&t->ready, order.worker, t->free_at + t->part->seconds[order.point]);
    }
}

/* The master hears of it once it has done with what came before. */
static void take_turn(struct theatre *t, double now)
{
    t->free_at = fmax(t->free_at, now) + t->part->handling;
    t->found.master += t->part->handling;
}

static void hand_in(struct theatre *t)
{
    int w = rit_heap_first(&t->ready), waiting = 0;
    double now = t->ready.key[w];
    rit_heap_remove(&t->ready, w);
    if (t->part->handling > 0 && t->free_at > now)
        waiting = (int)((t->free_at - now) / t->part->handling + 0.5);
    t->found.backlog = waiting > t->found.backlog ? waiting : t->found.backlog;
    take_turn(t, now);
    t->found.makespan = t->free_at;
    t->done_at[w] = now;
    rit_master_result(t->master, w, t->lease[w], t->point[w], false);
    carry_out(t);
}

/* Worker-seconds between the giving out of the last point and the end in which nobody trains. */
static double tail_of(const struct theatre *t)
{
    double sum = 0;
    for (int w = 0; w < t->part->workers; w++)
        sum += t->found.makespan - fmin(t->found.makespan, fmax(t->done_at[w], t->last_given));
    return sum;
}

struct rit_rehearsed rit_rehearse(const struct rit_part *part)
{
    static const struct rit_master_rules rules = {
        .lease = 1e15, .limit = INFINITY, .report = INFINITY, .dataset = INFINITY, .attempts = 3};
    struct theatre t = {.part = part,
                        .master = rit_master_new(&rules, part->points, part->price, part->workers, 0),
                        .point = calloc((size_t)part->workers, sizeof *t.point),
                        .lease = calloc((size_t)part->workers, sizeof *t.lease),
                        .done_at = calloc((size_t)part->workers, sizeof *t.done_at)};
    RIT_CHECK(t.point && t.lease && t.done_at);
    rit_heap_init(&t.ready, part->workers);
    for (int w = 0; w < part->workers; w++) {
        take_turn(&t, 0);
        rit_master_joined(t.master, w, 0);
        carry_out(&t);
    }
    while (t.ready.count > 0)
        hand_in(&t);
    for (int p = 0; p < part->points; p++)
        t.found.busy += part->seconds[p];
    t.found.least = rit_least_makespan(part->seconds, part->points, part->workers);
    t.found.tail = tail_of(&t);
    t.found.efficiency = t.found.makespan > 0 ? t.found.busy / (part->workers * t.found.makespan) : 1;
    t.found.master = t.found.makespan > 0 ? t.found.master / t.found.makespan : 0;
    for (int w = 0; part->free_from && w < part->workers; w++)
        part->free_from[w] = t.done_at[w];
    rit_heap_release(&t.ready);
    rit_master_free(t.master);
    free(t.point);
    free(t.lease);
    free(t.done_at);
    return t.found;
}

static int longest_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

double rit_least_makespan(const double *seconds, int points, int workers)
{
    double *sorted = calloc((size_t)points + 1, sizeof *sorted), sum = 0, least = 0;
    RIT_CHECK(sorted);
    for (int p = 0; p < points; p++)
        sum += sorted[p] = seconds[p];
    qsort(sorted, (size_t)points, sizeof *sorted, longest_first);
    for (int p = 0, rounds = 1; p < points; p += workers, rounds++)
        least = fmax(least, rounds * sorted[p]);
    free(sorted);
    return fmax(least, sum / workers);
}
