/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adam: moments m <- b1 m + (1 - b1) g and s <- b2 s + (1 - b2) g^2, each divided by its bias at the start,
 * and w <- w - eta m / (sqrt s + epsilon). Source: Kingma and Ba, ICLR 2015.
 */
#include <ritardando/rule.h>

#include "base/exact.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "rule.beta1",
     .kind = RIT_REAL,
     .fallback = "0.9",
     .low = 0,
     .high = 0.999999,
     .unit = "1",
     .meaning = "share of the mean gradient that is kept from step to step"},
    {.key = "rule.beta2",
     .kind = RIT_REAL,
     .fallback = "0.999",
     .low = 0,
     .high = 0.999999,
     .unit = "1",
     .meaning = "share of the mean square gradient that is kept from step to step"},
    {.key = "rule.epsilon",
     .kind = RIT_REAL,
     .fallback = "1e-8",
     .low = 1e-300,
     .high = 1,
     .unit = "nat/w",
     .meaning = "what is added to the root of the mean square gradient"},
};

/* Steps that differ from weight to weight lead off the group, and the projection back undoes them. */
static enum rit_status check(const struct rit_point *point, const struct rit_layout *layout,
                             struct rit_error *err)
{
    (void)point;
    for (int b = 0; b < layout->blocks; b++)
        if (layout->block[b].orthogonal)
            return rit_fail(err, RIT_BAD_INPUT,
                            "rule.name: adam has no meaning for %s, which is kept orthogonal; take "
                            "model.orthogonal: none",
                            layout->block[b].name);
    return RIT_OK;
}

static size_t state(const struct rit_layout *layout)
{
    return 2 * layout->size; /* m, then s */
}

static double one_minus_power(double beta, uint64_t step)
{
    return beta > 0.0 ? -rit_expm1((double)step * rit_log(beta)) : 1.0;
}

static void update(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *moments)
{
    (void)seed;
    double *mean = moments, *square = moments + layout->size;
    double beta1 = rit_point_real(point, "rule.beta1"), beta2 = rit_point_real(point, "rule.beta2"),
           epsilon = rit_point_real(point, "rule.epsilon");
    double rate = eta / one_minus_power(beta1, step), bias = one_minus_power(beta2, step);
    for (size_t i = 0; i < layout->size; i++) {
        mean[i] = beta1 * mean[i] + (1.0 - beta1) * g[i];
        square[i] = beta2 * square[i] + (1.0 - beta2) * g[i] * g[i];
        w[i] -= rate * mean[i] / (sqrt(square[i] / bias) + epsilon);
    }
}

const struct rit_rule rit_rule_adam = {
    .member = {.name = "adam",
               .meaning = "Adam: steps of about eta in every weight, by running moments of its gradient",
               RIT_PARAMS(params)},
    .check = check,
    .state = state,
    .update = update,
};
