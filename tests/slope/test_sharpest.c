/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The largest curvature to a stated accuracy, on costs whose Hessians are known. */
#include "slope/sharpest.h"
#include "slope/slope.h"
#include "testing.h"

#include <stdlib.h>

enum { N = 60 };

static const struct rit_layout line = {
    .blocks = 1, .block = {{.name = "K", .rows = 1, .cols = N, .scale = 1.0, .in_all = true}}, .size = N};
static const struct rit_layout plane = {
    .blocks = 1,
    .block = {{.name = "M1", .rows = 2, .cols = 2, .scale = 1.0, .in_all = true, .orthogonal = true}},
    .size = 4};

/* E = sum_i c_i w_i^2/2; self is c. */
static double bowl(void *self, const double *w, double *g)
{
    const double *c = self;
    for (int i = 0; i < N; i++)
        g[i] = c[i] * w[i];
    return 0.0;
}

/* E = -tr(M), which on the rotations by an angle a is -2 cos a, and |dM|^2 = 2 da^2: curvature cos a. */
static double pendulum(void *self, const double *w, double *g)
{
    (void)self, (void)w;
    g[0] = g[3] = -1.0;
    g[1] = g[2] = 0.0;
    return 0.0;
}

static struct rit_sharpest find(const struct rit_layout *layout, const struct rit_terrain *terrain,
                                const double *w, double accuracy, int most, double *v)
{
    double *work = calloc(rit_sharpest_work(layout), sizeof *work);
    const struct rit_sharpest_place at = {layout, terrain, w, accuracy, most, work};
    struct rit_sharpest found = rit_sharpest_find(&at, 0.0, v);
    free(work);
    return found;
}

static void start(double *v)
{
    for (int i = 0; i < N; i++)
        v[i] = 1.0 + (i % 7) / 7.0;
}

/* A dense spectrum with the largest not far from the next, and another as far below zero. */
static void the_largest_is_found_as_well_as_is_asked(void **state)
{
    (void)state;
    double c[N], w[N], v[N];
    for (int i = 0; i < N; i++) {
        c[i] = 100.0 * i / N;
        w[i] = 1.0 / (i + 1);
    }
    c[7] = -300.0;
    c[3] = 105.0;
    const struct rit_terrain terrain = {c, bowl};
    for (int digits = 1; digits <= 6; digits++) {
        double accuracy = pow(10.0, -digits);
        start(v);
        struct rit_sharpest found = find(&line, &terrain, w, accuracy, 1000, v);
        assert_true(found.residual <= accuracy);
        rit_assert_near(found.largest, 105.0, 105.0 * accuracy);
        double norm = 0.0;
        for (int i = 0; i < N; i++)
            norm += v[i] * v[i];
        rit_assert_near(norm, 1.0, 1e-12);
        if (digits == 6)
            rit_assert_near(fabs(v[3]), 1.0, 1e-6);
    }
}

static void a_vector_of_before_makes_it_quick(void **state)
{
    (void)state;
    double c[N], w[N] = {1.0}, v[N];
    for (int i = 0; i < N; i++)
        c[i] = i;
    const struct rit_terrain terrain = {c, bowl};
    start(v);
    struct rit_sharpest cold = find(&line, &terrain, w, 1e-4, 1000, v);
    c[N - 1] *= 1.1;
    struct rit_sharpest warm = find(&line, &terrain, w, 1e-4, 1000, v);
    rit_assert_near(warm.largest, 1.1 * (N - 1), 1e-2);
    assert_true(2 * warm.products < cold.products);
}

static void curvature_is_that_within_the_group(void **state)
{
    (void)state;
    const struct rit_terrain terrain = {NULL, pendulum};
    for (double angle = 0.0; angle < 3.0; angle += 0.3) {
        const double w[] = {cos(angle), -sin(angle), sin(angle), cos(angle)};
        double v[] = {1.0, 2.0, 3.0, 4.0};
        struct rit_sharpest found = find(&plane, &terrain, w, 1e-6, 100, v);
        rit_assert_near(found.largest, cos(angle), 1e-4);
    }
}

static void where_products_run_out_it_is_told(void **state)
{
    (void)state;
    double c[N], w[N] = {0.0}, v[N];
    for (int i = 0; i < N; i++)
        c[i] = 100.0 + i;
    const struct rit_terrain terrain = {c, bowl};
    start(v);
    struct rit_sharpest found = find(&line, &terrain, w, 1e-6, 3, v);
    assert_int_equal(found.products, 3);
    assert_true(found.residual > 1e-6 && found.residual < 1.0);
    rit_assert_near(found.largest, 159.0, 159.0 * found.residual + 40.0);
}

static void nothing_curved_and_nothing_finite(void **state)
{
    (void)state;
    double c[N] = {0.0}, w[N] = {1.0}, v[N];
    const struct rit_terrain terrain = {c, bowl};
    start(v);
    struct rit_sharpest found = find(&line, &terrain, w, 1e-3, 100, v);
    rit_assert_near(found.largest, 0.0, 1e-12);
    c[4] = NAN;
    start(v);
    found = find(&line, &terrain, w, 1e-3, 100, v);
    assert_true(isnan(found.largest) && isnan(found.residual));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_found_as_well_as_is_asked),
        cmocka_unit_test(a_vector_of_before_makes_it_quick),
        cmocka_unit_test(curvature_is_that_within_the_group),
        cmocka_unit_test(where_products_run_out_it_is_told),
        cmocka_unit_test(nothing_curved_and_nothing_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
