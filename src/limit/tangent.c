/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network of infinite width: its tangent kernel is known at the start and does not move
 * (ritardando/wide.h), so that training is a walk of its functions. The walk is that of the point's own rule
 * and batches, step by step, or of the gradient flow with rule.name: flow. Sources: Jacot, Gabriel and
 * Hongler, NeurIPS 2018; Lee et al., NeurIPS 2019.
 */
#include <ritardando/limit.h>
#include <ritardando/rule.h>

#include "limit/functions/functions.h"
#include "limit/wide/known.h"

#include <string.h>

static const char *const starts[] = {"drawn", "mean", NULL};

static const struct rit_param params[] = {
    {.key = "limit.start",
     .kind = RIT_NAME,
     .fallback = "drawn",
     .choices = starts,
     .unit = "1",
     .meaning =
         "function that training begins with: one drawn, by the seed, from the Gaussian process of random "
         "networks, or their mean"},
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    struct rit_wide wide;
    RIT_TRY(rit_limit_wide(point, &wide, err));
    if (!rit_rule_of(point)->linear)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "rule.name: what %s does to weights is not linear in their gradients, and so tells nothing of "
            "functions; take sgd, momentum, midpoint or flow",
            rit_rule_of(point)->member.name);
    if (rit_point_real(point, "rule.weight-decay") > 0.0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "rule.weight-decay: it would draw an infinitely wide network away from its start; set 0");
    if (strcmp(rit_point_name(point, "batch.kind"), "time-points") == 0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "batch.kind: the gradient of time-points is none of a function; take full or chorales");
    return RIT_OK;
}

const struct rit_limit rit_limit_tangent = {
    .member = {.name = "tangent",
               .meaning = "infinite width: training with the tangent kernel of the start",
               RIT_PARAMS(params)},
    .check = check,
    .check_block = rit_limit_converges,
    .layout = rit_functions_layout,
    .model = &rit_functions_model,
};
