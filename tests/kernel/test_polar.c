/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "kernel/polar.h"
#include "model/layered/haar.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* X = Q P with Q orthogonal and P symmetric positive has the polar factor Q. */
static void check_polar(int n, double spread)
{
    size_t size = (size_t)n * (size_t)n;
    double *q = calloc(size, sizeof *q), *v = calloc(size, sizeof *v), *x = calloc(size, sizeof *x);
    double *p = calloc(size, sizeof *p), *work = calloc(rit_polar_work(n), sizeof *work);
    struct rit_random random = rit_random_open(6, RIT_FOR_TEST, (uint64_t)n, 0);
    rit_fill_haar(&random, n, q);
    rit_fill_haar(&random, n, v);
    for (int k = 0; k < n; k++) { /* P = V diag(s) V^T */
        double s = 1.0 + spread * (rit_random_uniform(&random) - 0.5);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                p[i * n + j] += v[i * n + k] * s * v[j * n + k];
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++)
                x[i * n + j] += q[i * n + k] * p[k * n + j];
    assert_true(rit_polar_project(n, x, work));
    for (size_t i = 0; i < size; i++)
        rit_assert_near(x[i], q[i], 1e-13 * n);
    free(q), free(v), free(x), free(p), free(work);
}

static void nearest_orthogonal_matrix(void **state)
{
    (void)state;
    for (int n = 1; n <= 70; n += 23) {
        check_polar(n, 0.02); /* the drift of 200 steps */
        check_polar(n, 1.8);  /* singular values between 0.1 and 1.9: must be scaled down first */
    }
}

static void refuses_what_has_no_polar_factor(void **state)
{
    (void)state;
    double work[128], zero[4] = {0}, broken[4] = {1.0, 0.0, 0.0, NAN}, singular[4] = {1.0, 1.0, 1.0, 1.0};
    assert_true(rit_polar_work(2) <= sizeof work / sizeof work[0]);
    assert_false(rit_polar_project(2, zero, work));
    assert_false(rit_polar_project(2, broken, work));
    assert_false(rit_polar_project(2, singular, work));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_orthogonal_matrix),
        cmocka_unit_test(refuses_what_has_no_polar_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
