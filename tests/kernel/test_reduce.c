/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "kernel/reduce.h"
#include "testing.h"

/* The order that reduce.h promises, in plain loops. */
static double in_lanes(size_t n, const double *x, const double *y)
{
    double lane[8] = {0.0};
    for (size_t i = 0; i < n; i++) {
        double d = y ? x[i] - y[i] : x[i];
        lane[i % 8] += d * d;
    }
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* To the bit, for every length of the tail and every alignment of the arrays. */
static void sums_have_the_promised_order(void **state)
{
    (void)state;
    enum { N = 200 };
    double x[N], y[N];
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < N; i++) {
        x[i] = rit_random_gauss(&random);
        y[i] = rit_random_gauss(&random);
    }
    for (size_t n = 0; n <= 100; n++) {
        for (size_t at = 0; at < 3; at++) {
            rit_assert_near(rit_sum_sq(n, x + at), in_lanes(n, x + at, NULL), 0.0);
            rit_assert_near(rit_sum_sq_diff(n, x + at, y + 2 * at), in_lanes(n, x + at, y + 2 * at), 0.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_have_the_promised_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
