/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The phase-diagram dataset: one HDF5 file that opens in xarray, one row per finished point.
 * docs/dataset.md is its schema. The image is built in memory and put in place atomically.
 */
#ifndef RITARDANDO_STORE_DATASET_H
#define RITARDANDO_STORE_DATASET_H

#include <ritardando/point.h>
#include <ritardando/status.h>

#include "store/results.h"

enum { RIT_ROW_CHANGES = 12 };

/**
 * One row: the parameters of a point and its result. Borrowed. The point is `*point` but for `changes`
 * values: a point is large, and the many rows of a grid share one.
 */
struct rit_row {
    const struct rit_point *point;
    const struct rit_result *result;
    int changes;
    struct {
        int param; /* index in the registry */
        const union rit_value *value;
    } change[RIT_ROW_CHANGES];
};

struct rit_dataset_about {
    const char *config; /* resolved config, YAML */
    int planned;        /* points in the plan, finished or not */
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

/** SHA-256 over the sorted contents of the results of these rows. */
struct rit_hash rit_dataset_hash(const struct rit_row *rows, int n);

#endif
