/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradient descent with weight decay: w <- w - eta (g + lambda w), for all weights but output biases. */
#include <ritardando/rule.h>

static const struct rit_param params[] = {
    {.key = "rule.decay",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 0,
     .high = 1e3,
     .unit = "nat/w^2",
     .meaning = "weight decay lambda"},
};

static void update(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *state)
{
    (void)seed, (void)step, (void)state;
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        double decay = block->in_all ? rit_point_real(point, "rule.decay") : 0.0;
        size_t end = block->offset + (size_t)block->rows * (size_t)block->cols;
        for (size_t i = block->offset; i < end; i++)
            w[i] -= eta * (g[i] + decay * w[i]);
    }
}

const struct rit_rule rit_rule_weight_decay = {
    .member = {.name = "weight-decay",
               .meaning = "gradient descent with weight decay, w <- w - eta (g + lambda w)",
               RIT_PARAMS(params)},
    .update = update,
};
