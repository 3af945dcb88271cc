/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Momentum: v <- m v - eta g, w <- w + v. */
#include <ritardando/rule.h>

static const struct rit_param params[] = {
    {.key = "rule.momentum",
     .kind = RIT_REAL,
     .fallback = "0.9",
     .low = 0,
     .high = 1,
     .unit = "1",
     .meaning = "share m of the velocity that is kept from step to step"},
};

static size_t state(const struct rit_layout *layout)
{
    return layout->size; /* the velocity */
}

static void update(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *velocity)
{
    (void)seed, (void)step;
    double keep = rit_point_real(point, "rule.momentum");
    for (size_t i = 0; i < layout->size; i++) {
        velocity[i] = keep * velocity[i] - eta * g[i];
        w[i] += velocity[i];
    }
}

const struct rit_rule rit_rule_momentum = {
    .member = {.name = "momentum",
               .meaning = "gradient descent with momentum, v <- m v - eta g, w <- w + v",
               RIT_PARAMS(params)},
    .state = state,
    .update = update,
};
