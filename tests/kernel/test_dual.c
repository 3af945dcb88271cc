/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averages of activations over two Gaussian inputs: against quadrature, known values, and on every
 * instruction set. */
#include "testing.h"

#include "base/arena.h"
#include "base/random.h"
#include "kernel/dual.h"

#include <stdlib.h>

struct bench {
    struct rit_arena arena;
    struct rit_hermite hermite;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->arena = rit_arena_new(16u << 20);
    b->hermite = rit_hermite_open(&b->arena);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    free(b->arena.base);
    free(b);
    return 0;
}

/* One pair of inputs. */
static struct rit_dual dual(struct bench *b, enum rit_activation phi, double q_1, double q_2, double c)
{
    struct rit_arena arena = b->arena;
    struct rit_duals one = rit_duals_open(phi, 1, &arena), other = rit_duals_open(phi, 1, &arena);
    double cs[RIT_VIRTUAL_LANES] = {c}, value[RIT_VIRTUAL_LANES], slope[RIT_VIRTUAL_LANES];
    int terms = rit_dual_terms(&b->hermite, phi, fmax(q_1, q_2));
    assert_true(terms > 0);
    one.q[0] = q_1;
    other.q[0] = q_2;
    rit_duals_fill(&one, &b->hermite, terms);
    rit_duals_fill(&other, &b->hermite, terms);
    rit_duals_row(&one, 0, &other, 0, 1, cs, value, slope);
    return (struct rit_dual){value[0], slope[0]};
}

static double phi_of(enum rit_activation phi, double x, bool slope)
{
    switch (phi) {
    case RIT_TANH:
        return slope ? 1.0 - tanh(x) * tanh(x) : tanh(x);
    case RIT_ERF:
        return slope ? 2.0 / sqrt(M_PI) * exp(-x * x) : erf(x);
    case RIT_RELU:
        return slope ? x > 0.0 : fmax(x, 0.0);
    case RIT_SIN:
        return slope ? cos(x) : sin(x);
    case RIT_COS:
        return slope ? -sin(x) : cos(x);
    default:
        return slope ? 1.0 : x;
    }
}

/* The double integral by the trapezoidal rule in two independent Gaussian variables. */
static double integral(enum rit_activation phi, double q_1, double q_2, double c, bool slope)
{
    double rho = c / sqrt(q_1 * q_2), rest = sqrt(1.0 - rho * rho), sum = 0.0;
    const double h = 0.05;
    for (int i = -160; i <= 160; i++)
        for (int j = -160; j <= 160; j++) {
            double x = h * i, y = h * j;
            sum += exp(-0.5 * (x * x + y * y)) * phi_of(phi, sqrt(q_1) * x, slope) *
                   phi_of(phi, sqrt(q_2) * (rho * x + rest * y), slope);
        }
    return sum * h * h / (2.0 * M_PI);
}

static void test_against_quadrature(void **state)
{
    static const double at[][3] = {{0.5, 0.5, 0.3},  {0.85, 0.85, 0.475}, {2.0, 1.0, 1.2},
                                   {0.3, 1.4, -0.5}, {1.0, 1.0, 0.999},   {3.0, 4.0, 3.3}};
    for (int phi = RIT_TANH; phi <= RIT_IDENTITY; phi++)
        for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
            struct rit_dual got = dual(*state, phi, at[i][0], at[i][1], at[i][2]);
            double bound = phi == RIT_RELU ? 2e-3 : 2e-11; /* a corner is nothing for the rule */
            rit_assert_near(got.value, integral(phi, at[i][0], at[i][1], at[i][2], false), bound);
            rit_assert_near(got.slope, integral(phi, at[i][0], at[i][1], at[i][2], true),
                            phi == RIT_RELU ? 2e-2 : bound);
        }
}

/* Values to ten digits, the last of which was found by 60 terms only. */
static void test_known_values(void **state)
{
    static const double known[][5] = {{.5, .5, .3, .1602377222, .5478306091},
                                      {.85, .85, .475, .1949303943, .4252791125},
                                      {2, 1, 1.2, .3711026876, .354282102}};
    for (int i = 0; i < 3; i++) {
        struct rit_dual got = dual(*state, RIT_TANH, known[i][0], known[i][1], known[i][2]);
        double bound = i == 2 ? 3e-9 : 0.6e-10;
        rit_assert_near(got.value, known[i][3], bound);
        rit_assert_near(got.slope, known[i][4], bound);
    }
}

static void test_equal_inputs_are_squares(void **state)
{
    struct bench *b = *state;
    for (int phi = RIT_TANH; phi <= RIT_IDENTITY; phi++)
        for (double q = 0.01; q < 4.0; q *= 3.0) {
            struct rit_dual got = dual(b, phi, q, q, q), square = rit_dual_square(&b->hermite, phi, q);
            rit_assert_near(got.value, square.value, 1.1 * RIT_DUAL_ERROR);
            rit_assert_near(got.slope, square.slope, 1.1 * RIT_DUAL_ERROR);
        }
}

static void test_silent_inputs(void **state)
{
    for (int phi = RIT_TANH; phi <= RIT_IDENTITY; phi++) {
        struct rit_dual got = dual(*state, phi, 0.0, 0.7, 0.0);
        double one = phi == RIT_COS ? exp(-0.35) : 0.0;
        rit_assert_near(got.value, one, 1e-14);
        assert_true(isfinite(got.slope));
    }
    rit_assert_near(dual(*state, RIT_TANH, 0.0, 0.0, 0.0).slope, 1.0, 1e-14);
}

static void test_more_than_the_series_can(void **state)
{
    struct bench *b = *state;
    assert_true(rit_dual_terms(&b->hermite, RIT_TANH, 4.0) > 0);
    assert_int_equal(rit_dual_terms(&b->hermite, RIT_TANH, 1000.0), 0);
}

static void test_instruction_sets(void **state)
{
    (void)state;
    enum { N = 80, TERMS = 7 };
    static const char *const names[] = {"avx512", "avx2", "neon", "portable"};
    static double right[TERMS * N], left[TERMS], over[N], c[N], value[4][N], slope[4][N];
    struct rit_random r = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < TERMS * N; i++)
        right[i] = rit_random_gauss(&r);
    for (int i = 0; i < N; i++) {
        over[i] = rit_random_uniform(&r);
        c[i] = rit_random_gauss(&r);
    }
    for (int i = 0; i < TERMS; i++)
        left[i] = rit_random_gauss(&r);
    int sets = 0;
    for (int i = 0; i < 4; i++) {
        const struct rit_kernels *k = rit_kernels_named(names[i]);
        if (k)
            k->dual_series(TERMS, N, left, right, N, 0.7, over, c, value[sets], slope[sets]);
        sets += k != NULL;
    }
    for (int i = 1; i < sets; i++) {
        assert_memory_equal(value[i], value[0], sizeof value[0]);
        assert_memory_equal(slope[i], slope[0], sizeof slope[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_quadrature),       cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_equal_inputs_are_squares), cmocka_unit_test(test_silent_inputs),
        cmocka_unit_test(test_more_than_the_series_can), cmocka_unit_test(test_instruction_sets),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
