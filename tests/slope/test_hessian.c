/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Hessian column by column: of which directions, how symmetric, and with the largest eigenvalue that
 * Lanczos's iteration finds, for free matrices, orthogonal and unitary ones; and what is told of levels: GOE,
 * Poisson, Wigner with outliers. */
#include "blocks.h"
#include "running.h"

#include "base/arena.h"
#include "base/random.h"
#include "observe/tangent/spectrum.h"
#include "slope/exact.h"
#include "slope/hessian.h"
#include "slope/levels.h"
#include "slope/sharpest.h"

#include <math.h>

static const struct setting groups[] = {{"model.width", "3"}, {"model.depth", "2"}, {0}};
static const struct setting free_ones[] = {{"model.width", "3"}, {"model.orthogonal", "none"}, {0}};
static const struct setting unitary[] = {{"model.width", "3"}, {"model.name", "layered-unitary"}, {0}};

/* A network on random rows of eight bits, away from its start and put back on its group. */
struct place {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_exact *exact;
    double *w, *work;
    struct rit_hessian hessian;
    int side;
};

static void choose_weights(struct place *at, const struct rit_model *model)
{
    struct rit_random random = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    at->w = calloc(at->layout.size, sizeof *at->w);
    model->init(&at->point, &at->layout, &at->block, at->w);
    for (size_t i = 0; i < at->layout.size; i++)
        at->w[i] += 0.1 * rit_random_gauss(&random);
    if (model->retract && model->retract_period(&at->point) > 0)
        assert_true(model->retract(at->exact->net, at->w));
}

static void open_place(struct place *at, const struct setting *settings)
{
    static const struct rit_port port = {RIT_ROW_BITS, 8};
    struct rit_arena measured = {0};
    rit_point_init(&at->point, rit_registry());
    set_all(&at->point, settings);
    at->block = rit_test_block(port, port);
    const struct rit_model *model = rit_model_of(&at->point);
    assert_int_equal(model->layout(&at->point, port, port, &at->layout, NULL), RIT_OK);
    rit_exact_open(&at->point, model, &at->layout, &at->block, &measured);
    at->arena = rit_arena_new(measured.used);
    at->exact = rit_exact_open(&at->point, model, &at->layout, &at->block, &at->arena);
    choose_weights(at, model);
    at->work = malloc(rit_hessian_work(&at->layout) * sizeof *at->work);
    at->hessian = rit_hessian_at(&at->layout, &at->exact->terrain, at->w, at->work);
    at->side = rit_hessian_side(&at->layout);
}

static void close_place(struct place *at)
{
    free(at->work);
    free(at->w);
    free(at->arena.base);
    rit_test_free_block(&at->block);
}

static double *matrix_of(const struct place *at)
{
    double *h = malloc((size_t)at->side * (size_t)at->side * sizeof *h);
    for (int j = 0; j < at->side; j++)
        assert_true(rit_hessian_column(&at->hessian, j, h + (size_t)j * (size_t)at->side));
    return h;
}

static void check_directions(const struct place *at)
{
    double *v = malloc(at->layout.size * sizeof *v), *x = malloc((size_t)at->side * sizeof *x);
    for (int j = 0; j < at->side; j++) {
        rit_hessian_direction(&at->hessian, j, v);
        rit_hessian_components(&at->hessian, v, x);
        for (int i = 0; i < at->side; i++)
            assert_float_equal(x[i], i == j, 1e-12);
    }
    free(v);
    free(x);
}

static double largest_by_iteration(const struct place *at)
{
    double *work = malloc((rit_sharpest_work(&at->layout) + at->layout.size) * sizeof *work);
    struct rit_sharpest_place place = {&at->layout, &at->exact->terrain, at->w, 1e-6, 1000, work};
    double *v = work + rit_sharpest_work(&at->layout);
    struct rit_random random = rit_random_open(1, RIT_FOR_CURVATURE, 0, 0);
    for (size_t i = 0; i < at->layout.size; i++)
        v[i] = rit_random_gauss(&random);
    double largest = rit_sharpest_find(&place, 1.0, v).largest;
    free(work);
    return largest;
}

