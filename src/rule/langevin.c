/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Langevin dynamics at temperature T by Leimkuhler and Matthews' averaging of two successive noises,
 *
 *     w <- w - eta (g + lambda w) + sqrt(2 eta T) (xi_n + xi_(n+1))/2,  xi ~ N(0,1),
 *
 * whose stationary state exp(-(E + lambda |w|^2/2)/T) is right to the order eta^2, and exact for every
 * quadratic E and stable eta, where a single noise gives it to the order eta. E being the mean over T_pairs
 * pairs, T = 1/T_pairs is the posterior of the summed cost with the prior N(0, T/lambda). Source: Leimkuhler
 * and Matthews, Appl. Math. Res. Express (2013) 34.
 */
#include <ritardando/rule.h>

#include "slope/slope.h"

#include "base/random.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "rule.temperature",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 0.0,
     .high = 1e6,
     .unit = "nat",
     .meaning = "temperature T of Langevin dynamics, in the cost per pair: 1/pairs is the posterior, and "
                "weight-decay/T the precision of its prior"},
};

enum { TEMPERATURE, DECAY };

static enum rit_status check(const struct rit_point *point, const struct rit_layout *layout,
                             struct rit_error *err)
{
    (void)point;
    for (int b = 0; b < layout->blocks; b++)
        if (layout->block[b].orthogonal)
            return rit_fail(err, RIT_BAD_INPUT,
                            "rule.name: langevin is for free weights, and %s is kept orthogonal; set "
                            "model.orthogonal: none",
                            layout->block[b].name);
    return RIT_OK;
}

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[TEMPERATURE] = rit_point_real(point, "rule.temperature");
    use->constant[DECAY] = rit_point_real(point, "rule.weight-decay");
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    double half = 0.5 * sqrt(2.0 * stride->eta * use->constant[TEMPERATURE]);
    rit_decay(stride->layout, stride->eta, use->constant[DECAY], stride->w);
    for (int b = 0; b < stride->layout->blocks; b++) {
        const struct rit_weights *block = &stride->layout->block[b];
        struct rit_random now = rit_random_open(stride->seed, RIT_FOR_RULE, stride->step, (uint64_t)b);
        struct rit_random next = rit_random_open(stride->seed, RIT_FOR_RULE, stride->step + 1, (uint64_t)b);
        double *w = stride->w + block->offset;
        const double *g = stride->g + block->offset;
        for (size_t i = 0; i < (size_t)block->rows * (size_t)block->cols; i++) {
            double noise = rit_random_gauss(&now) + rit_random_gauss(&next);
            w[i] += half * noise - stride->eta * g[i];
        }
    }
}

/* Over many steps the averaged noises spread a weight as far as independent ones of variance 2 eta T. */
static double noise(const struct rit_rule_use *use, double eta)
{
    return 2.0 * use->constant[TEMPERATURE] / eta;
}

const struct rit_rule rit_rule_langevin = {
    .member = {.name = "langevin",
               .meaning = "descent with thermal noise, which samples weights with exp(-E/T)",
               RIT_PARAMS(params),
               .shared = rit_decay_params,
               .n_shared = 1},
    .check = check,
    .use = use,
    .update = update,
    .edge = rit_descent_edge,
    .noise = noise,
};
