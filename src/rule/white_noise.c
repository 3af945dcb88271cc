/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * White noise alone: w <- w + sqrt(2 D_0 eta) xi, xi ~ N(0,1) for every weight and step. The weights
 * diffuse freely, D = 2 D_0 t, and know nothing of the data: the null model of aging.
 *
 * As an addition to the gradient in w <- w - eta g the noise has the variance Gamma = 2 D_0 / eta. It is
 * this Gamma that makes Delta = D/Gamma = eta t, as for the free diffusion by gradient noise.
 */
#include <ritardando/rule.h>

#include "base/random.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "rule.diffusion",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 0.0,
     .high = 1e6,
     .unit = "w^2/tau",
     .meaning = "diffusion constant D_0 of white noise: every weight spreads as 2 D_0 t"},
};

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[0] = rit_point_real(point, "rule.diffusion");
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    double width = sqrt(2.0 * use->constant[0] * stride->eta);
    for (int i = 0; i < stride->layout->blocks; i++) {
        const struct rit_weights *block = &stride->layout->block[i];
        struct rit_random random = rit_random_open(stride->seed, RIT_FOR_RULE, stride->step, (uint64_t)i);
        double *at = stride->w + block->offset;
        for (size_t k = 0; k < (size_t)block->rows * (size_t)block->cols; k++)
            at[k] += width * rit_random_gauss(&random);
    }
}

static double noise(const struct rit_rule_use *use, double eta)
{
    return 2.0 * use->constant[0] / eta;
}

const struct rit_rule rit_rule_white_noise = {
    .member = {.name = "white-noise",
               .meaning =
                   "no learning: white noise of known strength on every weight, the null model of aging",
               RIT_PARAMS(params)},
    .use = use,
    .update = update,
    .noise = noise,
    .blind = true,
};