static void check_place(const struct setting *settings, int missing)
{
    struct place at;
    open_place(&at, settings);
    assert_int_equal(at.side, (int)at.layout.size - missing);
    check_directions(&at);
    double *h = matrix_of(&at), apart = 0.0;
    for (int j = 0; j < at.side; j++)
        for (int i = 0; i < at.side; i++)
            apart = fmax(apart, fabs(h[j * at.side + i] - h[i * at.side + j]));
    double *value = malloc(2 * (size_t)at.side * sizeof *value);
    assert_true(rit_eigenvalues(at.side, h, at.side, value, value + at.side));
    rit_assert_near(apart, 0.0, 1e-7 * value[0]);
    assert_float_equal(value[0], largest_by_iteration(&at), 1e-5 * value[0]);
    free(value);
    free(h);
    close_place(&at);
}

static void test_free_matrices(void **state)
{
    (void)state;
    check_place(free_ones, 0);
}

/* n(n+1)/2 directions fewer for each of two orthogonal matrices of three units. */
static void test_orthogonal_matrices(void **state)
{
    (void)state;
    check_place(groups, 2 * 6);
}

/* n^2 fewer for a unitary one, of 2 n^2 numbers. */
static void test_unitary_matrices(void **state)
{
    (void)state;
    check_place(unitary, 9);
}

/* The mean over batches of all pairs, one each, is the whole. */
static void test_batches_make_the_whole(void **state)
{
    (void)state;
    struct place at;
    open_place(&at, groups);
    int pairs = at.block.pairs;
    unsigned char *in = calloc((size_t)pairs, 1);
    double *g = malloc(at.layout.size * sizeof *g), *sum = calloc(at.layout.size, sizeof *sum), cost = 0.0;
    struct rit_terrain *terrain = &at.exact->terrain;
    for (int t = 0; t < pairs; t++) {
        in[t] = 1;
        rit_exact_choose(at.exact, in, 1);
        cost += terrain->pass(terrain->self, at.w, g) / pairs;
        for (size_t i = 0; i < at.layout.size; i++)
            sum[i] += g[i] / pairs;
        in[t] = 0;
    }
    rit_exact_choose(at.exact, NULL, 0);
    assert_float_equal(cost, terrain->pass(terrain->self, at.w, g), 1e-12);
    for (size_t i = 0; i < at.layout.size; i++)
        assert_float_equal(sum[i], g[i], 1e-13);
    free(in);
    free(g);
    free(sum);
    close_place(&at);
}

/* ---- levels ---- */

enum { SIDE = 600 };

/* s X of semicircle radius 2 s, with three eigenvalues put on its diagonal. */
static void wigner(double s, uint64_t seed, double *value)
{
    static const double theta[] = {3.0, 2.0, -2.5};
    double *a = malloc((SIDE + 2) * SIDE * sizeof *a);
    struct rit_random random = rit_random_open(seed, RIT_FOR_CURVATURE, 0, 0);
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j <= i; j++)
            a[i * SIDE + j] = s / sqrt(SIDE) * rit_random_gauss(&random) * (i == j ? sqrt(2.0) : 1.0) +
                              (i == j && i < 3 ? theta[i] : 0.0);
    assert_true(rit_eigenvalues(SIDE, a, SIDE, value, a + SIDE * SIDE));
    free(a);
}

