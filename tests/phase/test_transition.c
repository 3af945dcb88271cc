/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/transition.h"

#include "golden_transition.h"
#include "phase/bootstrap.h"
#include "phase/critical.h"
#include "phase/profile.h"
#include "phase/quantile.h"
#include "phase/tobit.h"
#include "synthetic.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 36, CELLS = 9, EACH = 4 };

static void golden_line(double *width, int *start, struct rit_lifetime *life, struct rit_line *line)
{
    for (int c = 0; c <= CELLS; c++)
        start[c] = c * EACH;
    for (int c = 0; c < CELLS; c++)
        width[c] = golden_width[c * EACH];
    for (int r = 0; r < RUNS; r++)
        life[r] = (struct rit_lifetime){golden_tau[r], golden_censored[r]};
    *line = (struct rit_line){CELLS, width, start, life};
}

static void equals_scipy(void **state)
{
    (void)state;
    double width[CELLS];
    int start[CELLS + 1];
    struct rit_lifetime life[RUNS];
    struct rit_line line;
    golden_line(width, start, life, &line);
    const double *golden[] = {golden_linear, golden_free};
    const double exponent[] = {1.0, NAN};
    for (int i = 0; i < 2; i++) {
        struct rit_power fit = rit_power_fit(&line, 0, CELLS, NULL, exponent[i]);
        assert_true(fit.found && !fit.open);
        assert_float_equal(fit.critical, golden[i][0], 1e-5);
        assert_float_equal(fit.rate / golden[i][1], 1.0, 1e-4);
        assert_float_equal(fit.exponent, golden[i][2], 1e-5);
        assert_float_equal(fit.sigma, golden[i][3], 1e-5);
        assert_float_equal(fit.loglik, golden[i][4], 1e-7);
        assert_float_equal(rit_power_profile(&line, 0, CELLS, NULL, exponent[i], fit.critical), fit.loglik,
                           1e-9);
    }
}

/* A run that counts twice is the same as two runs. */
static void weights_are_counts(void **state)
{
    (void)state;
    struct truth truth = {10.4, 0.002, 1.0, 0.2, 600.0};
    struct synthetic s;
    synthetic_make(&truth, 3, &s);
    double weight[SYNTHETIC_RUNS];
    struct rit_lifetime life[2 * SYNTHETIC_RUNS];
    int start[SYNTHETIC_CELLS + 1] = {0}, n = 0;
    for (int c = 0; c < SYNTHETIC_CELLS; c++) {
        for (int r = s.start[c]; r < s.start[c + 1]; r++) {
            weight[r] = r % 3;
            for (int k = 0; k < r % 3; k++)
                life[n++] = s.life[r];
        }
        start[c + 1] = n;
    }
    struct rit_line copied = {SYNTHETIC_CELLS, s.width, start, life};
    struct rit_power a = rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, weight, NAN);
    struct rit_power b = rit_power_fit(&copied, 0, SYNTHETIC_CELLS, NULL, NAN);
    assert_float_equal(a.critical, b.critical, 1e-6);
    assert_float_equal(a.exponent, b.exponent, 1e-6);
}

/* Times exactly on the law: every estimator finds it, and the scatter ends at its floor. */
static void exact_law(void **state)
{
    (void)state;
    struct truth truth = {10.4, 0.002, 1.0, 0.0, 1e9};
    struct synthetic s;
    synthetic_make(&truth, 0, &s);
    struct rit_power fit = rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, NULL, 1.0);
    assert_float_equal(fit.critical, 10.4, 1e-6);
    assert_float_equal(fit.rate, 0.002, 1e-8);
    assert_float_equal(fit.sigma, RIT_SIGMA_MIN, 1e-9);
    fit = rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, NULL, NAN);
    assert_float_equal(fit.critical, 10.4, 1e-4);
    assert_float_equal(fit.exponent, 1.0, 1e-4);
    struct rit_straight straight = rit_straight_fit(&s.line, 0, SYNTHETIC_CELLS);
    assert_float_equal(straight.critical, 10.4, 1e-9);
    assert_int_equal(straight.cells, 6);
    assert_float_equal(straight.chi2, 0.0, 1e-9);
}

