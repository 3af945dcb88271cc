/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The heavy ball: v <- m v - eta g, w <- w + v. On a slope that stays it moves 1/(1 - m) times as far as
 * descent at the same rate. The velocity of a matrix kept orthogonal lies in its tangent space, and is
 * carried along by projection.
 */
#include <ritardando/rule.h>

#include "slope/slope.h"

static const struct rit_param params[] = {
    {.key = "rule.momentum",
     .kind = RIT_REAL,
     .fallback = "0.9",
     .low = 0.0,
     .high = 0.999999,
     .unit = "1",
     .meaning = "share m of the velocity that is kept from step to step"},
};

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[0] = rit_point_real(point, "rule.momentum");
    use->constant[1] = rit_point_real(point, "rule.weight-decay");
}

static size_t state(const struct rit_layout *layout)
{
    return layout->size; /* the velocity */
}

static size_t work(const struct rit_layout *layout)
{
    return layout->size + rit_slope_work(layout);
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    const struct rit_layout *layout = stride->layout;
    double *velocity = stride->state, *slope = stride->work, *rest = stride->work + layout->size;
    rit_slope(layout, use->constant[1], stride->w, stride->g, slope, rest);
    rit_tangent(layout, stride->w, velocity, rest);
    for (size_t i = 0; i < layout->size; i++) {
        velocity[i] = use->constant[0] * velocity[i] - stride->eta * slope[i];
        stride->w[i] += velocity[i];
    }
}

static double edge(const struct rit_rule_use *use)
{
    return 2.0 * (1.0 + use->constant[0]);
}

const struct rit_rule rit_rule_momentum = {
    .member = {.name = "momentum",
               .meaning = "the heavy ball, v <- m v - eta g, w <- w + v: 1/(1 - m) times as fast as descent",
               RIT_PARAMS(params),
               .shared = rit_decay_params,
               .n_shared = 1},
    .use = use,
    .state = state,
    .work = work,
    .update = update,
    .edge = edge,
    .linear = true,
};
