/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The feed-forward network as a layered one without M_a; the site's shape tells its factors. In float32 it is
 * rit_layered_fast, with weights times their factors.
 */
#ifndef RITARDANDO_MODEL_DENSE_H
#define RITARDANDO_MODEL_DENSE_H

#include "model/layered/layered.h"

/** The float64 reference. */
extern const struct rit_layered_engine rit_dense_reference;

#endif
