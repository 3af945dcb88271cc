/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Negative log-likelihood of bits: E = ln(1 + exp(-2 s y)), -dE/dy = s - tanh y. */
#include <ritardando/cost.h>

#include "base/exact.h"
#include "kernel/kernels.h"

#include <math.h>

static double unit(const struct rit_cost_use *use, double s, double y, double *minus_slope)
{
    (void)use;
    double z = 2.0 * s * y;
    *minus_slope = s - rit_tanh(y);
    return (z < 0.0 ? -z : 0.0) + rit_log1p(rit_exp(-fabs(z)));
}

static double rows_f32(const struct rit_cost_use *use, int pair, int rows, const float *y, float *delta,
                       int stride)
{
    struct rit_rows asked = rit_rows_from(use->asked, pair);
    RIT_CHECK(stride == rit_ld(asked.port.width));
    return rit_kernels()->nll(rows, asked.port.width, asked.bits, y, delta);
}

const struct rit_cost rit_cost_nll = {
    .member = {.name = "nll", .meaning = "negative log-likelihood of bits, sum_i ln(1 + exp(-2 s_i H_i))"},
    .asks = RIT_ASKS_BITS,
    .unit = unit,
    .rows_f32 = rows_f32,
};
