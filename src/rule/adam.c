/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adam, with the correction of its start. Source: Kingma and Ba, arXiv:1412.6980.
 *
 *     m <- b1 m + (1 - b1) g,  v <- b2 v + (1 - b2) g^2,
 *     w <- w - eta m/(1 - b1^n) / (sqrt(v/(1 - b2^n)) + epsilon)  in step n
 *
 * element by element. A direction scaled so would leave the tangent space of a matrix kept orthogonal: there
 * v is one number, the mean of g^2 over the matrix, and m is carried along by projection. Source: Becigneul
 * and Ganea, arXiv:1810.00760.
 */
#include <ritardando/rule.h>

#include "slope/slope.h"

#include "base/exact.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "rule.beta1",
     .kind = RIT_REAL,
     .fallback = "0.9",
     .low = 0.0,
     .high = 0.999999999,
     .unit = "1",
     .meaning = "share of the mean gradient that is kept from step to step"},
    {.key = "rule.beta2",
     .kind = RIT_REAL,
     .fallback = "0.999",
     .low = 0.0,
     .high = 0.999999999,
     .unit = "1",
     .meaning = "share of the mean square gradient that is kept from step to step"},
    {.key = "rule.epsilon",
     .kind = RIT_REAL,
     .fallback = "1e-8",
     .low = 1e-100,
     .high = 1e6,
     .unit = "nat/w",
     .meaning = "gradients much smaller than this are not scaled up to a whole step"},
};

enum { BETA1, BETA2, EPSILON, DECAY };

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[BETA1] = rit_point_real(point, "rule.beta1");
    use->constant[BETA2] = rit_point_real(point, "rule.beta2");
    use->constant[EPSILON] = rit_point_real(point, "rule.epsilon");
    use->constant[DECAY] = rit_point_real(point, "rule.weight-decay");
}

static size_t state(const struct rit_layout *layout)
{
    return 2 * layout->size; /* m, v */
}

static size_t work(const struct rit_layout *layout)
{
    return layout->size + rit_slope_work(layout);
}

/* 1 - beta^n: what the weights of the n gradients so far add up to. */
static double weight_of(double beta, uint64_t n)
{
    return -rit_expm1((double)n * rit_log(beta));
}

/* b2 v + (1 - b2) g^2; of a matrix kept orthogonal the mean, in all elements. */
static void see_squares(const struct rit_weights *block, double keep, const double *g, double *v)
{
    size_t n = (size_t)block->rows * (size_t)block->cols;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += g[i] * g[i];
    for (size_t i = 0; i < n; i++)
        v[i] =
            keep * v[i] + (block->orthogonal ? (1.0 - keep) * sum / (double)n : (1.0 - keep) * g[i] * g[i]);
}

static void update(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    const struct rit_layout *layout = stride->layout;
    const double *c = use->constant;
    double *m = stride->state, *v = stride->state + layout->size;
    double *slope = stride->work, *rest = stride->work + layout->size;
    double rate = stride->eta / weight_of(c[BETA1], stride->step);
    double whole = weight_of(c[BETA2], stride->step);
    rit_slope(layout, c[DECAY], stride->w, stride->g, slope, rest);
    rit_tangent(layout, stride->w, m, rest);
    for (int b = 0; b < layout->blocks; b++) {
        size_t offset = layout->block[b].offset;
        see_squares(&layout->block[b], c[BETA2], slope + offset, v + offset);
    }
    for (size_t i = 0; i < layout->size; i++) {
        m[i] = c[BETA1] * m[i] + (1.0 - c[BETA1]) * slope[i];
        stride->w[i] -= rate * m[i] / (sqrt(v[i] / whole) + c[EPSILON]);
    }
}

const struct rit_rule rit_rule_adam = {
    .member = {.name = "adam",
               .meaning = "Adam: steps of about eta along the mean gradient, each weight in its own scale",
               RIT_PARAMS(params),
               .shared = rit_decay_params,
               .n_shared = 1},
    .use = use,
    .state = state,
    .work = work,
    .update = update,
};
