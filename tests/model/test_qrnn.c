/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quantum recurrent network at fixed angles, against an independent implementation. */
#include <ritardando/model.h>
#include <ritardando/task.h>

#include "blocks.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static void set_weights(const struct rit_layout *layout, const struct rit_block *block, double *w)
{
    const struct rit_weights *a = &layout->block[0], *k = &layout->block[1],
                             *h = &layout->block[layout->blocks - 1];
    memset(w, 0, layout->size * sizeof *w);
    for (int i = 0; i < a->cols; i++)
        w[i] = sin(1.0 + i);
    for (int i = 0; i < k->rows; i++)
        for (int s = 1; s <= k->cols; s++)
            w[k->offset + (size_t)(i * k->cols + s - 1)] = 0.1 * sin(i * k->cols + s);
    for (int i = 0; i < h->rows; i++)
        w[h->offset + (size_t)i] = atanh(block->target_mean);
}

static double norm(const struct rit_weights *block, const double *g)
{
    double sum = 0.0;
    for (int i = 0; i < block->rows * block->cols; i++)
        sum += g[block->offset + (size_t)i] * g[block->offset + (size_t)i];
    return sqrt(sum);
}

struct fixed {
    const char *data, *history, *staggered;
    int angles;
    double nll, ga, gk, first;
};

static void check(struct rit_point *point, const struct rit_block *block, const struct fixed *fixed)
{
    rit_point_set(point, "model.width", fixed->data);
    rit_point_set(point, "model.history", fixed->history);
    rit_point_set(point, "model.staggered", fixed->staggered);
    const struct rit_model *model = rit_model_of(point);
    struct rit_layout layout;
    struct rit_error err;
    struct rit_arena arena;
    assert_int_equal(model->layout(point, block->in.port, block->asked.port, &layout, &err), RIT_OK);
    assert_int_equal(layout.block[0].cols, fixed->angles);
    struct rit_net *net = rit_test_open_net(point, &layout, block, &arena);
    double *w = calloc(layout.size, sizeof *w), *g = calloc(layout.size, sizeof *g);
    struct rit_cost_use cost;
    struct rit_pass pass;
    set_weights(&layout, block, w);
    assert_int_equal(rit_cost_open(point, block, &cost, &err), RIT_OK);
    struct rit_criterion criterion = rit_cost_criterion(&cost);
    model->load(net, w);
    model->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, g, &pass);
    double unit = block->asked.port.width * log(2.0);
    rit_assert_near(rit_test_nll(model, net, block) / block->pairs / unit, fixed->nll, 2e-10);
    rit_assert_near(norm(&layout.block[0], g), fixed->ga, 2e-10);
    rit_assert_near(norm(&layout.block[1], g), fixed->gk, 2e-10);
    rit_assert_near(g[0], fixed->first, 2e-10);
    free(w);
    free(g);
    free(arena.base);
}

static void fixed_numbers(void **state)
{
    (void)state;
    static const struct fixed all[] = {
        {"4", "0", "false", 44, .3755204236, .1055314311, .3917404287, -.0170070582},
        {"4", "1", "false", 55, .3750486935, .0860453684, .4139120079, -.0060041899},
        {"4", "2", "false", 66, .3754160060, .1212504639, .4928373495, -.0174868268},
        {"4", "3", "false", 77, .3758212807, .1068807204, .3705940775, -.0320109159},
        {"6", "1", "false", 77, .3733938724, .2707191198, .6003560267, .0322467267},
        /* density matrices of wires whose roles move on, one by one, angles by differences */
        {"4", "1", "true", 55, .3747716822, .0626414397, .2878652823, -.0098799855},
    };
    if (!getenv("RITARDANDO_DATA")) {
        print_message("RITARDANDO_DATA is not set: no chorales to check the numbers on\n");
        skip();
    }
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "chorales");
    rit_point_set(&point, "data.first", "100");
    rit_point_set(&point, "data.chorales", "5");
    rit_point_set(&point, "model.name", "qrnn");
    rit_point_set(&point, "model.depth", "2");
    assert_int_equal(rit_block_load(&point, &block, &err), RIT_OK);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check(&point, &block, &all[i]);
    rit_block_release(&block);
}

/* How far the outputs of later pairs move when the first row of the block does. */
static double memory_of(const char *closing, const char *depth, const char *history, const char *staggered)
{
    struct rit_port port = {RIT_ROW_REALS, 3};
    struct rit_block block = rit_test_block(port, port);
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "qrnn");
    rit_point_set(&point, "model.width", "3");
    rit_point_set(&point, "model.depth", depth);
    rit_point_set(&point, "model.closing", closing);
    rit_point_set(&point, "model.history", history);
    rit_point_set(&point, "model.staggered", staggered);
    rit_point_set(&point, "model.direct", "false");
    const struct rit_model *model = rit_model_of(&point);
    assert_int_equal(model->layout(&point, port, port, &layout, &err), RIT_OK);
    double *w = calloc(layout.size, sizeof *w), moved = 0.0;
    float y[2][RIT_TEST_PAIRS * 3];
    set_weights(&layout, &block, w);
    for (int i = 0; i < 2; i++) {
        ((float *)(uintptr_t)block.in.real)[0] += 0.5f * (float)i;
        struct rit_net *net = rit_test_open_net(&point, &layout, &block, &arena);
        model->load(net, w);
        rit_test_outputs(model, net, &block, y[i]);
        free(arena.base);
    }
    for (int i = 3; i < block.start[1] * 3; i++)
        moved = fmax(moved, fabs((double)(y[1][i] - y[0][i])));
    free(w);
    rit_test_free_block(&block);
    return moved;
}

