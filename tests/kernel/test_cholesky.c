/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors of kernels: L L^T is the matrix, also one of low rank, and rows of other pairs go on with it. */
#include "kernel/cholesky.h"

#include "base/arena.h"
#include "base/random.h"
#include "kernel/kernels.h"
#include "testing.h"

#include <stdlib.h>

enum { N = 21, M = 5 }; /* rows of the matrix, and further ones */

/* Rows of `rank` Gaussian numbers, and the products of the first N with all. */
static void make_rows(int rank, double rows[N + M][N])
{
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, (uint64_t)rank, 0);
    for (int i = 0; i < N + M; i++)
        for (int k = 0; k < N; k++)
            rows[i][k] = k < rank ? rit_random_gauss(&random) : 0.0;
}

static double product(const double *x, const double *y)
{
    double sum = 0.0;
    for (int k = 0; k < N; k++)
        sum += x[k] * y[k];
    return sum;
}

static void check(int rank)
{
    double rows[N + M][N], diagonal[N];
    int ld = rit_ld(N), ld_m = rit_ld(M);
    struct rit_arena measure = {0};
    rit_factor_open(N, &measure);
    struct rit_arena arena = rit_arena_new(measure.used);
    struct rit_factor factor = rit_factor_open(N, &arena);
    double *matrix = calloc((size_t)(N * ld), sizeof *matrix),
           *cross = calloc((size_t)(N * ld_m), sizeof *cross),
           *column = calloc((size_t)(N * ld_m), sizeof *column);
    make_rows(rank, rows);
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++)
            matrix[i * ld + j] = product(rows[i], rows[j]);
        for (int j = 0; j < M; j++)
            cross[i * ld_m + j] = product(rows[i], rows[N + j]);
    }
    rit_factor_make(&factor, matrix, 1e-10, diagonal);
    rit_factor_extend(&factor, cross, ld_m, column);
    assert_int_equal(factor.rank, rank);
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N + M; j++) {
            double sum = 0.0;
            for (int k = 0; k < rank; k++)
                sum += factor.column[k * ld + i] *
                       (j < N ? factor.column[k * ld + j] : column[k * ld_m + j - N]);
            rit_assert_near(sum, product(rows[i], rows[j]), 1e-11);
        }
    }
    free(matrix);
    free(cross);
    free(column);
    free(arena.base);
}

static void factors_make_the_matrix(void **state)
{
    (void)state;
    check(N);
    check(3);
    check(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(factors_make_the_matrix)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
