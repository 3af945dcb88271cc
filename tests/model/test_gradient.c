/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every model with every cost and every kind of row: gradients equal finite differences, and full, sequence
 * and time-point batches fit together. */
#include <ritardando/cost.h>
#include <ritardando/model.h>

#include "base/random.h"
#include "blocks.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* A net of the given model and cost on a block of random rows. */
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

/* False if the cost or the model is not for these ports or this depth. */
static bool open_fixture(struct fixture *f, const char *model, const char *cost, const char *depth,
                         struct rit_port in, struct rit_port asked)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", model);
    rit_point_set(&f->point, "cost.name", cost);
    rit_point_set(&f->point, "model.depth", depth);
    rit_point_set(&f->point, "model.width", "6");
    rit_point_set(&f->point, "model.precision", "float64");
    f->model = rit_model_of(&f->point);
    f->block = rit_test_block(in, asked);
    if (rit_cost_open(&f->point, &f->block, &f->cost, &err) != RIT_OK ||
        (f->model->check && f->model->check(&f->point, &err) != RIT_OK) ||
        f->model->layout(&f->point, in, asked, &f->layout, &err) != RIT_OK) {
        assert_true(strlen(err.text) > 0);
        rit_test_free_block(&f->block);
        return false;
    }
    f->criterion = rit_cost_criterion(&f->cost);
    f->net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->g = calloc(f->layout.size, sizeof *f->g);
    f->other = calloc(f->layout.size, sizeof *f->other);
    f->model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++) /* away from zeros */
        f->w[i] += 0.1 * rit_random_gauss(&random);
    return true;
}

static void close_fixture(struct fixture *f)
{
    free(f->w);
    free(f->g);
    free(f->other);
    free(f->arena.base);
    rit_test_free_block(&f->block);
}

static double full_loss(struct fixture *f)
{
    struct rit_batch batch = {.kind = RIT_FULL};
    struct rit_pass sweep;
    f->model->load(f->net, f->w);
    f->model->pass(f->net, &batch, RIT_WANT_NOTHING, &f->criterion, f->other, &sweep);
    return sweep.loss;
}

/* In every block, the derivative along one random direction and at a few single weights. */
static void check_differences(struct fixture *f)
{
    struct rit_batch batch = {.kind = RIT_FULL};
    struct rit_pass sweep;
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
    struct rit_pass sweep;
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

static bool check_one(const char *model, const char *cost, const char *depth, struct rit_port in,
                      struct rit_port asked)
{
    struct fixture f = {0};
    if (!open_fixture(&f, model, cost, depth, in, asked))
        return false;
    check_differences(&f);
    check_batches(&f, RIT_SEQUENCES, f.block.sequences);
    check_batches(&f, RIT_TIME_POINTS, f.block.pairs);
    close_fixture(&f);
    return true;
}

static void gradients(void **state)
{
    (void)state;
    static const struct rit_port ports[] = {{RIT_ROW_BITS, 6}, {RIT_ROW_REALS, 3}};
    for (int m = 0; rit_models[m]; m++) {
        for (int c = 0; rit_costs[c]; c++) {
            int checked = 0;
            for (int i = 0; i < 8; i++)
                checked += check_one(rit_models[m]->name, rit_costs[c]->name, i & 4 ? "3" : "1", ports[i & 1],
                                     ports[i >> 1 & 1]);
            assert_true(checked > 0);
        }
    }
}

/* For the cost that is the measure, the measure is the loss. */
static void the_measure_is_the_loss(void **state)
{
    (void)state;
    static const struct rit_port ports[] = {{RIT_ROW_BITS, 6}, {RIT_ROW_REALS, 3}};
    static const char *const costs[] = {"nll", "square"};
    for (int i = 0; i < 2; i++) {
        struct fixture f = {0};
        assert_true(open_fixture(&f, "layered-tanh", costs[i], "2", ports[0], ports[i]));
        double loss = full_loss(&f);
        f.model->load(f.net, f.w);
        rit_assert_near(rit_test_nll(f.model, f.net, &f.block) / f.block.pairs, loss, 1e-12 * loss);
        close_fixture(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients),
        cmocka_unit_test(the_measure_is_the_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
