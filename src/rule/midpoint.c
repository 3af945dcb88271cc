/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Descent of second order: w <- w - eta g(w - (eta/2) g(w)). What it does in a time differs from the gradient
 * flow by the order eta^2, where plain descent differs by eta: where both agree, the rate is small enough. It
 * is stable as far as descent, up to a curvature of 2/eta, and does worse beyond. Matrices kept orthogonal
 * follow the flow within their group; both gradients are of one batch.
 */
#include <ritardando/rule.h>

#include "slope/slope.h"

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[0] = rit_point_real(point, "rule.weight-decay");
}

static size_t work(const struct rit_layout *layout)
{
    return 2 * layout->size + rit_slope_work(layout);
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    const struct rit_layout *layout = stride->layout;
    double *middle = stride->work, *slope = middle + layout->size, *rest = slope + layout->size;
    rit_slope(layout, use->constant[0], stride->w, stride->g, slope, rest);
    for (size_t i = 0; i < layout->size; i++)
        middle[i] = stride->w[i] - 0.5 * stride->eta * slope[i];
    stride->terrain->pass(stride->terrain->self, middle, slope);
    rit_slope(layout, use->constant[0], middle, slope, slope, rest);
    for (size_t i = 0; i < layout->size; i++)
        stride->w[i] -= stride->eta * slope[i];
}

const struct rit_rule rit_rule_midpoint = {
    .member = {.name = "midpoint",
               .meaning = "descent of second order in eta: by the gradient half a step ahead",
               .shared = rit_decay_params,
               .n_shared = 1},
    .use = use,
    .work = work,
    .update = update,
    .edge = rit_descent_edge,
    .looks = 1,
    .linear = true,
};
