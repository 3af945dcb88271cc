/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The cost of a block in float64, whatever arithmetic the run itself uses: what is differentiated twice. */
#ifndef RITARDANDO_SLOPE_EXACT_H
#define RITARDANDO_SLOPE_EXACT_H

#include <ritardando/cost.h>
#include <ritardando/model.h>
#include <ritardando/rule.h>

struct rit_exact {
    struct rit_point point; /* the run's, with model.precision: float64 where the model has a choice */
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_cost_use cost;
    int pairs, chosen, width;
    const unsigned char *in;    /* [pairs] which of them count; NULL: all */
    struct rit_terrain terrain; /* the mean cost of the pairs that count, and its gradient */
};

/**
 * Takes a net from `work`, twice as all that takes memory; NULL while measuring. The rest is borrowed. The
 * point's cost must have been opened before.
 */
struct rit_exact *rit_exact_open(const struct rit_point *point, const struct rit_model *model,
                                 const struct rit_layout *layout, const struct rit_block *block,
                                 struct rit_arena *work);

/** From now on only the `chosen` pairs marked in `in` (borrowed) count: E = (1/chosen) sum E_t over them,
 * with states and deltas of whole sequences. NULL: all. */
void rit_exact_choose(struct rit_exact *exact, const unsigned char *in, int chosen);

#endif
