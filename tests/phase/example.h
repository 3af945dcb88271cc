/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Datasets made up in memory, column by column. */
#ifndef RITARDANDO_TESTS_PHASE_EXAMPLE_H
#define RITARDANDO_TESTS_PHASE_EXAMPLE_H

#include "store/reader.h"

/** An empty dataset of `points` rows with thresholds eps[n]; release with rit_dataset_release. */
struct rit_dataset example_new(size_t points, const double *eps, size_t n);

/** Add a variable (point), a copy of value[points]; `parameter` is NULL for a result. */
void example_add(struct rit_dataset *dataset, const char *name, const char *parameter, const double *value);
/** Add a result (point, dim), a copy of value[points][n]. */
void example_add_rows(struct rit_dataset *dataset, const char *name, const char *dim, size_t n,
                      const double *value);
void example_add_texts(struct rit_dataset *dataset, const char *name, const char *parameter,
                       const char *const *text);

/** Add learning_time (point, threshold), tau (time reached) and end, from times that may be NaN. */
void example_add_times(struct rit_dataset *dataset, const double *times, double tau_max);

#endif
