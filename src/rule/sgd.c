/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stochastic gradient descent: w <- w - eta (g + lambda w). */
#include <ritardando/rule.h>

#include "slope/slope.h"

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[0] = rit_point_real(point, "rule.weight-decay");
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    rit_decay(stride->layout, stride->eta, use->constant[0], stride->w);
    for (size_t i = 0; i < stride->layout->size; i++)
        stride->w[i] -= stride->eta * stride->g[i];
}

const struct rit_rule rit_rule_sgd = {
    .member = {.name = "sgd",
               .meaning = "plain gradient descent on the batch, w <- w - eta g",
               .shared = rit_decay_params,
               .n_shared = 1},
    .use = use,
    .update = update,
    .edge = rit_descent_edge,
    .linear = true,
};
