/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/cost.h>
#include <ritardando/status.h>

#include <string.h>

struct rit_cost_use rit_cost_of(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_cost_use use = {
        .cost = (const struct rit_cost *)rit_member_chosen(rit_costs, point, "cost.name"), .block = block};
    if (use.cost->use)
        use.cost->use(point, &use);
    return use;
}

struct rit_cost_use rit_cost_measure(const struct rit_block *block)
{
    extern const struct rit_cost rit_cost_nll;
    return (struct rit_cost_use){.cost = &rit_cost_nll, .block = block};
}

static double rows_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    const struct rit_cost_use *use = self;
    return use->cost->rows_f32(use, rows, use->block->target + pair, y, delta, stride);
}

static double rows_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct rit_cost_use *use = self;
    return use->cost->rows_f64(use, rows, use->block->target + pair, y, delta, stride);
}

struct rit_criterion rit_cost_criterion(const struct rit_cost_use *use)
{
    return (struct rit_criterion){use, rows_f32, rows_f64};
}
