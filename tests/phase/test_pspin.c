/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/pspin.h"
#include "testing.h"

static struct rit_pspin solve(int p, double temperature, double step, double end)
{
    struct rit_error err;
    struct rit_pspin s = {
        .p = p, .temperature = temperature, .step = step, .size = (int)lround(end / step) + 1};
    assert_int_equal(rit_pspin_solve(&s, &err), RIT_OK);
    return s;
}

/*
 * p = 3, T = 0. The energy at t = 30 is known as -1.120, on its way to the threshold -2/sqrt 3. C(2t_w, t_w)
 * was found a second time by Euler's method (first order, Richardson's extrapolation): .9145, .9008 at 3, 6.
 */
static void aging_at_zero_temperature(void **state)
{
    (void)state;
    static const double waiting[] = {3, 6, 12}, known[] = {.9145, .9008, .8861};
    struct rit_pspin s = solve(3, 0.0, 0.04, 30);
    rit_assert_near(s.energy[s.size - 1], -1.120, 0.001);
    assert_true(s.energy[s.size - 1] > -2.0 / sqrt(3.0));
    for (int i = 0; i < 3; i++)
        rit_assert_near(rit_pspin_overlap(&s, 2 * waiting[i], waiting[i]), known[i], 2e-4);
    rit_pspin_release(&s);
}

/* The error of the energy falls as the square of the step. */
static void the_step_converges(void **state)
{
    (void)state;
    double energy[3];
    for (int i = 0; i < 3; i++) {
        struct rit_pspin s = solve(3, 0.0, 0.05 / (1 << i), 10);
        energy[i] = s.energy[s.size - 1];
        rit_pspin_release(&s);
    }
    rit_assert_near((energy[0] - energy[1]) / (energy[1] - energy[2]), 4.0, 0.3);
    rit_assert_near(energy[1], energy[2], 2e-4);
}

/* Far above the glass temperature (.61): equilibrium, E = -1/(2T), C of the time difference alone, and the
 * fluctuation-dissipation theorem R = -C'/T. */
static void equilibrium_at_high_temperature(void **state)
{
    (void)state;
    const double t = 2.0, h = 0.02;
    struct rit_pspin s = solve(3, t, h, 12);
    rit_assert_near(s.energy[s.size - 1], -0.5 / t, 2e-4);
    rit_assert_near(rit_pspin_overlap(&s, 8, 7.5), rit_pspin_overlap(&s, 12, 11.5), 1e-5);
    int last = s.size - 1, then = last - 20;
    const double *c = s.correlation + (size_t)last * (size_t)s.size,
                 *r = s.response + (size_t)last * (size_t)s.size;
    rit_assert_near(r[then], (c[then + 1] - c[then - 1]) / (2.0 * h) / t, 1e-3);
    rit_pspin_release(&s);
}

/* p = 2 is the spherical Sherrington-Kirkpatrick model, which ages with C(2t_w, t_w) -> (2 sqrt 2/3)^{3/2} at
 * T = 0 (Cugliandolo and Dean, J. Phys. A 28 (1995) 4213). */
static void two_spins_have_a_known_scaling_function(void **state)
{
    (void)state;
    struct rit_pspin s = solve(2, 0.0, 0.05, 30);
    rit_assert_near(rit_pspin_overlap(&s, 30, 15), pow(2.0 * sqrt(2.0) / 3.0, 1.5), 0.005);
    rit_pspin_release(&s);
}

static void impossible_settings_are_refused(void **state)
{
    (void)state;
    struct rit_error err;
    struct rit_pspin bad[] = {{.p = 1, .step = 0.02, .size = 10},
                              {.p = 3, .temperature = -1, .step = 0.02, .size = 10},
                              {.p = 3, .step = 0.1, .size = 10},
                              {.p = 3, .step = 0.02, .size = RIT_PSPIN_MAX_SIZE + 1}};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(rit_pspin_solve(&bad[i], &err), RIT_BAD_INPUT);
        assert_memory_equal(err.text, "p-spin: ", 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aging_at_zero_temperature),
        cmocka_unit_test(the_step_converges),
        cmocka_unit_test(equilibrium_at_high_temperature),
        cmocka_unit_test(two_spins_have_a_known_scaling_function),
        cmocka_unit_test(impossible_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
