/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The parameters of many points as variables of a dataset. */
#ifndef RITARDANDO_STORE_PARAMETERS_H
#define RITARDANDO_STORE_PARAMETERS_H

#include "base/pack.h"
#include "store/dataset.h"
#include "store/h5.h"

/** What a dataset calls the parameter `key`: the axes that everybody plots against have the short names of
 * the physics; dots and dashes of others are underscores. A name of a dataset is itself. */
void rit_parameters_name(const char *key, char *name, size_t size);

/**
 * Write every parameter that decides bits and append " NAME" of each to `coordinates`, so that all datasets
 * of a program have the same: numbers as variables (point), NaN where they have no meaning; names, switches
 * and lists as texts, (point) where they differ between rows, else one text for all.
 */
void rit_parameters_write(const struct rit_row *rows, int n, struct rit_h5 *h5,
                          struct rit_buffer *coordinates);

/** The largest value of the REAL parameter `key` over the rows in which it has a meaning; 0 if it has in
 * none. */
double rit_parameters_largest(const struct rit_row *rows, int n, const char *key);

#endif
