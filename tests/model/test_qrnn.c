/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quantum recurrent network at fixed angles, against independent implementations. */
#include "chorales.h"

#include "kernel/channel.h"

/* theta_k = sin(1 + k), K_iS = .1 sin(i n_S + S), W = 0, and outputs that begin with the mean of the targets.
 */
static void set_weights(struct fixture *f)
{
    const struct rit_weights *a = block_of(f, "A"), *k = block_of(f, "K"), *h = block_of(f, "h");
    memset(f->w, 0, f->layout.size * sizeof *f->w);
    for (int i = 0; i < a->cols; i++)
        f->w[i] = sin(1.0 + i);
    for (int i = 0; i < k->rows; i++)
        for (int s = 1; s <= k->cols; s++)
            f->w[k->offset + (size_t)(i * k->cols + s - 1)] = 0.1 * sin(i * k->cols + s);
    for (int i = 0; i < h->rows; i++)
        f->w[h->offset + (size_t)i] = atanh(f->block.target_mean);
}

struct fixed {
    const char *data, *history, *staggered;
    int angles;
    double nll, ga, gk, first;
};

static void check(const struct fixed *fixed)
{
    struct fixture f;
    open_on_chorales(&f, (const struct setting[]){{"model.name", "qrnn"},
                                                  {"model.depth", "2"},
                                                  {"model.width", fixed->data},
                                                  {"model.history", fixed->history},
                                                  {"model.staggered", fixed->staggered},
                                                  {0}});
    assert_int_equal(block_of(&f, "A")->cols, fixed->angles);
    set_weights(&f);
    take_gradient(&f);
    rit_assert_near(nll_of(&f), fixed->nll, 2e-10);
    rit_assert_near(slope_of(&f, "A"), fixed->ga, 2e-10);
    rit_assert_near(slope_of(&f, "K"), fixed->gk, 2e-10);
    rit_assert_near(f.g[0], fixed->first, 2e-10);
    close_net(&f);
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
        {"4", "2", "true", 66, .3751860719, .0979577466, .3616381461, -.0206857103},
    };
    want_chorales();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check(&all[i]);
}

/* Features of the first pairs: z_S, S = 1 .. 6, which K = 1 brings out one by one. */
static void fixed_features(void **state)
{
    (void)state;
    enum { SLOTS = 54, SHOWN = 6 };
    static const double wanted[2][SHOWN] = {
        {-.63242344, -.00312958, -.03121256, .42333189, -.21165699, -.37956962},
        {-.65076896, -.48417620, .23295244, .52530115, -.29134465, -.62222296}};
    static const int chord[3][4] = {{60, 72, 76, 79}, {65, 72, 77, 80}, {65, 70, 73, 79}};
    want_chorales();
    struct fixture f;
    open_on_chorales(
        &f,
        (const struct setting[]){
            {"model.name", "qrnn"}, {"model.depth", "2"}, {"model.width", "4"}, {"model.history", "2"}, {0}});
    assert_int_equal(f.block.pairs, 302);
    for (int t = 0; t < 3; t++)
        for (int slot = 0, voice = 0; slot < SLOTS; slot++)
            if (rit_rows_value(&f.block.in, t, slot, 0.0, 1.0) > 0.0)
                assert_int_equal(43 + slot, chord[t][voice++]);
    const struct rit_weights *k = block_of(&f, "K");
    set_weights(&f);
    memset(f.w + k->offset, 0, (f.layout.size - k->offset) * sizeof *f.w);
    for (int s = 0; s < k->cols; s++)
        f.w[k->offset + (size_t)(s * k->cols + s)] = 1.0;
    f.model->load(f.net, f.w);
    double *y = calloc((size_t)f.block.pairs * SLOTS, sizeof *y);
    keep_outputs(&f, 0, y);
    for (int t = 0; t < 2; t++)
        for (int s = 0; s < SHOWN; s++)
            rit_assert_near(y[t * SLOTS + s], wanted[t][s], 6e-9);
    free(y);
    close_net(&f);
}

