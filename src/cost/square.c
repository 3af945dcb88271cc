/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half the squared distance from the targets: E = (y - s)^2 / 2. */
#include <ritardando/cost.h>

static double unit(const struct rit_cost_use *use, double s, double y, double *minus_slope)
{
    (void)use;
    *minus_slope = s - y;
    return 0.5 * (s - y) * (s - y);
}

const struct rit_cost rit_cost_square = {
    .member = {.name = "square", .meaning = "half the squared distance, sum_i (H_i - s_i)^2 / 2"},
    .asks = RIT_ASKS_BITS | RIT_ASKS_REALS,
    .unit = unit,
};
