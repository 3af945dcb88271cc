/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/decay.h"

#include "base/random.h"
#include "phase/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POINTS = 81 };

static void make(double c, double a, double gamma, double scatter, double *tau, double *nll)
{
    struct rit_random random = rit_random_open(5, RIT_FOR_SYNTHETIC, 0, 0);
    tau[0] = 0.0;
    nll[0] = 0.375;
    for (int k = 1; k < POINTS; k++) {
        tau[k] = pow(10.0, (k - 1) / 20.0);
        nll[k] = (c + a * pow(tau[k], -gamma)) * exp(scatter * rit_random_gauss(&random));
    }
    nll[17] = NAN; /* a grid time between two steps */
}

static void power_law_in_the_band(void **state)
{
    (void)state;
    double tau[POINTS], nll[POINTS];
    int first, last;
    make(0.0, 0.9, 0.8, 0.0, tau, nll);
    assert_int_equal(rit_decay_window(POINTS, tau, nll, 0.01, 0.1, 8, &first, &last), RIT_DECAY_BAND);
    for (int k = first; k < last; k++)
        assert_true(isnan(nll[k]) || (nll[k] < 0.1 && nll[k] > 0.01));
    assert_true(nll[first - 1] >= 0.1 && nll[last] <= 0.01);
    struct rit_decay fit = rit_decay_fit(first, last, tau, nll, true);
    assert_true(fit.found);
    assert_float_equal(fit.exponent, 0.8, 1e-8);
    assert_float_equal(fit.amplitude, 0.9, 1e-8);
    fit = rit_decay_fit(first, last, tau, nll, false);
    assert_float_equal(fit.exponent, 0.8, 1e-5);
    assert_float_equal(fit.asymptote, 0.0, 1e-6);
}

static void asymptote_of_a_small_network(void **state)
{
    (void)state;
    double tau[POINTS], nll[POINTS];
    int first, last;
    make(0.11, 0.4, 0.6, 0.0, tau, nll);
    assert_int_equal(rit_decay_window(POINTS, tau, nll, 0.01, 0.1, 8, &first, &last), RIT_DECAY_LATE);
    assert_true(last == POINTS && tau[first] >= 0.1 * tau[POINTS - 1] * (1 - 1e-12) && first == 60);
    struct rit_decay fit = rit_decay_fit(first, last, tau, nll, false);
    assert_true(fit.found);
    assert_float_equal(fit.asymptote, 0.11, 1e-6);
    assert_float_equal(fit.exponent, 0.6, 1e-3);
    make(0.11, 0.4, 0.6, 0.002, tau, nll);
    fit = rit_decay_fit(20, POINTS, tau, nll, false);
    assert_float_equal(fit.asymptote, 0.11, 0.002);
    assert_float_equal(fit.exponent, 0.6, 0.02);
}

static void too_little_is_said(void **state)
{
    (void)state;
    double tau[] = {0, 1, 2, 4, 8}, nll[] = {.37, .09, .05, .03, .009}, flat[] = {.37, .37, .37, .37, .37};
    double none[] = {NAN, NAN, NAN, NAN, NAN}, rising[] = {.37, .05, .06, .07, .09};
    int first, last;
    assert_int_equal(rit_decay_window(5, tau, none, 0.01, 0.1, 8, &first, &last), RIT_DECAY_NONE);
    assert_int_equal(rit_decay_window(5, tau, nll, 0.01, 0.1, 8, &first, &last), RIT_DECAY_NONE);
    assert_int_equal(first, last);
    assert_int_equal(rit_decay_window(0, tau, nll, 0.01, 0.1, 8, &first, &last), RIT_DECAY_NONE);
    assert_int_equal(rit_decay_window(5, tau, nll, 0.01, 0.1, 3, &first, &last), RIT_DECAY_BAND);
    struct rit_decay fit = rit_decay_fit(first, last, tau, nll, true);
    assert_false(fit.found); /* three points */
    assert_int_equal(fit.points, 3);
    assert_false(rit_decay_fit(0, 5, tau, flat, true).found);
    assert_false(rit_decay_fit(0, 5, tau, rising, false).found);
    assert_true(isnan(rit_decay_fit(0, 5, tau, none, false).exponent));
}

static void trends_pass_over_what_is_not_known(void **state)
{
    (void)state;
    double x[] = {1, 2, 3, 4, 5}, y[] = {3, 5, NAN, 9, 100}, error[] = {1, 2, 1, 0.5, INFINITY};
    struct rit_trend trend = rit_trend_fit(5, x, y, error);
    assert_int_equal(trend.points, 3);
    assert_float_equal(trend.slope, 2.0, 1e-12);
    assert_float_equal(trend.intercept, 1.0, 1e-12);
    assert_float_equal(trend.chi2, 0.0, 1e-12);
    assert_true(isnan(rit_trend_fit(1, x, y, error).slope));
    assert_true(isnan(rit_trend_fit(0, x, y, error).intercept));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_law_in_the_band),
        cmocka_unit_test(asymptote_of_a_small_network),
        cmocka_unit_test(too_little_is_said),
        cmocka_unit_test(trends_pass_over_what_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