/* What a network knows before it is trained, and how many weights it has by width, history and layers. */
static void starts_and_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *data, *history, *depth;
        int angles, readout;
    } all[] = {{"6", "0", "12", 306, 3402}, {"6", "0", "24", 594, 3402}, {"5", "1", "12", 306, 1674},
               {"6", "1", "16", 469, 3402}, {"4", "4", "1", 56, 810},    {"4", "5", "2", 99, 810},
               {"4", "6", "1", 70, 810}};
    want_chorales();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct fixture f;
        open_on_chorales(&f, (const struct setting[]){{"model.name", "qrnn"},
                                                      {"model.width", all[i].data},
                                                      {"model.history", all[i].history},
                                                      {"model.depth", all[i].depth},
                                                      {0}});
        const struct rit_weights *k = block_of(&f, "K"), *w = block_of(&f, "W");
        assert_int_equal(block_of(&f, "A")->cols, all[i].angles);
        assert_int_equal(k->rows * k->cols, all[i].readout);
        assert_int_equal(w->rows * w->cols, 2916);
        assert_int_equal(block_of(&f, "h")->rows, 54);
        if (i == 0) {
            f.model->init(&f.point, &f.layout, &f.block, f.w);
            f.model->load(f.net, f.w);
            rit_assert_near(nll_of(&f), .3744333257, 1e-10); /* the entropy of a slot */
        }
        close_net(&f);
    }
}

/* A network on random rows. */
static void open_random(struct fixture *f, struct rit_port in, struct rit_port asked,
                        const struct setting *settings)
{
    struct rit_error err;
    *f = (struct fixture){0};
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", "qrnn");
    rit_point_set(&f->point, "model.direct", "false");
    rit_point_set(&f->point, "cost.name", "square");
    for (; settings->key; settings++)
        rit_point_set(&f->point, settings->key, settings->value);
    f->block = rit_test_block(in, asked);
    assert_true(open_net(f, &err));
    set_weights(f);
    f->model->load(f->net, f->w);
}

/* How far the outputs of later pairs move when the first row of the block does. */
static double memory_of(const char *closing, const char *depth, const char *history, const char *staggered)
{
    enum { WIDTH = 3 };
    static const struct rit_port port = {RIT_ROW_REALS, WIDTH};
    double moved = 0.0, y[2][RIT_TEST_PAIRS * WIDTH];
    for (int i = 0; i < 2; i++) {
        struct fixture f;
        open_random(&f, port, port,
                    (const struct setting[]){{"model.width", "3"},
                                             {"model.depth", depth},
                                             {"model.closing", closing},
                                             {"model.history", history},
                                             {"model.staggered", staggered},
                                             {0}});
        free(f.arena.base);
        ((float *)(uintptr_t)f.block.in.real)[0] += 0.5f * (float)i;
        f.net = rit_test_open_net(&f.point, &f.layout, &f.block, &f.arena);
        f.model->load(f.net, f.w);
        keep_outputs(&f, 0, y[i]);
        if (i == 1)
            for (int j = WIDTH; j < f.block.start[1] * WIDTH; j++)
                moved = fmax(moved, fabs(y[1][j] - y[0][j]));
        close_net(&f);
    }
    return moved;
}

/* The couplings commute with what is read: one layer that nothing closes has no memory at all. */
static void memory_wants_a_closing_layer(void **state)
{
    (void)state;
    assert_true(memory_of("false", "1", "1", "false") < 1e-15);
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
    assert_true(memory_of("true", "2", "0", "true") < 1e-15);
}

/* How far sum_k K_k^+ K_k of a channel is from one, in its largest element. */
static double off_identity(const struct rit_channel *channel)
{
    int d = channel->dimension;
    double most = 0.0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double re = i == j ? -1.0 : 0.0, im = 0.0;
            for (int out = 0; out < d; out++)
                for (int k = 0; k < channel->outcomes; k++) {
                    int a = (i * d + out) * channel->ld + k, b = (j * d + out) * channel->ld + k;
                    re += channel->of.re[a] * channel->of.re[b] + channel->of.im[a] * channel->of.im[b];
                    im += channel->of.re[a] * channel->of.im[b] - channel->of.im[a] * channel->of.re[b];
                }
            most = fmax(most, fmax(fabs(re), fabs(im)));
        }
    return most;
}