static void test_levels_that_repel(void **state)
{
    (void)state;
    double value[SIDE];
    wigner(0.5, 1, value);
    struct rit_levels_found found = rit_levels_of(SIDE, value, 0.0);
    assert_float_equal(found.ratio, rit_ratio_goe, 4.0 * found.error);
    assert_true(found.ratio - rit_ratio_poisson > 8.0 * found.error);
    /* theta + s^2/theta, within 4 sigma of sqrt(2/n) s */
    assert_float_equal(value[0], 3.0833, 0.12);
    assert_float_equal(value[1], 2.125, 0.12);
    assert_float_equal(value[SIDE - 1], -2.6, 0.12);
    assert_int_equal(found.above, 2);
    assert_int_equal(found.below, 1);
    assert_float_equal(found.high, 1.0, 0.1);
    assert_float_equal(found.low, -1.0, 0.1);
}

/* Levels that come two and three times, but for the last digits, repel as those that they are of. */
static void test_levels_that_repeat(void **state)
{
    (void)state;
    double value[SIDE], more[SIDE + SIDE / 2];
    int n = 0;
    wigner(0.5, 1, value);
    for (int i = 0; i < SIDE; i++) {
        more[n++] = value[i];
        if (i % 4 == 1)
            more[n++] = value[i] * (1.0 - 1e-14);
        if (i % 8 == 1)
            more[n++] = value[i] * (1.0 - 2e-14);
    }
    struct rit_levels_found once = rit_levels_of(SIDE, value, 0.0), found = rit_levels_of(n, more, 0.0);
    assert_int_equal(once.repeated, 0);
    assert_in_range(found.repeated, n - SIDE - 4, n - SIDE); /* outliers are not counted */
    assert_float_equal(found.ratio, once.ratio, 1e-9);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void test_levels_that_do_not(void **state)
{
    (void)state;
    double value[SIDE];
    struct rit_random random = rit_random_open(2, RIT_FOR_CURVATURE, 0, 0);
    for (int i = 0; i < SIDE; i++)
        value[i] = rit_random_uniform(&random) - 0.25;
    qsort(value, SIDE, sizeof value[0], ascending);
    struct rit_levels_found found = rit_levels_of(SIDE, value, 0.0);
    assert_float_equal(found.ratio, rit_ratio_poisson, 4.0 * found.error);
    assert_true(rit_ratio_goe - found.ratio > 6.0 * found.error);
    assert_in_range(found.negative, 110, 190);
    assert_int_equal(found.above + found.below + found.null, 0);
}

/* 100 levels, of which 20 are noise and 3 far out on one side and 1 on the other. */
static void test_floor_and_outliers(void **state)
{
    (void)state;
    double value[100];
    for (int i = 0; i < 100; i++)
        value[i] = i < 20 ? 1e-9 * (i - 10.5) : 1.0 + i;
    value[97] = 400.0, value[98] = 500.0, value[99] = 900.0, value[0] = -300.0;
    struct rit_levels_found found = rit_levels_of(100, value, 1e-7);
    assert_int_equal(found.null, 19);
    assert_int_equal(found.negative, 1);
    assert_int_equal(found.above, 3);
    assert_int_equal(found.below, 1);
    assert_float_equal(found.high, 97.0, 0.0);
    assert_float_equal(found.ratio, 1.0, 1e-12); /* equal spacings */
}

/* A matrix of errors alone lies within the floor that its own asymmetry tells. */
static void test_floor_of_noise(void **state)
{
    (void)state;
    double value[SIDE];
    wigner(0.5, 3, value); /* elements of variance 0.25/n: their differences of twice that */
    double floor = rit_levels_floor(SIDE, 2.0 * 0.25 / SIDE);
    assert_float_equal(floor, 2.0, 1e-12); /* twice the radius of the semicircle */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_free_matrices),      cmocka_unit_test(test_orthogonal_matrices),
        cmocka_unit_test(test_unitary_matrices),   cmocka_unit_test(test_batches_make_the_whole),
        cmocka_unit_test(test_levels_that_repel),  cmocka_unit_test(test_levels_that_repeat),
        cmocka_unit_test(test_levels_that_do_not), cmocka_unit_test(test_floor_and_outliers),
        cmocka_unit_test(test_floor_of_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
