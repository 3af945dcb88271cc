/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_TRAIN_IDENTITY_H
#define RITARDANDO_TRAIN_IDENTITY_H

#include <ritardando/point.h>
#include <ritardando/source.h>

#include "base/hash.h"

/**
 * SHA-256 of everything that decides the bits of a point's outcome: RIT_NUMERICS_VERSION, the parameters that
 * apply (rit_point_print_identity) and the digest of its data block.
 */
struct rit_hash rit_point_identity(const struct rit_point *point, const struct rit_hash *block_digest);

#endif
