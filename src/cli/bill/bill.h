/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What a plan will take: seconds of each point that is not done, from measured learning times
 * (sweep/forecast.h) and a measured pace (sweep/pace.h), memory and disk.
 */
#ifndef RITARDANDO_CLI_BILL_H
#define RITARDANDO_CLI_BILL_H

#include "config/config.h"
#include "store/results.h"
#include "sweep/forecast.h"
#include "sweep/growth.h"
#include "sweep/pace.h"
#include "sweep/roster.h"

/** One point that is to be trained. Times in seconds on one core like the one that was measured. */
struct rit_charge {
    int index;                  /* in the roster */
    double whole;               /* to stop.tau */
    double ahead;               /* share of the way that is behind it already, 0 .. 1 */
    double expected, low, high; /* to its end */
    double most;                /* the longest of so many would take: a sweep gives out by this */
};

struct rit_bill {
    const struct rit_config *config; /* borrowed */
    struct rit_roster roster;
    struct rit_results results;     /* of the run folder, if there is one */
    const struct rit_stored **have; /* [roster.count] */
    struct rit_growth growth;
    struct rit_guess *guess; /* [roster.count] */
    struct rit_pace pace;
    bool paced_by_run;          /* measured by results of the run, not here and now */
    int count, longest;         /* charges; the one that is expected to take longest, -1 without any */
    struct rit_charge *charge;  /* [count] */
    double expected, low, high; /* core-seconds of all; the interval is of about 68 % */
    size_t memory;              /* of the largest point, in bytes */
    int largest, pairs;         /* its number in the plan */
    double work, longest_work;  /* operations of the whole plan, each point to stop.tau */
    double states;              /* bytes of all end states */
};

/**
 * Of the points of one share, 0 of 1 for all; `run` may be NULL. The pace is measured by training probes of
 * the plan for a second or so, kept nowhere, unless the run knows it already; it is not if no probe fits into
 * memory, and all times are NAN then. What a point cannot have is RIT_BAD_INPUT, with `path` before it.
 */
enum rit_status rit_bill_make(const struct rit_config *config, const char *path, const char *run, int share,
                              int shares, struct rit_bill *bill, struct rit_error *err);
void rit_bill_release(struct rit_bill *bill);

/** "3.1 core-hours (2.2 to 4.6)" */
void rit_bill_hours(double expected, double low, double high, char *out, size_t size);
/** Why a point takes so long: "width 12 is 1.3 above ...". */
void rit_bill_reason(const struct rit_bill *bill, const struct rit_charge *charge, char *out, size_t size);
/** Whether one start of the sweep (run.wall-time) is shorter than its longest point, and a sentence on that.
 */
bool rit_bill_outlasts(const struct rit_bill *bill, char *out, size_t size);
/** "depth 2, width 30, seed 1", or "the only point". */
void rit_bill_label(const struct rit_bill *bill, const struct rit_charge *charge, char *out, size_t size);

/** Times of all charges in play `play`: one draw of each guess. seconds[count]. */
void rit_bill_draw(const struct rit_bill *bill, int play, double *seconds);

/** How a plan that grows does so; nothing of another. */
void rit_bill_print_growth(const struct rit_config *config);

/** Says that times are not known, for a bill whose `expected` is NAN. */
void rit_bill_print_unpaced(void);

#endif
