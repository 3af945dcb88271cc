/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tanh and the cost of every instruction set, against the C library in double. */
#include "kernel/kernels.h"
#include "testing.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};

enum { SETS = sizeof sets / sizeof sets[0], N = 1 << 16 };

static const struct rit_kernels *kernels_of(int set)
{
    return rit_kernels_named(sets[set]);
}

/* Of all sizes from 2^-40 to 2^6, and of both signs. */
static void fill(float x[N])
{
    for (int i = 0; i < N; i++)
        x[i] = (i % 2 ? -1.0f : 1.0f) * exp2f(-40.0f + 46.0f * (float)i / (N - 1));
}

static void tanh_is_within_four_ulp(void **state)
{
    (void)state;
    static float x[N] __attribute__((aligned(64))), y[N] __attribute__((aligned(64)));
    int tried = 0;
    fill(x);
    for (int s = 0; s < SETS; s++) {
        if (!kernels_of(s))
            continue;
        tried++;
        kernels_of(s)->tanh(N, x, y);
        for (int i = 0; i < N; i++) {
            double exact = tanh((double)x[i]);
            float size = (float)fabs(exact);
            double ulp = (double)size - (double)nextafterf(size, 0.0f);
            assert_true(fabs((double)y[i] - exact) < 4.0 * ulp && fabsf(y[i]) <= 1.0f);
        }
    }
    assert_true(tried > 0);
}

static void tanh_of_the_ends(void **state)
{
    (void)state;
    float x[16] __attribute__((aligned(64))) = {0.0f, -0.0f, NAN, INFINITY, -INFINITY, FLT_MAX, 9.2f};
    float y[16] __attribute__((aligned(64)));
    for (int s = 0; s < SETS; s++) {
        if (!kernels_of(s))
            continue;
        kernels_of(s)->tanh(16, x, y);
        assert_true(y[0] == 0.0f && !signbit(y[0]) && y[1] == 0.0f && signbit(y[1]));
        assert_true(isnan(y[2]));
        assert_true(y[3] == 1.0f && y[4] == -1.0f && y[5] == 1.0f && y[6] == 1.0f);
    }
}

/* Activations and their slopes, to a few float ulp of 1 or of the value. */
static void activations_are_exact(void **state)
{
    (void)state;
    static float x[N] __attribute__((aligned(64))), slope[N] __attribute__((aligned(64)));
    for (int s = 0; s < SETS; s++) {
        for (int phi = RIT_TANH; kernels_of(s) && phi <= RIT_IDENTITY; phi++) {
            fill(x);
            kernels_of(s)->activate((enum rit_activation)phi, N / 16, 16, x, slope);
            static float v[N];
            fill(v);
            for (int i = 0; i < N; i++) {
                double y = (double)v[i], t = tanh(y);
                const double value[] = {t, erf(y), fmax(y, 0.0), sin(y), cos(y), y};
                const double wanted[] = {
                    1.0 - t * t, 2.0 / sqrt(acos(-1.0)) * exp(-y * y), y > 0.0, cos(y), -sin(y), 1.0};
                assert_true(fabs((double)x[i] - value[phi]) <= 4e-7 * fmin(1.0, fabs(value[phi]) + 1e-3) ||
                            (double)x[i] == value[phi]);
                assert_true(fabs((double)slope[i] - wanted[phi]) <= 6e-7);
            }
        }
    }
}

static void activations_keep_nan(void **state)
{
    (void)state;
    for (int s = 0; s < SETS; s++)
        for (int phi = RIT_TANH; kernels_of(s) && phi <= RIT_IDENTITY; phi++) {
            float x[16] __attribute__((aligned(64))) = {1.0f, NAN}, slope[16] __attribute__((aligned(64)));
            kernels_of(s)->activate((enum rit_activation)phi, 1, 16, x, slope);
            assert_true(!isnan(x[0]) && isnan(x[1]));
        }
}

static void activations_keep_padding_zero(void **state)
{
    (void)state;
    float x[32] __attribute__((aligned(64))), slope[32] __attribute__((aligned(64)));
    for (int phi = RIT_TANH; phi <= RIT_IDENTITY; phi++) {
        memset(x, 0, sizeof x);
        kernels_of(SETS - 1)->activate((enum rit_activation)phi, 2, 5, x, slope);
        for (int i = 0; i < 32; i++)
            assert_true(i % 16 < 5 || x[i] == 0.0f);
        assert_true(phi != RIT_RELU || slope[0] == 0.0f);
    }
}

enum { ROWS = 64, WORDS = 2, MOST_LD = 128 };

static double sign_of(const uint64_t *target, int words, int r, int i)
{
    return target[r * words + i / 64] >> i % 64 & 1 ? 1.0 : -1.0;
}

/* E = ln(1 + exp(-2 s h)) and s - tanh h for rows of `width`, without cancellation on either side, and the
 * same bits from every instruction set. */
static void check_nll(int width)
{
    static float h[ROWS * MOST_LD] __attribute__((aligned(64))),
        delta[ROWS * MOST_LD] __attribute__((aligned(64)));
    static uint64_t target[ROWS * WORDS];
    int words = (width + 63) / 64, ld = rit_ld(width);
    double exact = 0.0, first = NAN;
    memset(h, 0, sizeof h);
    for (int k = 0; k < ROWS * words; k++)
        target[k] = 0x9e3779b97f4a7c15u * (uint64_t)(k + 1);
    for (int r = 0; r < ROWS; r++) {
        for (int i = 0; i < width; i++) {
            h[r * ld + i] = 12.0f * sinf(1.7f * (float)(r * width + i));
            double u = sign_of(target, words, r, i) * (double)h[r * ld + i];
            exact += fmax(0.0, -2.0 * u) + log1p(exp(-2.0 * fabs(u)));
        }
    }
    for (int s = 0; s < SETS; s++) {
        if (!kernels_of(s))
            continue;
        double sum = kernels_of(s)->nll(ROWS, width, target, h, delta);
        assert_true(fabs(sum / exact - 1.0) < 1e-6);
        assert_true(isnan(first) || sum == first);
        assert_true(kernels_of(s)->nll(ROWS, width, target, h, NULL) == sum);
        first = sum;
        for (int r = 0; r < ROWS; r++) {
            for (int i = 0; i < ld; i++) {
                double sign = i < width ? sign_of(target, words, r, i) : 0.0;
                double wanted = sign * 2.0 / (1.0 + exp(2.0 * sign * (double)h[r * ld + i]));
                assert_true(fabs((double)delta[r * ld + i] - wanted) <= 4e-7 * fabs(wanted));
            }
        }
    }
}

static void nll_and_delta_are_exact(void **state)
{
    (void)state;
    static const int widths[] = {1, 3, 4, 5, 8, 15, 16, 17, 31, 33, 48, 54, 60, 63, 64, 65, 88, 97, 127, 128};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        check_nll(widths[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tanh_is_within_four_ulp), cmocka_unit_test(tanh_of_the_ends),
        cmocka_unit_test(activations_are_exact),   cmocka_unit_test(activations_keep_padding_zero),
        cmocka_unit_test(activations_keep_nan),    cmocka_unit_test(nll_and_delta_are_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