static void nothing_to_fit_is_said(void **state)
{
    (void)state;
    double width[] = {4, 6, 8, 10};
    int start[] = {0, 2, 4, 6, 8};
    struct rit_lifetime life[8];
    struct rit_line line = {4, width, start, life};

    /* nothing learned */
    for (int r = 0; r < 8; r++)
        life[r] = (struct rit_lifetime){100, true};
    assert_false(rit_power_fit(&line, 0, 4, NULL, 1.0).found);
    assert_true(isnan(rit_straight_fit(&line, 0, 4).critical));
    int parameters;
    assert_true(rit_power_saturated(&line, 0, 4, &parameters) == 0.0 && parameters == 0);

    /* everything learned at the first look: no width is critical, the likelihood grows towards N_c = -inf */
    for (int r = 0; r < 8; r++)
        life[r] = (struct rit_lifetime){1, false};
    struct rit_power fit = rit_power_fit(&line, 0, 4, NULL, 1.0);
    assert_true(fit.found && fit.open);

    /* one width learned */
    for (int r = 0; r < 6; r++)
        life[r].censored = true;
    assert_false(rit_power_fit(&line, 0, 4, NULL, 1.0).found);

    /* no cell at all */
    line.cells = 0;
    assert_false(rit_power_fit(&line, 0, 0, NULL, 1.0).found);
    int first, last;
    rit_window(&line, 2.0, 4, &first, &last);
    assert_true(first == 0 && last == 0);
}

/* Censored runs below N_c say nothing against the fit, those above it pull N_c up. */
static void censoring_pulls_the_right_way(void **state)
{
    (void)state;
    struct truth truth = {10.4, 0.002, 1.0, 0.1, 1e9};
    struct synthetic s;
    synthetic_make(&truth, 1, &s);
    double free_of_it = rit_power_fit(&s.line, 4, SYNTHETIC_CELLS, NULL, 1.0).critical;
    assert_float_equal(rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, NULL, 1.0).critical, free_of_it, 1e-6);
    int lowest = s.start[4]; /* width 11, the lowest above N_c */
    s.life[lowest] = (struct rit_lifetime){1e6, true};
    double pulled = rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, NULL, 1.0).critical;
    assert_true(pulled > free_of_it + 0.01);
    assert_true(pulled < 11.0);
}

/* 2 (saturated - fit) follows chi-squared with 6 - 2 degrees of freedom: mean 4. */
static void lack_of_fit_has_its_mean(void **state)
{
    (void)state;
    struct truth truth = {10.4, 0.002, 1.0, 0.15, 1e9};
    double sum = 0.0;
    enum { REPETITIONS = 300 };
    for (uint64_t k = 0; k < REPETITIONS; k++) {
        struct synthetic s;
        synthetic_make(&truth, k, &s);
        int parameters;
        double best = rit_power_saturated(&s.line, 0, SYNTHETIC_CELLS, &parameters);
        assert_int_equal(parameters, 6);
        double lack = 2.0 * (best - rit_power_fit(&s.line, 0, SYNTHETIC_CELLS, NULL, 1.0).loglik);
        assert_true(lack > -1e-6);
        sum += lack;
    }
    /* The law is that of many runs; with 30 its mean is larger by about n/(n - p). */
    double mean = sum / REPETITIONS, error = sqrt(8.0 / REPETITIONS);
    print_message("mean of twice the log-likelihood ratio: %.3f (4 expected, 30 runs)\n", mean);
    assert_in_range((uint64_t)(1000 * mean), (uint64_t)(1000 * (4.0 - 3 * error)),
                    (uint64_t)(1000 * (4.0 * 30 / 24 + 3 * error)));
}