/* sum_k K_k^+ K_k = 1 at every pair, silences among them, of every circuit. */
static void channels_lose_nothing(void **state)
{
    (void)state;
    static const char *const ansatz[] = {"ring", "hardware-efficient", "brick", "path"};
    static const char *const history[] = {"0", "1", "2", "3"};
    static const struct rit_port ports[] = {{RIT_ROW_BITS, 6}, {RIT_ROW_REALS, 3}};
    for (int i = 0; i < 64; i++) {
        struct fixture f;
        open_random(&f, ports[i / 32], ports[1],
                    (const struct setting[]){{"model.width", "3"},
                                             {"model.depth", "2"},
                                             {"model.ansatz", ansatz[i % 4]},
                                             {"model.history", history[i / 4 % 4]},
                                             {"model.staggered", i / 16 % 2 ? "true" : "false"},
                                             {0}});
        for (int t = 0; t < f.block.pairs; t++) {
            struct rit_channel channel = f.model->channel(&f.point, f.net, t);
            assert_int_equal(channel.outcomes, 8);
            assert_int_equal(channel.dimension, 1 << i / 4 % 4);
            assert_true(off_identity(&channel) < 1e-14);
        }
        close_net(&f);
    }
}

/*
 * Shots: means are the exact correlators, and covariances those of counts, (z_(S xor S') - z_S z_S') / N,
 * over 4000 steps; without a draw all is exact, and the same draw is the same noise.
 */
static void shots_are_counts(void **state)
{
    (void)state;
    enum { STEPS = 4000, SHOTS = 50, F = 3, PAIR = 5 };
    static const struct rit_port in = {RIT_ROW_REALS, 2}, asked = {RIT_ROW_REALS, F};
    double mean[F] = {0}, square[F][F] = {{0}};
    double exact[RIT_TEST_PAIRS][F], y[RIT_TEST_PAIRS][F], again[RIT_TEST_PAIRS][F];
    struct fixture f;
    open_random(
        &f, in, asked,
        (const struct setting[]){{"model.width", "2"}, {"model.depth", "2"}, {"model.shots", "50"}, {0}});
    const struct rit_weights *k = block_of(&f, "K");
    for (int i = 0; i < F * F; i++)
        f.w[k->offset + (size_t)i] = i % (F + 1) == 0 ? 1.0 : 0.0;
    f.model->load(f.net, f.w);
    keep_outputs(&f, 0, exact[0]);
    const double *z = exact[PAIR];
    for (int step = 1; step <= STEPS; step++) {
        keep_outputs(&f, (uint64_t)step, y[0]);
        for (int i = 0; i < F; i++) {
            mean[i] += (y[PAIR][i] - z[i]) / STEPS;
            for (int j = 0; j < F; j++)
                square[i][j] += (y[PAIR][i] - z[i]) * (y[PAIR][j] - z[j]) / STEPS;
        }
    }
    keep_outputs(&f, STEPS, again[0]);
    assert_memory_equal(again, y, sizeof y);
    for (int i = 0; i < F; i++) {
        rit_assert_near(mean[i], 0.0, 4.0 / sqrt((double)SHOTS * STEPS));
        for (int j = 0; j < F; j++) {
            int both = (i + 1) ^ (j + 1);
            double wanted = ((both ? z[both - 1] : 1.0) - z[i] * z[j]) / SHOTS;
            rit_assert_near(square[i][j], wanted, 8.0 / SHOTS / sqrt(STEPS));
        }
    }
    close_net(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shots_are_counts),
                                       cmocka_unit_test(fixed_numbers),
                                       cmocka_unit_test(fixed_features),
                                       cmocka_unit_test(starts_and_sizes),
                                       cmocka_unit_test(channels_lose_nothing),
                                       cmocka_unit_test(memory_wants_a_closing_layer),
                                       cmocka_unit_test(staggered_registers_remember)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
