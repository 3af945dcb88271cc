/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_PHASE_EDGE_H
#define RITARDANDO_PHASE_EDGE_H

#include "base/pack.h"
#include "store/reader.h"

/**
 * A line for every edge of stability that runs of the dataset went beyond, as observe.sharpness has seen it:
 * "eta lambda_max > 2 in 212 of 272 runs: learning times are those of the rule, not of the flow." Nothing
 * where it was not measured or none did.
 */
void rit_edge_warn(const struct rit_dataset *dataset, struct rit_buffer *out);

#endif