/* With three seeds and every amount of censoring. Of few learned widths the slope may be nothing. */
static void the_straight_interval_contains_its_estimate(void **state)
{
    (void)state;
    int closed = 0;
    for (uint64_t k = 0; k < 400; k++) {
        struct truth truth = {10.4, 0.002, 1.0, 0.05 + 0.1 * (double)(k % 4),
                              100.0 + 10.0 * (double)(k % 40)};
        struct synthetic s;
        synthetic_make(&truth, k, &s);
        struct rit_lifetime life[3 * SYNTHETIC_CELLS];
        int start[SYNTHETIC_CELLS + 1] = {0};
        for (int c = 0; c < SYNTHETIC_CELLS; c++) {
            memcpy(&life[3 * c], &s.life[s.start[c]], 3 * sizeof *life);
            start[c + 1] = 3 * (c + 1);
        }
        const struct rit_lifetime *lives[] = {life};
        double eps = 0.01;
        struct rit_analysis_options options = {0.6827, 100, 1, 2.0, false, 0};
        struct rit_transition t;
        rit_transition_analyse(SYNTHETIC_CELLS, s.width, start, 1, &eps, lives, &options, 0, &t);
        struct rit_estimate e = t.at[0].straight;
        if (!isnan(e.low)) {
            assert_true(e.low <= e.value && e.value <= e.high);
            closed += isfinite(e.high);
        }
        rit_transition_release(&t);
    }
    assert_true(closed > 350);
}

/* Two widths and two runs each, by hand: 1/tau = .1 and .2 at 10 and 11, N_c = 9. */
static void the_straight_interval_is_fiellers(void **state)
{
    (void)state;
    double width[] = {10, 11};
    int start[] = {0, 2, 4};
    double up = exp(0.1);
    struct rit_lifetime life[] = {
        {10.0 * up, false}, {10.0 / up, false}, {5.0 * up, false}, {5.0 / up, false}};
    struct rit_line line = {2, width, start, life};
    struct rit_straight fit = rit_straight_fit(&line, 0, 2);
    assert_float_equal(fit.freedom, 2.0, 0.0);
    assert_float_equal(fit.critical, 9.0, 1e-9);
    struct rit_estimate e = rit_straight_interval(&fit, 0.9);
    double t = 2.919985580353726; /* of .95 and two degrees of freedom */
    for (int i = 0; i < 2; i++) {
        double n = i ? e.high : e.low, c = cosh(0.1);
        /* y0 (11 - N) + y1 (N - 10) = 0, and errors of y: .1 y for both, the mean being 1/cosh(.1) of y */
        double y0 = 0.1 / c, y1 = 0.2 / c;
        double value = y0 * (11 - n) + y1 * (n - 10);
        double error = 0.1 * hypot(y0 * (11 - n), y1 * (n - 10));
        assert_float_equal(fabs(value) / error, t, 1e-6);
    }
    assert_true(e.low < 9.0 && 9.0 < e.high);
}

static void the_window_follows_its_rule(void **state)
{
    (void)state;
    double width[] = {4, 8, 10, 12, 16, 19, 24, 40};
    int start[] = {0, 2, 4, 6, 8, 10, 12, 14, 16};
    struct rit_lifetime life[16];
    struct rit_line line = {8, width, start, life};
    for (int r = 0; r < 16; r++)
        life[r] = (struct rit_lifetime){50, r < 5}; /* half of width 10 learned */
    int first, last;
    rit_window(&line, 2.0, 4, &first, &last);
    assert_int_equal(first, 0);
    assert_int_equal(last, 6); /* up to 19 <= 2 * 10 */
    rit_window(&line, 1.0, 4, &first, &last);
    assert_int_equal(last, 6); /* four widths with learned runs: 10, 12, 16, 19 */
    rit_window(&line, 9.0, 4, &first, &last);
    assert_int_equal(last, 8);
}

/* A straight line without censored runs: log tau is linear in log(N_h - N_c), so that at N_c held the
 * likelihood of z has Student's interval; with few runs it is wider than that of many. And two seeds that
 * happen to agree at the lowest widths make no small error. */
