/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense networks in float32 equal those in float64, for every activation, and give the same bits from every
 * instruction set. */
#include "model/netting.h"

struct setting {
    const char *activation, *parametrisation, *depth, *width, *biases;
    struct rit_port in, asked;
    bool single; /* every sequence is one pair */
};

static void open_dense(struct fixture *f, struct setting s, const char *precision)
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
    assert_true(open_net(f, &err));
}

static const int picked[] = {0, 2, 3};
static const struct rit_batch batches[] = {{.kind = RIT_FULL},
                                           {.kind = RIT_SEQUENCES, .n = 3, .index = picked},
                                           {.kind = RIT_TIME_POINTS, .n = 3, .index = picked}};
enum { BATCHES = sizeof batches / sizeof batches[0] };

static void compare_batch(struct fixture *exact, struct fixture *fast, const struct rit_batch *batch)
{
    pass(exact, batch, RIT_WANT_NOISE);
    pass(fast, batch, RIT_WANT_NOTHING);
    struct rit_hash without = hash_of_gradient(fast), with;
    pass(fast, batch, RIT_WANT_NOISE);
    with = hash_of_gradient(fast);
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
    open_dense(&exact, s, "float64");
    open_dense(&fast, s, "float32");
    for (int i = 0; i < BATCHES; i++)
        compare_batch(&exact, &fast, &batches[i]);
    close_net(&exact);
    close_net(&fast);
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
        open_dense(&f, setting_of(i / BATCHES), "float32");
        pass(&f, &batches[i % BATCHES], RIT_WANT_NOISE);
        all[2 * i] = hash_of_gradient(&f);
        all[2 * i + 1] = rit_hash_of(f.found.second_pair, sizeof(double) * (size_t)f.layout.blocks);
        close_net(&f);
    }
    return rit_hash_of(all, sizeof all);
}

static void same_bits_from_every_instruction_set(void **state)
{
    (void)state;
    assert_same_from_every_set(bits_of_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_from_every_instruction_set), /* first: no kernels are chosen here yet */
        cmocka_unit_test(equals_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
