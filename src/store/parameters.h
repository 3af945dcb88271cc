/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The parameters of many points as variables of a dataset. */
#ifndef RITARDANDO_STORE_PARAMETERS_H
#define RITARDANDO_STORE_PARAMETERS_H

#include "base/pack.h"
#include "store/dataset.h"
#include "store/h5.h"

/**
 * Write one variable (point) for each parameter that applies to some row and that is a number, or of any
 * other kind but different between rows. Appends " NAME" to `coordinates` for depth, width, chorales, seed
 * and every parameter that differs between rows.
 */
void rit_parameters_write(const struct rit_row *rows, int n, struct rit_h5 *h5,
                          struct rit_buffer *coordinates);

#endif
