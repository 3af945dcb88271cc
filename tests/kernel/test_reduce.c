/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "kernel/kernels.h"
#include "testing.h"

/* The order that kernels.h promises, in plain loops. */
static double in_lanes(size_t n, const double *x, const double *y)
{
    double lane[8] = {0.0};
    for (size_t i = 0; i < n; i++) {
        double d = y ? x[i] - y[i] : x[i];
        lane[i % 8] += d * d;
    }
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

enum { N = 200 };

static void fill(uint64_t stream, double x[N])
{
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, stream, 0);
    for (int i = 0; i < N; i++)
        x[i] = rit_random_gauss(&random);
}

/* To the bit, by every instruction set this machine has, for every length of the tail, every alignment and
 * any number of arrays. */
static void sums_have_the_promised_order(void **state)
{
    (void)state;
    enum { ARRAYS = 13 };
    static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
    double x[N], y[ARRAYS][N], sum[ARRAYS];
    const double *at[ARRAYS];
    fill(0, x);
    for (int i = 0; i < ARRAYS; i++) {
        fill((uint64_t)i + 1, y[i]);
        at[i] = y[i] + i % 3;
    }
    int tried = 0;
    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
        const struct rit_kernels *kernels = rit_kernels_named(sets[s]);
        for (size_t n = 0; kernels && n <= 100; n++) {
            for (size_t from = 0; from < 3; from++)
                rit_assert_near(kernels->sum_squares(n, x + from), in_lanes(n, x + from, NULL), 0.0);
            for (int count = 1; count <= ARRAYS; count++) {
                kernels->distances(n, x + 1, count, at, sum);
                for (int i = 0; i < count; i++)
                    rit_assert_near(sum[i], in_lanes(n, x + 1, at[i]), 0.0);
            }
        }
        tried += kernels != NULL;
    }
    assert_true(tried > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_have_the_promised_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
