/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The phase-diagram dataset: one HDF5 file that opens in xarray, one row per finished point.
 * docs/dataset.md is its schema. It is put in place atomically. Outcomes are read twice, one at a time.
 */
#ifndef RITARDANDO_STORE_DATASET_H
#define RITARDANDO_STORE_DATASET_H

#include <ritardando/point.h>
#include <ritardando/status.h>

#include "store/results.h"

#include <stdatomic.h>

enum { RIT_ROW_CHANGES = 14 };

/**
 * One row: the parameters of a point and its result. Borrowed. The point is `*point` but for `changes`
 * values: a point is large, and the many rows of a grid share one.
 */
struct rit_row {
    const struct rit_point *point;
    const struct rit_result *result; /* in memory; or NULL: */
    const struct rit_stored *stored; /* in a file of rit_dataset_about.results */
    int changes;
    struct {
        int param; /* index in the registry */
        const union rit_value *value;
    } change[RIT_ROW_CHANGES];
};

struct rit_dataset_about {
    const char *config;                /* resolved config, YAML */
    int planned;                       /* points in the plan, finished or not */
    const struct rit_results *results; /* where stored rows lie; NULL if all are in memory */
    const atomic_bool *given_up;       /* RIT_STOPPED once it is true; NULL: never */
    const char *const *only; /* names of the variables that are wanted, NULL-terminated; NULL: all */
};

/**
 * Write RUN/phase-diagram.h5 from rows (in the order of the plan). Variables of the outcomes become arrays
 * (point, dims...); a 1-D variable named as its dimension is a coordinate, equal in all rows up to their
 * length. The attribute content_hash does not depend on rank count, order of completion or host.
 */
enum rit_status rit_dataset_write(const char *path, const struct rit_row *rows, int n,
                                  const struct rit_dataset_about *about, struct rit_error *err);

/** The same file as bytes in memory, appended to the empty `out`; `name` stands for it in messages. */
enum rit_status rit_dataset_build(const char *name, const struct rit_row *rows, int n,
                                  const struct rit_dataset_about *about, struct rit_buffer *out,
                                  struct rit_error *err);

/**
 * The same into an empty file that is open for reading and writing. Needs no memory for it. Its bytes are not
 * yet synced.
 */
enum rit_status rit_dataset_build_file(const char *name, int fd, const struct rit_row *rows, int n,
                                       const struct rit_dataset_about *about, struct rit_error *err);

/** SHA-256 over the contents of results, sorted: a dataset's content_hash. Sorts them in place. */
struct rit_hash rit_dataset_hash(struct rit_hash *content, int n);

#endif