static void few_seeds_have_honest_errors(void **state)
{
    (void)state;
    static const double width[] = {12, 14, 16, 18, 20};
    static const int start[] = {0, 2, 4, 6, 8, 10};
    struct rit_lifetime life[10];
    for (int r = 0; r < 10; r++) {
        double scatter = r < 4 ? 1.0 : r % 2 ? 1.3 : 1.0 / 1.3; /* the two lowest widths have none */
        life[r] = (struct rit_lifetime){scatter / (0.002 * (width[r / 2] - 10.0)), false};
    }
    struct rit_line line = {5, width, start, life};
    struct rit_power fit = rit_power_fit(&line, 0, 5, NULL, 1.0);
    struct rit_estimate e = rit_profile_critical(&line, 0, 5, 1.0, &fit, 0.6827),
                        wide = rit_profile_critical(&line, 0, 5, 1.0, &fit, 0.95);
    assert_true(e.low < e.value && e.value < e.high && e.high < 12.0 && wide.high < 12.0);
    assert_true(e.high - e.low > 0.3);
    assert_true(wide.low < e.low - 0.3 && e.high < wide.high);
    double fall = fit.loglik - rit_power_profile(&line, 0, 5, NULL, 1.0, e.low);
    double t = 1.0671; /* Student's, of .6827 and eight degrees of freedom */
    assert_float_equal(fall, 5.0 * log1p(t * t / 8.0), 2e-3);
}

/* Cells of one run are thrown together, the others are drawn one by one; a lone one stays. */
static void single_runs_are_drawn_apart(void **state)
{
    (void)state;
    static const int lone[] = {0, 1, 4, 7}, two[] = {0, 1, 4, 5};
    double w[7];
    for (uint64_t b = 0; b < 50; b++) {
        rit_bootstrap_draw(1, b, 0, 3, lone, w);
        assert_true(w[0] == 1.0 && w[1] + w[2] + w[3] == 2.0 && w[4] + w[5] + w[6] == 2.0);
        rit_bootstrap_draw(1, b, 0, 3, two, w);
        assert_true(w[0] + w[4] == 1.0 && w[1] + w[2] + w[3] == 2.0);
    }
}

static void normal_tail_is_accurate(void **state)
{
    (void)state;
    double hazard;
    assert_float_equal(rit_log_phi(0.0, &hazard), -log(2.0), 1e-15);
    assert_float_equal(hazard, sqrt(2.0 / M_PI), 1e-15);
    assert_float_equal(rit_log_phi(-40.0, &hazard), -804.608442013754, 1e-9);
    assert_float_equal(hazard, 40.0249688, 1e-6);
    assert_float_equal(rit_log_phi(-5.0000001, &hazard), rit_log_phi(-4.9999999, &hazard), 2e-6);
    assert_float_equal(rit_log_phi(-2.0000001, &hazard), rit_log_phi(-1.9999999, &hazard), 5e-7);
    for (double u = -1.99; u < 2; u += 0.25)
        assert_float_equal(rit_log_phi(u, &hazard), log(0.5 * erfc(-u / sqrt(2.0))), 2e-13);
    assert_float_equal(rit_log_phi(-2.5, &hazard), -5.0816487, 1e-6);
    assert_float_equal(rit_log_phi(2.5, &hazard), log1p(-0.5 * erfc(2.5 / sqrt(2.0))), 1e-17);
    assert_float_equal(rit_log_phi(9.0, &hazard), -1.1285884059538e-19, 1e-31);
}

static void quantiles_of_t_are_gsls(void **state)
{
    (void)state;
    static const double level[] = {0.1, 0.6827, 0.95, 0.999};
    for (int freedom = 1; freedom < 2000; freedom += freedom < 20 ? 1 : 97)
        for (int i = 0; i < 4; i++) {
            double wanted = gsl_cdf_tdist_Pinv(0.5 + 0.5 * level[i], freedom);
            assert_float_equal(rit_t_quantile(level[i], freedom), wanted, 1e-9 * wanted);
            assert_float_equal(rit_t_within(wanted, freedom), level[i], 1e-12);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_scipy),
        cmocka_unit_test(weights_are_counts),
        cmocka_unit_test(exact_law),
        cmocka_unit_test(nothing_to_fit_is_said),
        cmocka_unit_test(censoring_pulls_the_right_way),
        cmocka_unit_test(lack_of_fit_has_its_mean),
        cmocka_unit_test(the_straight_interval_contains_its_estimate),
        cmocka_unit_test(the_straight_interval_is_fiellers),
        cmocka_unit_test(few_seeds_have_honest_errors),
        cmocka_unit_test(single_runs_are_drawn_apart),
        cmocka_unit_test(the_window_follows_its_rule),
        cmocka_unit_test(normal_tail_is_accurate),
        cmocka_unit_test(quantiles_of_t_are_gsls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
