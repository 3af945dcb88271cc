/* SPDX-License-Identifier: GPL-3.0-or-later */
/** When the workers of a sweep that runs will have nothing more to do. */
#ifndef RITARDANDO_CLI_IDLE_H
#define RITARDANDO_CLI_IDLE_H

#include "base/pack.h"
#include "cli/bill/bill.h"

/** The most that is waited: what comes of the number of idle workers times how long they are idle. */
struct rit_idle {
    int workers, idle; /* idle 0: all work to the end, or there is but one */
    double from, end;  /* seconds from now */
    int holding;       /* workers that still train then */
};

/**
 * Played with the master's own decisions and the expected time of each charge, of those that have a
 * checkpoint less what has gone by since: `run` is taken to be running, with all its `workers`, at `now`,
 * seconds since 1970.
 */
struct rit_idle rit_idle_find(const struct rit_bill *left, const char *run, int workers, double now);

/** "2 points hold the end until about 17:10; 14 of 16 workers are idle from about 16:40." */
void rit_idle_print(const struct rit_idle *idle, double now, struct rit_buffer *out);

#endif
