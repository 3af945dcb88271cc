/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Langevin dynamics at a temperature T: w <- w - eta g + sqrt(2 T eta) (xi_n + xi_{n+1})/2, whose noise,
 * shared by neighbouring steps, samples exp(-E/T) to second order in eta; E is the cost per pair. Source:
 * Leimkuhler and Matthews, Appl. Math. Res. Express 2013, 34.
 */
#include <ritardando/rule.h>

#include "base/random.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "rule.temperature",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 0.0,
     .high = 1e6,
     .unit = "nat",
     .meaning = "temperature T of Langevin dynamics, in units of the cost per pair"},
};

static void update(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *state)
{
    (void)state;
    double width = 0.5 * sqrt(2.0 * rit_point_real(point, "rule.temperature") * eta);
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        struct rit_random now = rit_random_open(seed, RIT_FOR_RULE, step, (uint64_t)b),
                          next = rit_random_open(seed, RIT_FOR_RULE, step + 1, (uint64_t)b);
        size_t end = block->offset + (size_t)block->rows * (size_t)block->cols;
        for (size_t i = block->offset; i < end; i++)
            w[i] += width * (rit_random_gauss(&now) + rit_random_gauss(&next)) - eta * g[i];
    }
}

/* Over times beyond a step, that of independent noise. */
static double noise(const struct rit_point *point, double eta)
{
    return 2.0 * rit_point_real(point, "rule.temperature") / eta;
}

const struct rit_rule rit_rule_langevin = {
    .member = {.name = "langevin",
               .meaning = "Langevin dynamics at a temperature (Leimkuhler and Matthews)",
               RIT_PARAMS(params)},
    .update = update,
    .noise = noise,
};
