/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_TRAIN_IDENTITY_H
#define RITARDANDO_TRAIN_IDENTITY_H

#include <ritardando/point.h>
#include <ritardando/source.h>

#include "base/hash.h"

/**
 * SHA-256 of everything that decides the weights of a point's network after any number of steps:
 * RIT_NUMERICS_VERSION, the revisions of its model, cost and rule, the digest of its data block and the
 * parameters of its trajectory (rit_param_share).
 */
struct rit_hash rit_point_trajectory(const struct rit_point *point, const struct rit_hash *block_digest);

/** SHA-256 of everything that decides the bits of a point's outcome: its trajectory, and what is asked of it.
 */
struct rit_hash rit_point_identity(const struct rit_point *point, const struct rit_hash *trajectory);

#endif
