/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All eigenvalues of the kernel of infinite width: of two points in closed form, of more by trace and norm.
 */
#include "circle.h"
#include "running.h"

#include "base/arena.h"
#include "kernel/gram.h"

#include <ritardando/model.h>

#include <stdlib.h>

static const double angle[] = {0.2, 0.9, 1.7, 2.6, 3.3};

/* Theta of these points, [n][n]. */
static void make_theta(const struct rit_point *point, const struct rit_block *block, double *theta)
{
    struct rit_wide wide;
    struct rit_arena measured = {0};
    assert_int_equal(rit_model_of(point)->wide(point, block->in.port, &wide, NULL), RIT_OK);
    rit_gram_open(&wide, block, block, &measured);
    struct rit_arena arena = rit_arena_new(measured.used);
    struct rit_gram gram = rit_gram_open(&wide, block, block, &arena);
    rit_gram_tile(&gram, 0, block->pairs, 0, block->pairs, NULL, theta, block->pairs);
    free(arena.base);
}

static struct rit_outcome spectrum_of(int n, double *theta, const double *given)
{
    struct circle circle;
    struct rit_point point;
    struct rit_outcome outcome;
    make_circle(&circle, n, angle);
    set_circle(&point, (const struct setting[]){{"model.depth", "1"},
                                                {"rule.name", "flow"},
                                                {"stop.tau", "1"},
                                                {"observe.kernel-spectrum", "true"},
                                                {0}});
    make_theta(&point, &circle.block, theta);
    struct rit_run *run = rit_run_new(&point, &circle.block, NULL);
    assert_non_null(run);
    while (!rit_run_advance(run, 1000))
        continue;
    rit_run_give_kernel_spectrum(run, given);
    rit_run_finish(run, &outcome);
    rit_run_free(run);
    return outcome;
}

static const double *eigenvalues(const struct rit_outcome *outcome, int n)
{
    const struct rit_variable *v = rit_outcome_find(outcome, "kernel_eigenvalue");
    assert_non_null(v);
    assert_int_equal(v->count, n);
    assert_false(v->library); /* of few pairs they are our own bits */
    return v->data;
}

static void two_points(void **state)
{
    (void)state;
    double t[4];
    struct rit_outcome outcome = spectrum_of(2, t, NULL);
    const double *value = eigenvalues(&outcome, 2);
    double middle = 0.5 * (t[0] + t[3]), half = hypot(0.5 * (t[0] - t[3]), t[1]);
    rit_assert_near(value[0], middle + half, 1e-14 * value[0]);
    rit_assert_near(value[1], middle - half, 1e-14 * value[0]);
    rit_outcome_release(&outcome);
}

static void trace_and_norm(void **state)
{
    (void)state;
    enum { N = 5 };
    double t[N * N], trace = 0.0, square = 0.0, sum = 0.0, sum_2 = 0.0;
    struct rit_outcome outcome = spectrum_of(N, t, NULL);
    const double *value = eigenvalues(&outcome, N);
    for (int i = 0; i < N; i++) {
        trace += t[i * N + i];
        sum += value[i];
        sum_2 += value[i] * value[i];
        assert_true(value[i] > 0.0 && (i == 0 || value[i] < value[i - 1]));
        for (int j = 0; j < N; j++)
            square += t[i * N + j] * t[i * N + j];
    }
    rit_assert_near(sum, trace, 1e-13 * trace);
    rit_assert_near(sum_2, square, 1e-13 * square);
    rit_outcome_release(&outcome);
}

/* What others have found is taken as it is. */
static void given(void **state)
{
    (void)state;
    static const double others[] = {7.0, 5.0, 3.0, 2.0, 1.0};
    double t[25];
    struct rit_outcome outcome = spectrum_of(5, t, others);
    assert_memory_equal(eigenvalues(&outcome, 5), others, sizeof others);
    rit_outcome_release(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_points),
        cmocka_unit_test(trace_and_norm),
        cmocka_unit_test(given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