/* The couplings commute with what is read: one layer that nothing closes has no memory at all. */
static void memory_wants_a_closing_layer(void **state)
{
    (void)state;
    assert_true(memory_of("false", "1", "1", "false") < 1e-7); /* outputs are written down as floats */
    assert_true(memory_of("true", "1", "1", "false") > 1e-4);
    assert_true(memory_of("false", "2", "1", "false") > 1e-4);
}

/* What was history is turned and read next, whether a layer closes or not; without history nothing moves on.
 */
static void staggered_registers_remember(void **state)
{
    (void)state;
    assert_true(memory_of("false", "1", "1", "true") > 1e-4);
    assert_true(memory_of("true", "2", "2", "true") > 1e-4);
    assert_true(memory_of("true", "2", "0", "true") < 1e-7);
}

/* Outputs of a network of two data qubits whose K is one and nothing else: its correlators, at pair t. */
struct shown {
    int features, pair;
    double z[8];
};

static double show(const void *handle, int pair, int rows, const double *y, double *delta, int stride)
{
    struct shown *shown = (struct shown *)(uintptr_t)handle;
    (void)delta;
    if (pair <= shown->pair && shown->pair < pair + rows)
        memcpy(shown->z, y + (shown->pair - pair) * stride, (size_t)shown->features * sizeof *shown->z);
    return 0.0;
}

/*
 * Shots: means are the exact correlators, and covariances those of counts, (z_(S xor S') - z_S z_S') / N,
 * over 4000 steps; without a draw all is exact, and the same draw is the same noise.
 */
static void shots_are_counts(void **state)
{
    (void)state;
    enum { STEPS = 4000, SHOTS = 50, F = 3 };
    struct rit_port in = {RIT_ROW_REALS, 2}, asked = {RIT_ROW_REALS, F};
    struct rit_block block = rit_test_block(in, asked);
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "qrnn");
    rit_point_set(&point, "model.width", "2");
    rit_point_set(&point, "model.depth", "2");
    rit_point_set(&point, "model.direct", "false");
    rit_point_set(&point, "model.shots", "50");
    const struct rit_model *model = rit_model_of(&point);
    assert_int_equal(model->layout(&point, in, asked, &layout, &err), RIT_OK);
    double *w = calloc(layout.size, sizeof *w), mean[F] = {0}, square[F][F] = {{0}};
    for (int i = 0; i < layout.block[0].cols; i++)
        w[i] = sin(1.0 + i);
    for (int i = 0; i < F; i++)
        w[layout.block[1].offset + (size_t)(i * F + i)] = 1.0;
    struct rit_net *net = rit_test_open_net(&point, &layout, &block, &arena);
    struct shown exact = {.features = F, .pair = 5}, shown = exact, again = exact;
    struct rit_criterion look = {&exact, NULL, show};
    struct rit_pass pass;
    model->load(net, w);
    model->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &look, NULL, &pass);
    for (int step = 1; step <= STEPS; step++) {
        look.self = &shown;
        model->pass(net, &(struct rit_batch){.kind = RIT_FULL, .draw = (uint64_t)step}, RIT_WANT_NOTHING,
                    &look, NULL, &pass);
        for (int i = 0; i < F; i++) {
            mean[i] += (shown.z[i] - exact.z[i]) / STEPS;
            for (int j = 0; j < F; j++)
                square[i][j] += (shown.z[i] - exact.z[i]) * (shown.z[j] - exact.z[j]) / STEPS;
        }
    }
    look.self = &again;
    model->pass(net, &(struct rit_batch){.kind = RIT_FULL, .draw = STEPS}, RIT_WANT_NOTHING, &look, NULL,
                &pass);
    assert_memory_equal(again.z, shown.z, F * sizeof(double));
    for (int i = 0; i < F; i++) {
        rit_assert_near(mean[i], 0.0, 4.0 / sqrt((double)SHOTS * STEPS));
        for (int j = 0; j < F; j++) {
            int both = (i + 1) ^ (j + 1);
            double wanted = ((both ? exact.z[both - 1] : 1.0) - exact.z[i] * exact.z[j]) / SHOTS;
            rit_assert_near(square[i][j], wanted, 8.0 / SHOTS / sqrt(STEPS));
        }
    }
    free(w);
    free(arena.base);
    rit_test_free_block(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shots_are_counts), cmocka_unit_test(fixed_numbers),
                                       cmocka_unit_test(memory_wants_a_closing_layer),
                                       cmocka_unit_test(staggered_registers_remember)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
