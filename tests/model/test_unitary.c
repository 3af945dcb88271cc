/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Complex matrices start unitary, and after a retraction they are so again, to 1e-12; the network at fixed
 * weights against an independent implementation. */
#include "chorales.h"

/* Largest element of U* U - g^2 I of a block of real parts above imaginary parts. */
static double off_unitary(const struct rit_weights *block, const double *w)
{
    int n = block->cols;
    const double *re = w + block->offset, *im = re + (size_t)n * (size_t)n;
    double off = 0.0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum[2] = {i == j ? -block->scale * block->scale : 0.0, 0.0};
            for (int k = 0; k < n; k++) {
                sum[0] += re[k * n + i] * re[k * n + j] + im[k * n + i] * im[k * n + j];
                sum[1] += re[k * n + i] * im[k * n + j] - im[k * n + i] * re[k * n + j];
            }
            off = fmax(off, fmax(fabs(sum[0]), fabs(sum[1])));
        }
    return off;
}

static double most_off(const struct rit_layout *layout, const double *w)
{
    double off = 0.0;
    int kept = 0;
    for (int b = 0; b < layout->blocks; b++) {
        if (!layout->block[b].orthogonal)
            continue;
        kept++;
        off = fmax(off, off_unitary(&layout->block[b], w));
    }
    assert_true(kept > 0);
    return off;
}

static void check(const char *start, const char *width, const char *gain)
{
    struct rit_port port = {RIT_ROW_REALS, 3};
    struct rit_block block = rit_test_block(port, port);
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "layered-unitary");
    rit_point_set(&point, "model.depth", "2");
    rit_point_set(&point, "model.width", width);
    rit_point_set(&point, "model.orthogonal", "all");
    rit_point_set(&point, "model.recurrent-init", start);
    rit_point_set(&point, "model.feedforward-init", start);
    rit_point_set(&point, "model.recurrent-gain", gain);
    const struct rit_model *model = rit_model_of(&point);
    assert_int_equal(model->layout(&point, port, port, &layout, &err), RIT_OK);
    struct rit_net *net = rit_test_open_net(&point, &layout, &block, &arena);
    double *w = calloc(layout.size, sizeof *w);
    model->init(&point, &layout, &block, w);
    if (strcmp(start, "gaussian") != 0)
        assert_true(most_off(&layout, w) < 1e-12);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < layout.size; i++)
        w[i] += 0.02 * rit_random_gauss(&random);
    assert_true(most_off(&layout, w) > 1e-3);
    assert_int_equal(model->retract_period(&point), 1);
    assert_true(model->retract(net, w));
    assert_true(most_off(&layout, w) < 1e-12);
    w[layout.block[1].offset] = NAN;
    assert_false(model->retract(net, w));
    free(w);
    free(arena.base);
    rit_test_free_block(&block);
}

static void unitary_at_the_start_and_after_retraction(void **state)
{
    (void)state;
    static const char *const widths[] = {"1", "2", "5", "17", "40"};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        check("haar", widths[i], "1");
        check("permutation", widths[i], "0.7");
        check("gaussian", widths[i], "1.3");
    }
}

enum { UNITS = 4, SLOTS = 54 };

/* J_k = K_k = .1 sin(1 + k), and with imaginary parts, of which there are as many, .1 cos(1 + k); M turns
 * unit i into unit i - 1, by a phase where it is complex. H = Re K mu: K has the imaginary parts with a
 * minus. */
static void set_weights(struct fixture *f, bool complex)
{
    const struct rit_weights *j = block_of(f, "J1"), *m = block_of(f, "M1"), *k = block_of(f, "K"),
                             *h = block_of(f, "h");
    memset(f->w, 0, f->layout.size * sizeof *f->w);
    double *to = f->w + j->offset;
    for (int i = 0; i < UNITS * SLOTS; i++) {
        to[i] = 0.1 * sin(1.0 + i);
        if (complex)
            to[UNITS * SLOTS + i] = 0.1 * cos(1.0 + i);
    }
    to = f->w + m->offset;
    for (int i = 0; i < UNITS; i++) {
        double phase = complex ? acos(-1.0) * (1 + i) / 3.0 : 0.0;
        to[UNITS * i + (i + 1) % UNITS] = cos(phase);
        if (complex)
            to[UNITS * (UNITS + i) + (i + 1) % UNITS] = sin(phase);
    }
    to = f->w + k->offset;
    for (int i = 0; i < SLOTS * UNITS; i++) {
        int row = i / UNITS, unit = i % UNITS;
        to[row * k->cols + unit] = 0.1 * sin(1.0 + i);
        if (complex)
            to[row * k->cols + UNITS + unit] = -0.1 * cos(1.0 + i);
    }
    for (int i = 0; i < SLOTS; i++)
        f->w[h->offset + (size_t)i] = atanh(f->block.target_mean);
}

static void check_fixed(const char *model, const double wanted[4])
{
    bool complex = strcmp(model, "layered-unitary") == 0;
    struct fixture f;
    open_on_chorales(&f, (const struct setting[]){{"model.name", model},
                                                  {"model.width", "4"},
                                                  {"model.depth", "1"},
                                                  {"model.precision", "float64"},
                                                  {0}});
    set_weights(&f, complex);
    take_gradient(&f);
    rit_assert_near(nll_of(&f), wanted[0], 2e-10);
    rit_assert_near(slope_of(&f, "J1"), wanted[1], 2e-10);
    rit_assert_near(slope_of(&f, "M1"), wanted[2], 2e-10);
    rit_assert_near(slope_of(&f, "K"), wanted[3], 2e-10);
    if (complex) { /* mu_0(0) = -.6210441277 + .2651992573 i, read by a K of ones */
        const struct rit_weights *k = block_of(&f, "K");
        memset(f.w + k->offset, 0, (f.layout.size - k->offset) * sizeof *f.w);
        f.w[k->offset] = f.w[k->offset + (size_t)(k->cols + UNITS)] = 1.0;
        f.model->load(f.net, f.w);
        double *y = calloc((size_t)f.block.pairs * SLOTS, sizeof *y);
        keep_outputs(&f, 0, y);
        rit_assert_near(y[0], -.6210441277, 1e-10);
        rit_assert_near(y[1], .2651992573, 1e-10);
        free(y);
    }
    close_net(&f);
}

static void fixed_numbers(void **state)
{
    (void)state;
    static const double complex[] = {.3744634228, .4280535983, .0631050850, .7580793799},
                        real[] = {.3745863606, .3575528070, .0417736120, .8416759564};
    want_chorales();
    check_fixed("layered-unitary", complex);
    check_fixed("layered-tanh", real);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(unitary_at_the_start_and_after_retraction),
                                       cmocka_unit_test(fixed_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
