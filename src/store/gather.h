/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Results of several files brought together by identity: what loading one run and merging many share. */
#ifndef RITARDANDO_STORE_GATHER_H
#define RITARDANDO_STORE_GATHER_H

#include "store/results.h"

/** A result and the place it was read from. */
struct rit_entry {
    struct rit_result result;
    int file;
    size_t offset;
};

struct rit_gathered {
    int count, capacity;
    struct rit_entry *entry; /* owned */
    int files;
    char **file; /* owned: the paths */
};

struct rit_gather_report {
    int read;          /* records, with repetitions */
    int repeated;      /* records of a point that was there already */
    int disagreements; /* of these, how many differ */
};

/** Add all results in RUN/results. RIT_BAD_INPUT for a damaged file. */
enum rit_status rit_gather_run(struct rit_gathered *all, const char *run, struct rit_error *err);

/**
 * Move everything gathered into `results`, ascending by identity, each point once; disagreements are added
 * to `lines`, one line each.
 */
struct rit_gather_report rit_gather_unite(struct rit_gathered *all, struct rit_results *results,
                                          struct rit_buffer *lines);

void rit_gathered_release(struct rit_gathered *all);

/** RIT_BAD_INPUT, saying how to go on with a journal that is damaged at `offset`. */
enum rit_status rit_results_damaged(const char *path, size_t offset, struct rit_error *err);

#endif
