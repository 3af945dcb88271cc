/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power iteration, on costs whose Hessians are known. */
#include "slope/curvature.h"
#include "slope/slope.h"
#include "testing.h"

#include <string.h>

enum { N = 12 };

static const struct rit_layout line = {
    .blocks = 1, .block = {{.name = "K", .rows = 1, .cols = N, .scale = 1.0, .in_all = true}}, .size = N};
static const struct rit_layout plane = {
    .blocks = 1,
    .block = {{.name = "M1", .rows = 2, .cols = 2, .scale = 1.0, .in_all = true, .orthogonal = true}},
    .size = 4};

/* E = sum_i 2^i w_i^2/2 */
static void bowl(const double *w, double *g)
{
    for (int i = 0; i < N; i++)
        g[i] = ldexp(w[i], i);
}

/* E = -tr(M), which on the rotations by an angle a is -2 cos a, and |dM|^2 = 2 da^2: curvature cos a. */
static void pendulum(const double *w, double *g)
{
    (void)w;
    g[0] = g[3] = -1.0;
    g[1] = g[2] = 0.0;
}

/* E = ln cosh(2000 w_0), whose curvature at the bottom is 4e6 and a thousandth away next to nothing, and a
 * broad direction of curvature 1. */
static void gorge(const double *w, double *g)
{
    memset(g, 0, sizeof *g * N);
    g[0] = 2000.0 * tanh(2000.0 * w[0]);
    g[1] = w[1] - 30.0;
}

static double iterate(const struct rit_layout *layout, void (*gradient)(const double *, double *),
                      const double *w, int products)
{
    double v[N], here[N], there[N], at[N], work[4 * 2 * 16], lambda = 0.0;
    gradient(w, here);
    rit_slope(layout, 0.0, w, here, here, work);
    rit_curvature_start(layout, 3, w, v, work);
    for (int k = 0; k < products; k++) {
        rit_curvature_look(layout, w, fabs(lambda), v, at);
        gradient(at, there);
        rit_slope(layout, 0.0, at, there, there, work);
        lambda = rit_curvature_take(layout, w, fabs(lambda), here, there, v, work);
    }
    return lambda;
}

static void the_largest_is_found(void **state)
{
    (void)state;
    double w[N];
    for (int i = 0; i < N; i++)
        w[i] = 1.0 / (i + 1);
    rit_assert_near(iterate(&line, bowl, w, 30), 2048.0, 1e-6);
}

/* Far from its origin weights look farther, but not over the walls of a stiff valley. */
static void a_narrow_valley_is_seen(void **state)
{
    (void)state;
    const double w[N] = {0.0, 30.0};
    rit_assert_near(iterate(&line, gorge, w, 30) / 4e6, 1.0, 1e-3);
}

static void curvature_is_that_within_the_group(void **state)
{
    (void)state;
    const double angle = 0.3, w[] = {cos(angle), -sin(angle), sin(angle), cos(angle)};
    rit_assert_near(iterate(&plane, pendulum, w, 3), cos(angle), 1e-3);
}

static void where_nothing_curves_nothing_is_lost(void **state)
{
    (void)state;
    const double w[N] = {0.0};
    double v[N] = {1.0}, here[N] = {0.0}, there[N] = {0.0}, at[N];
    rit_curvature_look(&line, w, 0.0, v, at);
    assert_true(at[0] > 0.0);
    rit_assert_near(rit_curvature_take(&line, w, 0.0, here, there, v, NULL), 0.0, 0.0);
    rit_assert_near(v[0], 1.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_largest_is_found),
                                       cmocka_unit_test(a_narrow_valley_is_seen),
                                       cmocka_unit_test(curvature_is_that_within_the_group),
                                       cmocka_unit_test(where_nothing_curves_nothing_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
