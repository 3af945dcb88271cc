/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stochastic gradient descent: w <- w - eta g. */
#include <ritardando/rule.h>

static void update(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *state)
{
    (void)point, (void)seed, (void)step, (void)state;
    for (size_t i = 0; i < layout->size; i++)
        w[i] -= eta * g[i];
}

const struct rit_rule rit_rule_sgd = {
    .member = {.name = "sgd", .meaning = "plain gradient descent on the batch, w <- w - eta g"},
    .update = update,
};
