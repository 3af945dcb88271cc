/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every model with every cost: gradients equal finite differences, and full, chorale and time-point batches
 * fit together. */
#include <ritardando/cost.h>
#include <ritardando/model.h>
#include <ritardando/source.h>

#include "base/random.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* A block of three composed chorales, and a net of the given model and cost on it. */
struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_arena arena;
    double *w, *g, *other;
};

static void open_fixture(struct fixture *f, const char *model, const char *cost, const char *depth)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", model);
    rit_point_set(&f->point, "cost.name", cost);
    rit_point_set(&f->point, "model.depth", depth);
    rit_point_set(&f->point, "model.width", "5");
    rit_point_set(&f->point, "model.precision", "float64");
    rit_point_set(&f->point, "data.chorales", "3");
    assert_int_equal(rit_block_load(&f->point, &f->block, &err), RIT_OK);
    f->model = rit_model_of(&f->point);
    f->cost = rit_cost_of(&f->point, &f->block);
    f->criterion = rit_cost_criterion(&f->cost);
    assert_int_equal(f->model->layout(&f->point, &f->layout, &err), RIT_OK);
    f->net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->g = calloc(f->layout.size, sizeof *f->g);
    f->other = calloc(f->layout.size, sizeof *f->other);
    f->model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++) /* away from the zeros of K and W */
        f->w[i] += 0.1 * rit_random_gauss(&random);
}

static void close_fixture(struct fixture *f)
{
    free(f->w);
    free(f->g);
    free(f->other);
    free(f->arena.base);
    rit_block_release(&f->block);
}

static double full_loss(struct fixture *f)
{
    struct rit_batch batch = {.kind = RIT_FULL};
    struct rit_sweep sweep;
    f->model->load(f->net, f->w);
    f->model->pass(f->net, &batch, RIT_WANT_NOTHING, &f->criterion, f->other, &sweep);
    return sweep.loss;
}

/* In every block, the derivative along one random direction and at a few single weights. */
static void check_differences(struct fixture *f)
{
    struct rit_batch batch = {.kind = RIT_FULL};
    struct rit_sweep sweep;
    f->model->load(f->net, f->w);
    f->model->pass(f->net, &batch, RIT_WANT_NOTHING, &f->criterion, f->g, &sweep);
    struct rit_random random = rit_random_open(2, RIT_FOR_TEST, 0, 0);
    for (int b = 0; b < f->layout.blocks; b++) {
        const struct rit_weights *block = &f->layout.block[b];
        size_t n = (size_t)block->rows * (size_t)block->cols;
        for (int trial = 0; trial < 3; trial++) {
            size_t i = block->offset + rit_random_below(&random, n);
            double keep = f->w[i], h = 1e-5;
            f->w[i] = keep + h;
            double above = full_loss(f);
            f->w[i] = keep - h;
            double below = full_loss(f);
            f->w[i] = keep;
            rit_assert_near(f->g[i], (above - below) / (2 * h), 2e-7);
        }
    }
}

/* The mean of the gradients of all batches of one is the full gradient, for both kinds of example. */
static void check_batches(struct fixture *f, enum rit_batch_kind kind, int examples)
{
    struct rit_batch batch = {.kind = RIT_FULL};
    struct rit_sweep sweep;
    double *mean = calloc(f->layout.size, sizeof *mean);
    f->model->load(f->net, f->w);
    f->model->pass(f->net, &batch, RIT_WANT_NOTHING, &f->criterion, f->g, &sweep);
    for (int i = 0; i < examples; i++) {
        batch = (struct rit_batch){kind, 1, &i};
        f->model->pass(f->net, &batch, RIT_WANT_NOTHING, &f->criterion, f->other, &sweep);
        for (size_t k = 0; k < f->layout.size; k++)
            mean[k] += f->other[k] / examples;
    }
    for (size_t k = 0; k < f->layout.size; k++)
        rit_assert_near(mean[k], f->g[k], 1e-13);
    free(mean);
}

static void gradients(void **state)
{
    (void)state;
    for (int m = 0; rit_models[m]; m++) {
        for (int c = 0; rit_costs[c]; c++) {
            for (int depth = 1; depth <= 3; depth += 2) {
                struct fixture f = {0};
                open_fixture(&f, rit_models[m]->name, rit_costs[c]->name, depth == 1 ? "1" : "3");
                check_differences(&f);
                if (depth == 1) {
                    check_batches(&f, RIT_CHORALES, f.block.chorales);
                    check_batches(&f, RIT_TIME_POINTS, f.block.pairs);
                }
                close_fixture(&f);
            }
        }
    }
}

/* The NLL is an observation, whatever the cost; for the cost `nll` it is the loss. */
static void nll_is_the_loss_of_nll(void **state)
{
    (void)state;
    struct fixture f = {0};
    open_fixture(&f, "layered-tanh", "nll", "2");
    double loss = full_loss(&f);
    f.model->load(f.net, f.w);
    rit_assert_near(rit_test_nll(f.model, f.net, &f.block) / f.block.pairs, loss, 1e-12 * loss);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients),
        cmocka_unit_test(nll_is_the_loss_of_nll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
