/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bill/idle.h"

#include "store/checkpoint.h"
#include "sweep/rehearsal.h"
#include "sweep/sofar.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static const double first_of_all = 1e30; /* the price of what is in training already */

/* Expected seconds of a charge from now on. Returns whether it is in training. */
static bool rest_of(const struct rit_bill *left, const struct rit_charge *charge, const char *run, double now,
                    double *seconds)
{
    unsigned char head[RIT_SOFAR_BYTES];
    double written;
    *seconds = charge->expected;
    if (!rit_checkpoint_glance(run, &rit_checkpoints, &left->roster.identity[charge->index], head,
                               sizeof head, &written))
        return false;
    double since = fmax(0, now - written) / fmax(1e-9, charge->whole), ahead = fmin(1, charge->ahead + since);
    *seconds = charge->whole * rit_guess_beyond(&left->guess[charge->index], ahead).share;
    return true;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Where the most is waited: the first k workers are free from time[k - 1] on. */
static void find_wait(const double *time, struct rit_idle *idle)
{
    double most = 0.01 * idle->workers * idle->end; /* less than that is none */
    for (int k = 1; k < idle->workers; k++)
        if (k * (idle->end - time[k - 1]) > most) {
            most = k * (idle->end - time[k - 1]);
            idle->idle = k;
            idle->from = time[k - 1];
        }
    idle->holding = idle->workers - idle->idle;
}

struct rit_idle rit_idle_find(const struct rit_bill *left, const char *run, int workers, double now)
{
    size_t n = (size_t)left->count + 1;
    struct rit_idle idle = {.workers = workers};
    double *price = calloc(n, sizeof *price), *seconds = calloc(n, sizeof *seconds),
           *free_from = calloc((size_t)workers + 1, sizeof *free_from);
    RIT_CHECK(price && seconds && free_from);
    for (int k = 0; k < left->count; k++) {
        bool trains = rest_of(left, &left->charge[k], run, now, &seconds[k]);
        price[k] = trains ? first_of_all : left->charge[k].most;
    }
    struct rit_part part = {left->count, workers, price, seconds, 0, free_from};
    idle.from = idle.end = rit_rehearse(&part).makespan;
    qsort(free_from, (size_t)workers, sizeof *free_from, ascending);
    find_wait(free_from, &idle);
    free(price);
    free(seconds);
    free(free_from);
    return idle;
}

/* The time of day there, with the date if that is not of today. */
static void at(double now, double seconds, char *out, size_t size)
{
    time_t today = (time_t)now, then = (time_t)(now + seconds);
    struct tm a, b;
    localtime_r(&today, &a);
    localtime_r(&then, &b);
    strftime(out, size, a.tm_yday == b.tm_yday && a.tm_year == b.tm_year ? "%H:%M" : "%Y-%m-%d %H:%M", &b);
}

void rit_idle_print(const struct rit_idle *idle, double now, struct rit_buffer *out)
{
    char from[32], end[32];
    at(now, idle->from, from, sizeof from);
    at(now, idle->end, end, sizeof end);
    if (idle->idle == 0) {
        rit_buffer_printf(out, "%d worker%s to the end at about %s.\n", idle->workers,
                          idle->workers == 1 ? " trains" : "s train", end);
        return;
    }
    rit_buffer_printf(out, "%d point%s the end until about %s; ", idle->holding,
                      idle->holding == 1 ? " holds" : "s hold", end);
    rit_buffer_printf(out, "%d of %d workers are idle ", idle->idle, idle->workers);
    if (idle->from < 1)
        rit_buffer_printf(out, "already.\n");
    else
        rit_buffer_printf(out, "from about %s.\n", from);
}
