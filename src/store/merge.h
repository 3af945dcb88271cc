/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Joining runs: shards of a job array, or runs from anywhere, by the identity of their points. */
#ifndef RITARDANDO_STORE_MERGE_H
#define RITARDANDO_STORE_MERGE_H

#include <ritardando/status.h>

#include "base/pack.h"

struct rit_merge_report {
    int read;                       /* records in all runs, with repetitions */
    int repeated;                   /* records of a point that was there already */
    int disagreements;              /* of these, how many differ */
    int added;                      /* points that are new in `out` */
    int points;                     /* points in `out` now */
    struct rit_buffer disagreement; /* owned text: a line for each, with the provenance of both */
};

/**
 * Bring the results of `n` run folders into the run folder `out`, which may hold results already. Points
 * present twice must agree bit for bit: otherwise nothing is written and RIT_BAD_INPUT returned, with all
 * disagreements in the report. RIT_BAD_INPUT also for a folder in which no run was started. The caller
 * releases report->disagreement, in every case.
 */
enum rit_status rit_merge(const char *out, const char *const *runs, int n, struct rit_merge_report *report,
                          struct rit_error *err);

#endif
