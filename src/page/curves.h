/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Learning curves for a page: a few bytes a measurement. */
#ifndef RITARDANDO_PAGE_CURVES_H
#define RITARDANDO_PAGE_CURVES_H

#include "base/pack.h"
#include "store/reader.h"

/**
 * Append the member "curves" of the page's object, {"start": [points + 1], "low", "high", "data"}: curve p is
 * the pairs start[p] .. start[p + 1] - 1 of tau and NLL, each a little-endian uint16 u in base64 that stands
 * for low (high / low)^(u / 65535). At most 96 pairs of a curve are kept, fewer of very many curves.
 */
void rit_curves_print(const struct rit_dataset *dataset, struct rit_buffer *out);

#endif
