/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far runs are expected to go, by what others did; and how fast. */
#include "testing.h"

#include "base/random.h"
#include "sweep/forecast.h"
#include "sweep/pace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rit_config config;
static struct rit_roster roster;
static struct rit_stored *stored;
static const struct rit_stored **have;
static struct rit_guess *guess;

static void plan(const char *text)
{
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_parse("a.yaml", text, strlen(text), &config, &err) != RIT_OK)
        fail_msg("%s", err.text);
    size_t n = (size_t)rit_plan_count(&config);
    roster = (struct rit_roster){.count = (int)n, .plan = calloc(n, sizeof *roster.plan)};
    stored = calloc(n, sizeof *stored);
    have = calloc(n, sizeof *have);
    guess = calloc(n, sizeof *guess);
    for (int i = 0; i < (int)n; i++)
        roster.plan[i] = i;
}

static void forget(void)
{
    free(roster.plan);
    free(stored);
    free(have);
    free(guess);
    rit_config_release(&config);
}

/* The run is over: it learned at tau, or was stopped at `stop`. */
static void run(int i, double tau, double stop)
{
    stored[i] = (struct rit_stored){.end = tau < stop ? RIT_END_LEARNED : RIT_END_CENSORED,
                                    .tau = tau < stop ? tau : stop};
    have[i] = &stored[i];
}

static double width_of(int i)
{
    struct rit_point point;
    rit_plan_point(&config, i, &point);
    return (double)rit_point_int(&point, "model.width");
}

/* 1/tau = 0.001 (N_h - 9): runs up to width 16 are known, stopped ones included, those beyond are foretold.
 */
static void test_a_line_foretells_its_own(void **state)
{
    (void)state;
    plan("grid: {width: [6, 8, 10, 12, 14, 16, 30, 60], seed: {from: 1, to: 10}}\nstop: {tau: 500}");
    struct rit_random random = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 60; i++) {
        double above = width_of(i) - 9;
        run(i, above > 0 ? 1000 / above * exp(0.2 * rit_random_gauss(&random)) : INFINITY, 500);
    }
    rit_forecast(&config, &roster, have, guess);
    for (int i = 0; i < 80; i++)
        assert_int_equal(guess[i].basis, RIT_BASIS_LINE);
    assert_true(guess[0].share == 1); /* width 6 */
    double at_30 = 1000. / 21 / 500, at_60 = 1000. / 51 / 500;
    assert_true(fabs(guess[60].share / at_30 - 1) < 0.25);
    assert_true(guess[60].low < at_30 && at_30 < guess[60].high);
    assert_true(fabs(guess[70].share / at_60 - 1) < 0.3);
    assert_true(rit_guess_at(&guess[70], 0.16) < guess[70].share &&
                guess[70].share < rit_guess_at(&guess[70], 0.84));
    forget();
}

/* Depth 2 has no runs yet: depth 1 stands in, with more doubt. Width 10 of it is the slowest. */
static void test_a_line_borrows_from_the_nearest(void **state)
{
    (void)state;
    plan("grid: {depth: [1, 2, 8], width: [10, 20, 40], seed: [1, 2, 3]}\nstop: {tau: 5000}");
    for (int i = 0; i < 9; i++)
        run(i, 1000 / (width_of(i) - 9) * (1 + 0.01 * (i % 3)), 5000);
    rit_forecast(&config, &roster, have, guess);
    assert_int_equal(guess[9].basis, RIT_BASIS_OTHER);
    assert_true(guess[9].share > guess[12].share && guess[12].share > guess[15].share);
    assert_true(guess[15].scatter > guess[6].scatter && guess[24].scatter > guess[15].scatter);
    forget();
}

