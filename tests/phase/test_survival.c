/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/survival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(a) ((int)(sizeof(a) / sizeof *(a)))

/* Weeks in remission under 6-mercaptopurine, Freireich et al. 1963: the textbook example. */
static struct rit_lifetime remission[] = {
    {6, true},   {6, false},  {6, false},  {6, false},  {7, false}, {9, true},  {10, true},
    {10, false}, {11, true},  {13, false}, {16, false}, {17, true}, {19, true}, {20, true},
    {22, false}, {23, false}, {25, true},  {32, true},  {32, true}, {34, true}, {35, true},
};

static void the_textbook_curve(void **state)
{
    (void)state;
    struct rit_survival_step step[LENGTH(remission)];
    int steps = rit_survival_curve(remission, LENGTH(remission), 0.95, step);
    static const double tau[] = {6, 7, 10, 13, 16, 22, 23};
    static const int at_risk[] = {21, 17, 15, 12, 11, 7, 6};
    static const double s[] = {.8571, .8067, .7529, .6902, .6275, .5378, .4482};
    /* limits on the log(-log S) scale */
    static const double low[] = {.6197, .5631, .5032, .4316, .3675, .2678, .1881};
    static const double high[] = {.9516, .9228, .8894, .8491, .8049, .7468, .6801};
    assert_int_equal(steps, 7);
    for (int i = 0; i < steps; i++) {
        assert_true(step[i].tau == tau[i]);
        assert_int_equal(step[i].at_risk, at_risk[i]);
        assert_float_equal(step[i].s, s[i], 1e-4);
        assert_float_equal(step[i].low, low[i], 2e-4);
        assert_float_equal(step[i].high, high[i], 2e-4);
    }
    struct rit_estimate median = rit_survival_median(remission, LENGTH(remission), 0.95);
    assert_true(median.value == 23.0 && median.low == 13.0 && isinf(median.high));
}

static void without_censoring_it_is_the_usual_median(void **state)
{
    (void)state;
    struct rit_lifetime odd[] = {{5, false}, {1, false}, {9, false}, {3, false}, {4, false}};
    struct rit_lifetime even[] = {{5, false}, {1, false}, {9, false}, {3, false}};
    assert_true(rit_survival_median(odd, LENGTH(odd), 0.68).value == 4.0);
    assert_true(rit_survival_median(even, LENGTH(even), 0.68).value == 4.0);
    struct rit_estimate band = rit_survival_median(odd, LENGTH(odd), 0.68);
    assert_true(band.low < 4.0 && band.high > 4.0 && isfinite(band.high));
}

static void few_runs_say_little_and_say_so(void **state)
{
    (void)state;
    struct rit_lifetime one[] = {{7, false}}, waiting[] = {{7, true}};
    struct rit_lifetime censored[] = {{10, true}, {10, true}, {10, true}};
    struct rit_lifetime same[] = {{2, false}, {2, false}, {2, false}};
    struct rit_estimate e = rit_survival_median(one, 0, 0.68);
    assert_true(isnan(e.value) && isnan(e.low) && isnan(e.high));
    e = rit_survival_median(one, 1, 0.68);
    assert_true(e.value == 7.0 && isnan(e.low) && isnan(e.high));
    assert_true(isinf(rit_survival_median(waiting, 1, 0.68).value));
    e = rit_survival_median(censored, 3, 0.68);
    assert_true(isinf(e.value) && isinf(e.low) && isinf(e.high));
    e = rit_survival_median(same, 3, 0.68);
    assert_true(e.value == 2.0 && e.low == 2.0);
}

static void a_run_censored_at_an_event_counts_there(void **state)
{
    (void)state;
    struct rit_lifetime tie[] = {{3, true}, {3, false}, {8, false}};
    struct rit_survival_step step[3];
    assert_int_equal(rit_survival_curve(tie, 3, 0.68, step), 2);
    assert_int_equal(step[0].at_risk, 3);
    assert_float_equal(step[0].s, 2.0 / 3.0, 1e-15);
    assert_true(step[1].at_risk == 1 && step[1].s == 0.0 && step[1].low == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbook_curve),
        cmocka_unit_test(without_censoring_it_is_the_usual_median),
        cmocka_unit_test(few_runs_say_little_and_say_so),
        cmocka_unit_test(a_run_censored_at_an_event_counts_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
