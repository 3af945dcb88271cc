/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elementary functions against the long double ones of libm: errors below 2 ulp, special values, symmetry. */
#include "testing.h"

#include "base/exact.h"
#include "base/random.h"

#include <float.h>

/* Distance to the true value in units of the double's last place there. */
static double ulps(double got, long double wanted)
{
    int e;
    frexpl(wanted, &e);
    if (e < -1021)
        e = -1021; /* subnormals are spaced evenly */
    return (double)fabsl(((long double)got - wanted) / ldexpl(1.0L, e - 53));
}

typedef double function(double);
typedef long double reference(long double);

/* Largest error over evenly spread and, with `wide`, over logarithmically spread x of [low, high]. */
static double largest_error(function *f, reference *g, double low, double high)
{
    double largest = 0.0;
    struct rit_random r = rit_random_open(7, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 200000; i++) {
        double x = low + (high - low) * rit_random_uniform(&r);
        double error = ulps(f(x), g((long double)x));
        if (!(error <= largest)) /* a NaN is the largest */
            largest = error;
    }
    return largest;
}

static double largest_error_near_zero(function *f, reference *g, double high, int signs)
{
    double largest = 0.0;
    struct rit_random r = rit_random_open(8, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 100000; i++) {
        double x = ldexp(high * (0.5 + 0.5 * rit_random_uniform(&r)), -(int)rit_random_below(&r, 300));
        if (signs && i % 2)
            x = -x;
        double error = ulps(f(x), g((long double)x));
        if (!(error <= largest))
            largest = error;
    }
    return largest;
}

