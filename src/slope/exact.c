/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/exact.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

/* The cost's criterion, row by row: a pair that does not count has no cost and no delta. */
static double chosen_rows(const void *handle, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct rit_exact *exact = handle;
    struct rit_criterion cost = rit_cost_criterion(&exact->cost);
    if (!exact->in)
        return cost.rows_f64(cost.self, pair, rows, y, delta, stride);
    double weight = (double)exact->pairs / exact->chosen, sum = 0.0;
    for (int r = 0; r < rows; r++) {
        size_t at = (size_t)r * (size_t)stride;
        bool counts = exact->in[pair + r];
        if (counts)
            sum += weight * cost.rows_f64(cost.self, pair + r, 1, y + at, delta ? delta + at : NULL, stride);
        for (int i = 0; delta && i < exact->width; i++)
            delta[at + (size_t)i] = counts ? weight * delta[at + (size_t)i] : 0.0;
    }
    return sum;
}

/* Never asked for: the net is in float64. */
static double no_rows(const void *handle, int pair, int rows, const float *y, float *delta, int stride)
{
    (void)handle, (void)pair, (void)rows, (void)y, (void)delta, (void)stride;
    RIT_CHECK(!"float64");
    return 0.0;
}

static double pass(void *handle, const double *w, double *g)
{
    struct rit_exact *exact = handle;
    const struct rit_criterion criterion = {exact, no_rows, chosen_rows};
    struct rit_pass found;
    exact->model->load(exact->net, w);
    exact->model->pass(exact->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, g,
                       &found);
    return found.loss;
}

struct rit_exact *rit_exact_open(const struct rit_point *point, const struct rit_model *model,
                                 const struct rit_layout *layout, const struct rit_block *block,
                                 struct rit_arena *work)
{
    struct rit_exact *exact = RIT_TAKE(work, 1, struct rit_exact), *measuring = NULL;
    if (!exact) {
        exact = measuring = calloc(1, sizeof *measuring);
        RIT_CHECK(measuring);
    }
    exact->point = *point;
    int precision = rit_param_find(point->registry, "model.precision");
    if (precision >= 0 && rit_param_applies(point, precision))
        rit_point_set(&exact->point, "model.precision", "float64");
    exact->model = model;
    exact->net = model->open(&exact->point, layout, block, work);
    if (measuring) {
        free(measuring);
        return NULL;
    }
    rit_cost_open(&exact->point, block, &exact->cost, NULL);
    exact->pairs = block->pairs;
    exact->width = block->asked.port.width;
    exact->terrain = (struct rit_terrain){exact, pass};
    return exact;
}

void rit_exact_choose(struct rit_exact *exact, const unsigned char *in, int chosen)
{
    exact->in = in;
    exact->chosen = chosen;
}
