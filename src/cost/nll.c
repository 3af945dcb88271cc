/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Negative log-likelihood of the next chord: E = sum_i ln(1 + exp(-2 s_i h_i)), -dE/dh_i = s_i - tanh h_i. */
#include <ritardando/cost.h>

#include "base/exact.h"
#include "kernel/kernels.h"

#include <math.h>

enum { SLOTS = 54 };

static double value(double s, double h, double *minus_slope)
{
    double z = 2.0 * s * h;
    if (minus_slope)
        *minus_slope = s - rit_tanh(h);
    return (z < 0.0 ? -z : 0.0) + rit_log1p(rit_exp(-fabs(z)));
}

static double sign_of(uint64_t target, int i)
{
    return target >> i & 1 ? 1.0 : -1.0;
}

static double rows_f64(const struct rit_cost_use *use, int rows, const uint64_t *target, const double *h,
                       double *delta, int stride)
{
    (void)use;
    double sum = 0.0;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < SLOTS; i++)
            sum += value(sign_of(target[r], i), h[r * (size_t)stride + i],
                         delta ? &delta[r * (size_t)stride + i] : NULL);
    return sum;
}

static double rows_f32(const struct rit_cost_use *use, int rows, const uint64_t *target, const float *h,
                       float *delta, int stride)
{
    (void)use;
    RIT_CHECK(stride == RIT_SLOTS_LD);
    return rit_kernels()->nll(rows, target, h, delta);
}

const struct rit_cost rit_cost_nll = {
    .member = {.name = "nll",
               .meaning = "negative log-likelihood of the next chord, sum_i ln(1 + exp(-2 s_i H_i))"},
    .rows_f32 = rows_f32,
    .rows_f64 = rows_f64,
};
