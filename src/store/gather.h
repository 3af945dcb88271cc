/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Results of several files brought together by identity: what loading one run and merging many share. */
#ifndef RITARDANDO_STORE_GATHER_H
#define RITARDANDO_STORE_GATHER_H

#include "store/results.h"

struct rit_gather_report {
    int read;          /* records, with repetitions */
    int repeated;      /* records of a point that was there already */
    int disagreements; /* of these, how many differ */
};

/** Add a file that results may lie in; returns its number. */
int rit_gather_file(struct rit_results *all, const char *path);

/** Add a result that lies in one of the files; to be followed by rit_gather_unite. */
void rit_gather_add(struct rit_results *all, const struct rit_stored *stored);

/** Add all results in RUN/results as they come, unsorted and with repetitions. See rit_results_load. */
enum rit_status rit_gather_run(struct rit_results *all, const char *run, struct rit_error *err);

/**
 * Order everything gathered by identity, each point once; disagreements are added to `lines`, one line each.
 */
enum rit_status rit_gather_unite(struct rit_results *all, struct rit_gather_report *report,
                                 struct rit_buffer *lines, struct rit_error *err);

#endif