#define ASSERT_CLOSE(f, low, high)                                                                           \
    do {                                                                                                     \
        double error = largest_error(rit_##f, f##l, low, high);                                              \
        print_message("%-8s [%g, %g]: %.2f ulp\n", #f, low, high, error);                                    \
        assert_true(error < 2.0);                                                                            \
    } while (0)

#define ASSERT_CLOSE_NEAR_ZERO(f, high, signs)                                                               \
    do {                                                                                                     \
        double error = largest_error_near_zero(rit_##f, f##l, high, signs);                                  \
        print_message("%-8s near 0: %.2f ulp\n", #f, error);                                                 \
        assert_true(error < 2.0);                                                                            \
    } while (0)

static long double sinpil(long double x)
{
    return sinl(3.141592653589793238462643383279502884L * x);
}

static void test_exp(void **state)
{
    (void)state;
    ASSERT_CLOSE(exp, -1.0, 1.0);
    ASSERT_CLOSE(exp, -708.0, 709.7);
    ASSERT_CLOSE(exp, -745.0, -708.0); /* into the subnormals */
    ASSERT_CLOSE_NEAR_ZERO(exp, 1.0, 1);
    assert_true(rit_exp(0.0) == 1.0);
    assert_true(rit_exp(-INFINITY) == 0.0);
    assert_true(rit_exp(-746.0) == 0.0);
    assert_true(rit_exp(709.8) == INFINITY);
    assert_true(isfinite(rit_exp(709.782712893384)));
    assert_true(rit_exp(INFINITY) == INFINITY);
    assert_true(isnan(rit_exp(NAN)));
}

static void test_expm1(void **state)
{
    (void)state;
    ASSERT_CLOSE(expm1, -1.0, 1.0);
    ASSERT_CLOSE(expm1, -40.0, 40.0);
    ASSERT_CLOSE(expm1, 40.0, 709.0);
    ASSERT_CLOSE_NEAR_ZERO(expm1, 1.0, 1);
    assert_true(rit_expm1(0.0) == 0.0);
    assert_true(rit_expm1(-INFINITY) == -1.0);
    assert_true(rit_expm1(INFINITY) == INFINITY);
    assert_true(isnan(rit_expm1(NAN)));
}

static void test_log(void **state)
{
    (void)state;
    ASSERT_CLOSE(log, 0.5, 2.0);
    ASSERT_CLOSE(log, 1e-3, 1e3);
    ASSERT_CLOSE_NEAR_ZERO(log, 1e300, 0);
    assert_true(rit_log(1.0) == 0.0);
    assert_true(rit_log(0.0) == -INFINITY);
    assert_true(rit_log(INFINITY) == INFINITY);
    assert_true(isnan(rit_log(-1.0)));
    assert_true(isnan(rit_log(NAN)));
    assert_true(ulps(rit_log(DBL_MAX), logl(DBL_MAX)) < 2.0);
    assert_true(ulps(rit_log(0x1p-1074), logl(0x1p-1074L)) < 2.0);
}

static void test_log1p(void **state)
{
    (void)state;
    ASSERT_CLOSE(log1p, -0.3, 0.5);
    ASSERT_CLOSE(log1p, -0.999, 10.0);
    ASSERT_CLOSE(log1p, 10.0, 1e9);
    ASSERT_CLOSE_NEAR_ZERO(log1p, 0.5, 1);
    assert_true(rit_log1p(0.0) == 0.0);
    assert_true(rit_log1p(-1.0) == -INFINITY);
    assert_true(rit_log1p(INFINITY) == INFINITY);
    assert_true(isnan(rit_log1p(-1.5)));
    assert_true(isnan(rit_log1p(NAN)));
}

static void test_erf(void **state)
{
    (void)state;
    for (int i = -7000; i <= 7000; i++) {
        double x = i * 1e-3 + 1e-4;
        assert_true(fabs(rit_erf(x) - erf(x)) < 3e-15);
    }
    assert_true(rit_erf(0.0) == 0.0 && rit_erf(7.0) == 1.0 && rit_erf(-INFINITY) == -1.0);
    assert_true(isnan(rit_erf(NAN)));
}

static void test_tanh(void **state)
{
    (void)state;
    ASSERT_CLOSE(tanh, -1.0, 1.0);
    ASSERT_CLOSE(tanh, -25.0, 25.0);
    ASSERT_CLOSE_NEAR_ZERO(tanh, 1.0, 1);
    assert_true(rit_tanh(INFINITY) == 1.0);
    assert_true(rit_tanh(-300.0) == -1.0);
    assert_true(isnan(rit_tanh(NAN)));
    assert_true(signbit(rit_tanh(-0.0)));
}

static void test_atanh(void **state)
{
    (void)state;
    ASSERT_CLOSE(atanh, -0.5, 0.5);
    ASSERT_CLOSE(atanh, -0.9999, 0.9999);
    ASSERT_CLOSE_NEAR_ZERO(atanh, 0.5, 1);
    assert_true(rit_atanh(0.0) == 0.0);
    assert_true(rit_atanh(1.0) == INFINITY);
    assert_true(isnan(rit_atanh(1.5)));
}

static void test_atan(void **state)
{
    (void)state;
    ASSERT_CLOSE(atan, -1.0, 1.0);
    ASSERT_CLOSE(atan, 0.0, 5.0);
    ASSERT_CLOSE(atan, -1e4, 1e4);
    ASSERT_CLOSE_NEAR_ZERO(atan, 1.0, 1);
    assert_true(rit_atan(0.0) == 0.0);
    assert_true(rit_atan(-INFINITY) == -0x1.921fb54442d18p+0);
    assert_true(isnan(rit_atan(NAN)));
}

static void test_sinpi(void **state)
{
    (void)state;
    ASSERT_CLOSE(sinpi, -0.5, 0.5);
    ASSERT_CLOSE_NEAR_ZERO(sinpi, 0.5, 1);
    for (int n = -10; n <= 10; n++) {
        assert_true(rit_sinpi(n) == 0.0);
        assert_true(rit_sinpi(n + 0.5) == (n % 2 ? -1.0 : 1.0));
        assert_true(rit_sinpi(n + 0.25) == (n % 2 ? -1.0 : 1.0) * rit_sinpi(0.25));
    }
    rit_assert_near(rit_sinpi(1.0 / 6.0), 0.5, 2e-16);
}

static void test_pow(void **state)
{
    (void)state;
    struct rit_random r = rit_random_open(9, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 100000; i++) {
        double x = rit_exp(20.0 * rit_random_uniform(&r) - 10.0), y = 20.0 * rit_random_uniform(&r) - 10.0;
        double exponent = fabs(y * log(x));
        assert_true(ulps(rit_pow(x, y), powl(x, y)) < 2.0 + 2.0 * exponent);
    }
    assert_true(rit_pow(3.0, 0.0) == 1.0);
    assert_true(rit_pow(1.0, 1e300) == 1.0);
}

/* Anti-symmetry to the bit: a network and its mirror image learn alike. */
static void test_symmetry(void **state)
{
    (void)state;
    struct rit_random r = rit_random_open(10, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 10000; i++) {
        double x = rit_random_gauss(&r);
        assert_true(rit_tanh(-x) == -rit_tanh(x));
        assert_true(rit_sinpi(-x) == -rit_sinpi(x));
        assert_true(rit_atanh(-x / 8) == -rit_atanh(x / 8));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),   cmocka_unit_test(test_expm1),    cmocka_unit_test(test_log),
        cmocka_unit_test(test_log1p), cmocka_unit_test(test_erf),      cmocka_unit_test(test_tanh),
        cmocka_unit_test(test_atanh), cmocka_unit_test(test_atan),     cmocka_unit_test(test_sinpi),
        cmocka_unit_test(test_pow),   cmocka_unit_test(test_symmetry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
