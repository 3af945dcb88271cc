/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quadratic hinge: E = max(0, kappa - s y)^2 / 2, zero once every margin is kept. Its learning is a jamming
 * problem. Source: Franz, Hwang, Urbani, Phys. Rev. Lett. 123 (2019) 160602.
 */
#include <ritardando/cost.h>

static const struct rit_param params[] = {
    {.key = "cost.margin",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0,
     .high = 100,
     .unit = "1",
     .meaning = "margin kappa that s H must exceed to cost nothing"},
};

static void use(const struct rit_point *point, struct rit_cost_use *use)
{
    use->constant[0] = rit_point_real(point, "cost.margin");
}

static double unit(const struct rit_cost_use *use, double s, double y, double *minus_slope)
{
    double gap = use->constant[0] - s * y;
    *minus_slope = gap > 0.0 ? s * gap : 0.0;
    return gap > 0.0 ? 0.5 * gap * gap : 0.0;
}

const struct rit_cost rit_cost_hinge = {
    .member = {.name = "hinge",
               .meaning = "quadratic hinge, sum_i max(0, margin - s_i H_i)^2 / 2",
               RIT_PARAMS(params)},
    .asks = RIT_ASKS_BITS,
    .use = use,
    .unit = unit,
};
