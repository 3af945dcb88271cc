/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proper time in closed form: the sum of the rates, without the sum's rounding. */
#include "testing.h"

#include <ritardando/clock.h>

static const struct rit_clock clocks[] = {
    {.warmup = 0, .last = UINT64_MAX, .eta = {0.1}},
    {.warmup = 1000, .last = UINT64_MAX, .eta = {0.05}},
    {.warmup = 300, .last = 2000, .eta = {0.1, 0.003}},
    {.warmup = 3000, .last = 1234, .eta = {0.01, 0.2}}, /* the second stage begins within the warm-up */
    {.warmup = 1, .last = 17, .eta = {1e-7, 3e-7}},
};
enum { CLOCKS = sizeof clocks / sizeof clocks[0], STEPS = 5000 };

static void tau_is_the_sum_of_the_rates(void **state)
{
    (void)state;
    for (int c = 0; c < CLOCKS; c++) {
        long double sum = 0.0L;
        for (uint64_t step = 1; step <= STEPS; step++) {
            sum += (long double)rit_clock_rate(&clocks[c], step);
            double tau = rit_clock_tau(&clocks[c], step);
            rit_assert_near(tau, (double)sum, 1e-13 * (double)sum);
            double rate = rit_clock_between(&clocks[c], step - 1, step);
            rit_assert_near(rate, rit_clock_rate(&clocks[c], step), 1e-9 * rate);
        }
    }
}

static void nothing_adds_up_over_many_steps(void **state)
{
    (void)state;
    uint64_t many = 2500000000u;
    rit_assert_near(rit_clock_tau(&clocks[0], many), 0.1 * (double)many, 0.0);
    rit_assert_near(rit_clock_between(&clocks[0], many, many + 3), 0.1 * 3.0, 0.0);
    struct rit_clock slow = {.warmup = 1000000000, .last = UINT64_MAX, .eta = {0.1}};
    rit_assert_near(rit_clock_tau(&slow, slow.warmup), 0.1 * 1e9 * 2 / acos(-1.0), 0.06);
}

static void the_step_of_a_time_is_the_first_that_reaches_it(void **state)
{
    (void)state;
    for (int c = 0; c < CLOCKS; c++) {
        for (uint64_t step = 1; step <= STEPS; step += 37) {
            double tau = rit_clock_tau(&clocks[c], step);
            rit_assert_near(rit_clock_step(&clocks[c], tau), (double)step, 0.0);
            double after = tau + 1e-6 * rit_clock_rate(&clocks[c], step + 1);
            rit_assert_near(rit_clock_step(&clocks[c], after), (double)step + 1, 0.0);
        }
    }
    assert_true(rit_clock_step(&clocks[4], 1e12) > 1e18); /* beyond all counting, in no time */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tau_is_the_sum_of_the_rates),
        cmocka_unit_test(nothing_adds_up_over_many_steps),
        cmocka_unit_test(the_step_of_a_time_is_the_first_that_reaches_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