static void test_nothing_known(void **state)
{
    (void)state;
    plan("grid: {width: [10, 20], seed: [1, 2, 3], stop.when-learned: [true, false]}");
    rit_forecast(&config, &roster, have, guess);
    assert_int_equal(guess[0].basis, RIT_BASIS_PRIOR);
    assert_true(fabs(guess[0].low - 0.01) < 1e-12 && guess[0].high == 1);
    assert_int_equal(guess[1].basis, RIT_BASIS_END); /* goes on when it has learned */
    assert_true(guess[1].share == 1 && guess[1].low == 1);
    run(0, INFINITY, 1000);
    rit_forecast(&config, &roster, have, guess);
    assert_int_equal(guess[2].basis, RIT_BASIS_LINE); /* width 10 does not learn; 20 may */
    assert_int_equal(guess[6].basis, RIT_BASIS_PRIOR);
    have[0] = NULL;
    run(4, 50, 1000);
    stored[4].end = RIT_END_DIVERGED; /* says nothing */
    rit_forecast(&config, &roster, have, guess);
    assert_int_equal(guess[0].basis, RIT_BASIS_PRIOR);
    forget();
}

static void test_a_mean_is_that_of_its_draws(void **state)
{
    (void)state;
    struct rit_guess one = rit_guess_of(log(0.5), 0.8, RIT_BASIS_LINE);
    double sum = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++)
        sum += rit_guess_at(&one, (i + 0.5) / N);
    assert_true(fabs(sum / N - one.share) < 1e-4);
}

/* A run that has gone on for longer than it was thought to is not at its end: what is left is a mean, too. */
static void test_what_is_left_beyond(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct rit_guess one = rit_guess_of(log(0.4), 0.35, RIT_BASIS_LINE),
                     never = rit_guess_of(0, 0, RIT_BASIS_END);
    const double ahead[] = {0.2, 0.4, 0.8};
    for (int k = 0; k < 3; k++) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < N; i++) {
            double share = rit_guess_at(&one, (i + 0.5) / N);
            n += share > ahead[k];
            sum += fmax(0, share - ahead[k]);
        }
        struct rit_guess left = rit_guess_beyond(&one, ahead[k]);
        assert_true(fabs(left.share / (sum / n) - 1) < 0.02);
        assert_true(0 < left.low && left.low < left.share && left.share < left.high &&
                    left.high <= 1 - ahead[k]);
        assert_true(rit_guess_beyond_at(&one, ahead[k], 1e-9) < 1e-6);
    }
    assert_true(rit_guess_beyond(&one, 0).share == one.share && rit_guess_beyond(&one, 0).high == one.high);
    assert_true(fabs(rit_guess_beyond(&never, 0.3).share - 0.7) < 1e-12 &&
                rit_guess_beyond(&never, 1).high == 0);
    struct rit_guess late = rit_guess_beyond(&one, 0.9999999);
    assert_true(late.share >= 0 && late.share <= 1e-7);
}

static void test_pace(void **state)
{
    (void)state;
    struct rit_point small, gru;
    struct rit_pace pace = {0};
    rit_point_init(&small, rit_registry());
    gru = small;
    rit_point_set(&gru, "model.name", "gru");
    rit_pace_settle(&pace);
    assert_true(isnan(rit_pace_of(&pace, &small, 1e6)));
    rit_pace_add(&pace, &small, 1e4, 10, 1e-4); /* 1e-9 s each */
    rit_pace_add(&pace, &small, 1e8, 1, 1e-2);  /* 1e-10 */
    rit_pace_add(&pace, &small, 1e8, 3, 3e-2);
    rit_pace_add(&pace, &small, 1e8, 0, 0); /* none */
    rit_pace_settle(&pace);
    assert_int_equal(pace.n, 2);
    assert_true(fabs(rit_pace_of(&pace, &small, 1e6) / sqrt(1e-19) - 1) < 1e-9);
    assert_true(fabs(rit_pace_of(&pace, &small, 1e9) / 1e-10 - 1) < 1e-9);
    assert_true(fabs(rit_pace_of(&pace, &small, 10) / 1e-9 - 1) < 1e-9);
    assert_true(rit_pace_knows(&pace, &small) && !rit_pace_knows(&pace, &gru));
    assert_true(fabs(rit_pace_of(&pace, &gru, 1) / (0.0401 / 4.001e8) - 1) < 1e-9); /* better than nothing */
    rit_pace_release(&pace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_foretells_its_own),
        cmocka_unit_test(test_a_line_borrows_from_the_nearest),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_a_mean_is_that_of_its_draws),
        cmocka_unit_test(test_what_is_left_beyond),
        cmocka_unit_test(test_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
