/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense networks in float32 equal those in float64, for every activation, and give the same bits from every
 * instruction set. */
#include <ritardando/cost.h>
#include <ritardando/model.h>

#include "base/hash.h"
#include "base/random.h"
#include "blocks.h"
#include "kernel/kernels.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct setting {
    const char *activation, *parametrisation, *depth, *width, *biases;
    struct rit_port in, asked;
    bool single; /* every sequence is one pair */
};

struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_arena arena;
    double *w, *g;
    struct rit_pass found;
};

static void open_fixture(struct fixture *f, struct setting s, const char *precision)
{
    struct rit_error err;
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", "dense");
    rit_point_set(&f->point, "model.precision", precision);
    rit_point_set(&f->point, "model.activation", s.activation);
    rit_point_set(&f->point, "model.parametrisation", s.parametrisation);
    rit_point_set(&f->point, "model.depth", s.depth);
    rit_point_set(&f->point, "model.width", s.width);
    rit_point_set(&f->point, "model.biases", s.biases);
    rit_point_set(&f->point, "model.gain", "1.3");
    rit_point_set(&f->point, "cost.name", s.asked.kind == RIT_ROW_BITS ? "nll" : "square");
    f->block = rit_test_block(s.in, s.asked);
    if (s.single) {
        static int start[RIT_TEST_PAIRS + 1];
        for (int t = 0; t <= RIT_TEST_PAIRS; t++)
            start[t] = t;
        f->block.start = start;
        f->block.sequences = RIT_TEST_PAIRS;
        f->block.longest = 1;
    }
    f->model = rit_model_of(&f->point);
    assert_int_equal(rit_cost_open(&f->point, &f->block, &f->cost, NULL), RIT_OK);
    f->criterion = rit_cost_criterion(&f->cost);
    assert_int_equal(f->model->layout(&f->point, s.in, s.asked, &f->layout, &err), RIT_OK);
    f->net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->g = calloc(f->layout.size, sizeof *f->g);
    f->model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++)
        f->w[i] += 0.1 * rit_random_gauss(&random);
    f->model->load(f->net, f->w);
}

static void close_fixture(struct fixture *f)
{
    free(f->w);
    free(f->g);
    free(f->arena.base);
    rit_test_free_block(&f->block);
}

static void pass(struct fixture *f, const struct rit_batch *batch, enum rit_want want)
{
    f->model->pass(f->net, batch, want, &f->criterion, f->g, &f->found);
}

static const int picked[] = {0, 2, 3};
static const struct rit_batch batches[] = {
    {.kind = RIT_FULL}, {RIT_SEQUENCES, 3, picked}, {RIT_TIME_POINTS, 3, picked}};
enum { BATCHES = sizeof batches / sizeof batches[0] };

static void compare_batch(struct fixture *exact, struct fixture *fast, const struct rit_batch *batch)
{
    pass(exact, batch, RIT_WANT_NOISE);
    pass(fast, batch, RIT_WANT_NOTHING);
    struct rit_hash without = rit_hash_of(fast->g, sizeof *fast->g * fast->layout.size), with;
    pass(fast, batch, RIT_WANT_NOISE);
    with = rit_hash_of(fast->g, sizeof *fast->g * fast->layout.size);
    assert_memory_equal(&with, &without, sizeof with);
    rit_assert_near(fast->found.loss, exact->found.loss, 2e-6 * exact->found.loss);
    for (int b = 0; b < exact->layout.blocks; b++) {
        const struct rit_weights *w = &exact->layout.block[b];
        size_t n = (size_t)w->rows * (size_t)w->cols;
        double pair = exact->found.second_pair[b], sequence = exact->found.second_sequence[b];
        double largest = sqrt(pair / (double)n);
        for (size_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(exact->g[w->offset + i]));
        for (size_t i = 0; i < n; i++)
            rit_assert_near(fast->g[w->offset + i], exact->g[w->offset + i], 1e-5 * largest);
        rit_assert_near(fast->found.second_pair[b], pair, 1e-5 * pair);
        if (isnan(sequence))
            assert_true(isnan(fast->found.second_sequence[b]));
        else
            rit_assert_near(fast->found.second_sequence[b], sequence, 2e-5 * sequence);
    }
}

static void compare(struct setting s)
{
    struct fixture exact = {0}, fast = {0};
    open_fixture(&exact, s, "float64");
    open_fixture(&fast, s, "float32");
    for (int i = 0; i < BATCHES; i++)
        compare_batch(&exact, &fast, &batches[i]);
    close_fixture(&exact);
    close_fixture(&fast);
}

static const char *const activations[] = {"tanh", "erf", "relu", "sin", "cos", "identity"};
static const char *const parametrisations[] = {"standard", "ntk", "mean-field"};
static const char *const widths[] = {"1", "7", "16", "33", "81"};
static const struct rit_port ports[] = {
    {RIT_ROW_BITS, 54}, {RIT_ROW_REALS, 3}, {RIT_ROW_BITS, 5}, {RIT_ROW_REALS, 33}};
enum { SETTINGS = 6 * 4 * 4 };

/* All activations and depths, with ports, widths, parametrisations and biases in turn. */
static struct setting setting_of(int i)
{
    static const char *const depths[] = {"0", "1", "2", "4"};
    return (struct setting){.activation = activations[i % 6],
                            .depth = depths[i / 6 % 4],
                            .parametrisation = parametrisations[(i + i / 6) % 3],
                            .width = widths[i % 5],
                            .biases = i % 7 < 4 ? "true" : "false",
                            .in = ports[i / 24],
                            .asked = ports[(i + i / 6) % 4],
                            .single = i % 11 < 5};
}

static void equals_the_reference(void **state)
{
    (void)state;
    for (int i = 0; i < SETTINGS; i++)
        compare(setting_of(i));
}

/* Gradients and second moments of all settings as one hash. */
static struct rit_hash bits_of_all(void)
{
    struct rit_hash all[SETTINGS * BATCHES * 2];
    for (int i = 0; i < SETTINGS * BATCHES; i++) {
        struct fixture f = {0};
        open_fixture(&f, setting_of(i / BATCHES), "float32");
        pass(&f, &batches[i % BATCHES], RIT_WANT_NOISE);
        all[2 * i] = rit_hash_of(f.g, sizeof *f.g * f.layout.size);
        all[2 * i + 1] = rit_hash_of(f.found.second_pair, sizeof(double) * (size_t)f.layout.blocks);
        close_fixture(&f);
    }
    return rit_hash_of(all, sizeof all);
}

/* The kernels are chosen once in a process, so every set computes in a child of its own. */
static void same_bits_from_every_instruction_set(void **state)
{
    (void)state;
    static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
    struct rit_hash first, hash;
    int ran = 0;
    for (int s = 0; s < 4; s++) {
        int ends[2];
        if (!rit_kernels_named(sets[s]))
            continue;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            setenv("RITARDANDO_ISA", sets[s], 1);
            hash = bits_of_all();
            _exit(write(ends[1], &hash, sizeof hash) == sizeof hash ? 0 : 1);
        }
        close(ends[1]);
        assert_int_equal(read(ends[0], &hash, sizeof hash), sizeof hash);
        close(ends[0]);
        waitpid(child, NULL, 0);
        if (ran++ == 0)
            first = hash;
        assert_memory_equal(&hash, &first, sizeof hash);
    }
    assert_true(ran > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_from_every_instruction_set), /* first: no kernels are chosen here yet */
        cmocka_unit_test(equals_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
