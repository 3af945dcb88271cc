/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logistic loss of sharpness beta: E = ln(1 + exp(-beta s y)) / beta. At beta = 2 it is half the NLL; for
 * large beta it becomes the perceptron's max(0, -s y).
 */
#include <ritardando/cost.h>

#include "base/exact.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "cost.sharpness",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 1e-3,
     .high = 1e3,
     .unit = "1",
     .meaning = "sharpness beta of the logistic loss"},
};

static void use(const struct rit_point *point, struct rit_cost_use *use)
{
    use->constant[0] = rit_point_real(point, "cost.sharpness");
}

static double unit(const struct rit_cost_use *use, double s, double y, double *minus_slope)
{
    double beta = use->constant[0], z = beta * s * y, e = rit_exp(-fabs(z));
    *minus_slope = s * (z < 0.0 ? 1.0 : e) / (1.0 + e);
    return ((z < 0.0 ? -z : 0.0) + rit_log1p(e)) / beta;
}

const struct rit_cost rit_cost_logistic = {
    .member = {.name = "logistic",
               .meaning = "logistic loss, sum_i ln(1 + exp(-sharpness s_i H_i)) / sharpness",
               RIT_PARAMS(params)},
    .asks = RIT_ASKS_BITS,
    .use = use,
    .unit = unit,
};
