/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "model/layered/haar.h"
#include "testing.h"

#include <stdlib.h>

static double worst_departure(int n, const double *w)
{
    double worst = 0.0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int k = 0; k < n; k++)
                sum += w[i * n + k] * w[j * n + k];
            worst = fmax(worst, fabs(sum - (i == j)));
        }
    }
    return worst;
}

static void haar_is_orthogonal(void **state)
{
    (void)state;
    static double w[100 * 100];
    for (int n = 1; n <= 100; n += 11) {
        struct rit_random random = rit_random_open(3, RIT_FOR_TEST, (uint64_t)n, 0);
        rit_fill_haar(&random, n, w);
        assert_true(worst_departure(n, w) < 1e-14 * n);
    }
}

/* Under the Haar measure E[w_ij^2] = 1/n and E[w_ij^4] = 3/(n(n+2)), in the last row as in the first. */
static void haar_has_the_moments_of_its_measure(void **state)
{
    (void)state;
    enum { N = 4, TRIALS = 20000 };
    double second[N] = {0}, fourth[N] = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        double w[N * N];
        struct rit_random random = rit_random_open(4, RIT_FOR_TEST, (uint64_t)trial, 0);
        rit_fill_haar(&random, N, w);
        for (int i = 0; i < N; i++) {
            second[i] += w[i * N] * w[i * N] / TRIALS;
            fourth[i] += pow(w[i * N], 4) / TRIALS;
        }
    }
    for (int i = 0; i < N;
         i++) { /* four standard errors: sqrt(var w^2 / TRIALS) = .0015, of w^4 about .0014 */
        rit_assert_near(second[i], 1.0 / N, 0.006);
        rit_assert_near(fourth[i], 3.0 / (N * (N + 2.0)), 0.006);
    }
}

static void permutations_are_uniform(void **state)
{
    (void)state;
    enum { N = 3, TRIALS = 6000 };
    int count[27] = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        double w[N * N];
        struct rit_random random = rit_random_open(5, RIT_FOR_TEST, (uint64_t)trial, 0);
        rit_fill_permutation(&random, N, w);
        assert_true(worst_departure(N, w) == 0.0);
        int code = 0;
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                if (w[i * N + j] == 1.0)
                    code = 3 * code + j;
        count[code]++;
    }
    int kinds = 0;
    for (int code = 0; code < 27; code++) {
        if (count[code] == 0)
            continue;
        kinds++;
        assert_in_range(count[code], TRIALS / 6 - 120, TRIALS / 6 + 120); /* four standard deviations of 29 */
    }
    assert_int_equal(kinds, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(haar_is_orthogonal),
        cmocka_unit_test(haar_has_the_moments_of_its_measure),
        cmocka_unit_test(permutations_are_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
