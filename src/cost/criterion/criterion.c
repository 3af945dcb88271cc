/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs as models meet them: rows of outputs, unit by unit in their order unless a cost knows better. */
#include <ritardando/cost.h>

extern const struct rit_cost rit_cost_nll, rit_cost_square;

static const double ln2 = 0x1.62e42fefa39efp-1;

enum rit_status rit_cost_open(const struct rit_point *point, const struct rit_block *block,
                              struct rit_cost_use *use, struct rit_error *err)
{
    const struct rit_cost *cost = (const struct rit_cost *)rit_member_chosen(rit_costs, point, "cost.name");
    *use = (struct rit_cost_use){.cost = cost, .asked = block->asked};
    bool bits = block->asked.port.kind == RIT_ROW_BITS;
    if (!(cost->asks & (bits ? RIT_ASKS_BITS : RIT_ASKS_REALS)))
        return rit_fail(err, RIT_BAD_INPUT, "cost.name: %s cannot be asked of targets that are %s",
                        cost->member.name, bits ? "on or off" : "numbers");
    if (cost->use)
        cost->use(point, use);
    return RIT_OK;
}

struct rit_measure rit_measure_of(const struct rit_block *block)
{
    bool bits = block->asked.port.kind == RIT_ROW_BITS;
    double units = (double)block->pairs * block->asked.port.width;
    return (struct rit_measure){
        .use = {.cost = bits ? &rit_cost_nll : &rit_cost_square, .asked = block->asked},
        .scale = 1.0 / (units * (bits ? ln2 : 0.5)),
        .name = bits ? "negative log-likelihood" : "mean square error",
        .unit = bits ? "bit" : "1"};
}

static double rows_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    const struct rit_cost_use *use = self;
    double sum = 0.0, minus_slope;
    if (use->cost->rows_f32)
        return use->cost->rows_f32(use, pair, rows, y, delta, stride);
    for (int r = 0; r < rows; r++) {
        for (int i = 0; i < use->asked.port.width; i++) {
            size_t at = (size_t)r * (size_t)stride + (size_t)i;
            double s = rit_rows_target(&use->asked, pair + r, i);
            sum += use->cost->unit(use, s, (double)y[at], &minus_slope);
            if (delta)
                delta[at] = (float)minus_slope;
        }
    }
    return sum;
}

static double rows_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct rit_cost_use *use = self;
    double sum = 0.0, minus_slope;
    for (int r = 0; r < rows; r++) {
        for (int i = 0; i < use->asked.port.width; i++) {
            size_t at = (size_t)r * (size_t)stride + (size_t)i;
            double s = rit_rows_target(&use->asked, pair + r, i);
            sum += use->cost->unit(use, s, y[at], &minus_slope);
            if (delta)
                delta[at] = minus_slope;
        }
    }
    return sum;
}

struct rit_criterion rit_cost_criterion(const struct rit_cost_use *use)
{
    return (struct rit_criterion){use, rows_f32, rows_f64};
}
