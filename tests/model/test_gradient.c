/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every model with every cost and every kind of row: gradients equal finite differences, and full, sequence
 * and time-point batches fit together. */
#include "model/netting.h"

#include <string.h>

/* A net on random rows; false if the cost or the model is not for these ports or this depth. */
static bool open_small(struct fixture *f, const char *model, const char *cost, const char *depth,
                       struct rit_port in, struct rit_port asked)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", model);
    rit_point_set(&f->point, "cost.name", cost);
    rit_point_set(&f->point, "model.depth", depth);
    rit_point_set(&f->point, "model.width", "6");
    rit_point_set(&f->point, "model.precision", "float64");
    f->block = rit_test_block(in, asked);
    if (open_net(f, &err))
        return true;
    assert_true(strlen(err.text) > 0);
    rit_test_free_block(&f->block);
    return false;
}

static double full_loss(struct fixture *f)
{
    f->model->load(f->net, f->w);
    pass(f, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING);
    return f->found.loss;
}

/* In every block, the derivative along one random direction and at a few single weights. */
static void check_differences(struct fixture *f)
{
    double *g = calloc(f->layout.size, sizeof *g);
    full_loss(f);
    memcpy(g, f->g, sizeof *g * f->layout.size);
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
            rit_assert_near(g[i], (above - below) / (2 * h), 2e-7);
        }
    }
    free(g);
}

/* The mean of the gradients of all batches of one is the full gradient, for both kinds of example. */
static void check_batches(struct fixture *f, enum rit_batch_kind kind, int examples)
{
    double *mean = calloc(f->layout.size, sizeof *mean);
    f->model->load(f->net, f->w);
    for (int i = 0; i < examples; i++) {
        pass(f, &(struct rit_batch){.kind = kind, .n = 1, .index = &i}, RIT_WANT_NOTHING);
        for (size_t k = 0; k < f->layout.size; k++)
            mean[k] += f->g[k] / examples;
    }
    full_loss(f);
    for (size_t k = 0; k < f->layout.size; k++)
        rit_assert_near(mean[k], f->g[k], 1e-13);
    free(mean);
}

static bool check_one(const char *model, const char *cost, const char *depth, struct rit_port in,
                      struct rit_port asked)
{
    struct fixture f = {0};
    if (!open_small(&f, model, cost, depth, in, asked))
        return false;
    check_differences(&f);
    check_batches(&f, RIT_SEQUENCES, f.block.sequences);
    check_batches(&f, RIT_TIME_POINTS, f.block.pairs);
    close_net(&f);
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

/* Registers that move on: the states that go in then depend on the history. */
static void gradients_of_staggered_registers(void **state)
{
    (void)state;
    static const struct rit_port ports[] = {{RIT_ROW_BITS, 6}, {RIT_ROW_REALS, 3}};
    static const char *const history[] = {"1", "2", "3"};
    for (int i = 0; i < 6; i++) {
        struct fixture f = {0};
        struct rit_error err;
        rit_point_init(&f.point, rit_registry());
        rit_point_set(&f.point, "model.name", "qrnn");
        rit_point_set(&f.point, "model.depth", "2");
        rit_point_set(&f.point, "model.width", i & 1 ? "2" : "1");
        rit_point_set(&f.point, "model.history", history[i / 2]);
        rit_point_set(&f.point, "model.staggered", "true");
        rit_point_set(&f.point, "cost.name", "square");
        f.block = rit_test_block(ports[i & 1], ports[1]);
        assert_true(open_net(&f, &err));
        check_differences(&f);
        check_batches(&f, RIT_SEQUENCES, f.block.sequences);
        check_batches(&f, RIT_TIME_POINTS, f.block.pairs);
        close_net(&f);
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
        assert_true(open_small(&f, "layered-tanh", costs[i], "2", ports[0], ports[i]));
        double loss = full_loss(&f);
        f.model->load(f.net, f.w);
        rit_assert_near(rit_test_nll(f.model, f.net, &f.block) / f.block.pairs, loss, 1e-12 * loss);
        close_net(&f);
    }
}

/* The rows of sequence after sequence, the last one first. */
static void turn_round(const struct rit_block *block, struct rit_rows *rows)
{
    int words = rit_port_words(rows->port), to = 0;
    size_t size = (size_t)(block->pairs * words) * sizeof(uint64_t);
    uint64_t *bits = (uint64_t *)(uintptr_t)rows->bits, *before = malloc(size);
    memcpy(before, bits, size);
    for (int c = block->sequences - 1; c >= 0; c--)
        for (int t = block->start[c]; t < block->start[c + 1]; t++, to++)
            memcpy(bits + to * words, before + t * words, (size_t)words * sizeof *bits);
    free(before);
}

/* Sequences in another order are the same block. */
static void order_of_sequences(void **state)
{
    (void)state;
    static const struct rit_port port = {RIT_ROW_BITS, 6};
    for (int m = 0; rit_models[m]; m++) {
        struct fixture f = {0};
        int start[RIT_TEST_SEQUENCES + 1] = {0};
        const char *name = rit_models[m]->name; /* one layer where there may not be three */
        assert_true(open_small(&f, name, "nll", "3", port, port) ||
                    open_small(&f, name, "nll", "1", port, port));
        double loss = full_loss(&f);
        turn_round(&f.block, &f.block.in);
        turn_round(&f.block, &f.block.asked);
        for (int c = 0; c < RIT_TEST_SEQUENCES; c++) {
            int other = RIT_TEST_SEQUENCES - 1 - c;
            start[c + 1] = start[c] + f.block.start[other + 1] - f.block.start[other];
        }
        f.block.start = start;
        free(f.arena.base);
        f.net = rit_test_open_net(&f.point, &f.layout, &f.block, &f.arena);
        struct rit_error err;
        assert_int_equal(rit_cost_open(&f.point, &f.block, &f.cost, &err), RIT_OK);
        rit_assert_near(full_loss(&f), loss, 1e-12);
        close_net(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_sequences),
        cmocka_unit_test(gradients),
        cmocka_unit_test(gradients_of_staggered_registers),
        cmocka_unit_test(the_measure_is_the_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
