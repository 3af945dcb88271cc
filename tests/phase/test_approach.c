/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The law of approach to infinite width, from runs that keep it. */
#include "phase/approach.h"

#include "example.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const double eps[] = {0.01};

enum { WIDTHS = 4, SEEDS = 3, ROWS = WIDTHS * SEEDS + 2, TIMES = 3 };
static const double powers[] = {0.5, 0.4, 1.0, 0.9}; /* of the readings, in their order */

/* Widths 10, 20, 40, 80 and two runs of infinite width; `noise` from seed to seed. */
static struct rit_dataset synthetic(double noise)
{
    double width[ROWS], seed[ROWS], times[ROWS], distance[ROWS * TIMES], drift[ROWS * TIMES],
        line[ROWS * TIMES], nll[ROWS * TIMES], tau[ROWS * TIMES];
    for (int r = 0; r < ROWS; r++) {
        bool wide = r >= WIDTHS * SEEDS;
        width[r] = wide ? INFINITY : 10 << (r / SEEDS);
        seed[r] = wide ? r - WIDTHS * SEEDS : r % SEEDS;
        times[r] = 10.0;
        double n = width[r], off = exp(noise * (r % SEEDS - 1));
        for (int k = 0; k < TIMES; k++) {
            int i = r * TIMES + k;
            bool ended = k == 2 && r == 1; /* so that the last time of all is the second */
            distance[i] = ended ? NAN : wide ? 1e-12 : off * pow(n, k == 0 ? -powers[0] : -powers[1]);
            drift[i] = ended ? NAN : wide || k == 0 ? 0.0 : 3.0 * off * pow(n, -powers[2]);
            line[i] = ended || k == 0 ? NAN : wide ? 0.0 : off * pow(n, -powers[3]);
            nll[i] = 0.3 / (1 + k) * exp(wide ? (2 * seed[r] - 1) * 0.1 : off * 2.0 * pow(n, -0.7));
            tau[i] = k;
        }
    }
    struct rit_dataset d = example_new(ROWS, eps, 1);
    static const double coarse[TIMES] = {0.0, 4.0, 8.0};
    example_add(&d, "width", "model.width", width);
    example_add(&d, "seed", "seed", seed);
    example_add_times(&d, times, 1000);
    example_add_rows(&d, "tangent_distance", "tangent_tau", TIMES, distance);
    example_add_rows(&d, "tangent_drift", "tangent_tau", TIMES, drift);
    example_add_rows(&d, "tangent_linearisation", "tangent_tau", TIMES, line);
    example_add_rows(&d, "nll", "grid_tau", TIMES, nll);
    example_add_rows(&d, "nll_tau", "grid_tau", TIMES, tau);
    example_add(&d, "tangent_tau", NULL, (double[ROWS]){0});
    struct rit_array *time = &d.array[d.arrays - 1];
    time->count = time->length[0] = TIMES;
    for (int k = 0; k < TIMES; k++)
        time->value[k] = coarse[k];
    return d;
}

static void powers_are_found(void **state)
{
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        struct rit_dataset d = synthetic(noisy ? 0.2 : 0.0);
        struct rit_scan scan;
        struct rit_approach approach[RIT_APPROACHES];
        assert_int_equal(rit_scan_make(&d, NULL, &scan, NULL), RIT_OK);
        assert_int_equal(scan.lines, 1);
        rit_approach_make(&scan, &scan.line[0], 0.6827, approach);
        for (int i = 0; i < RIT_APPROACHES; i++) {
            double power = i < RIT_APPROACH_CURVE ? powers[i] : 0.7;
            assert_int_equal(approach[i].widths, WIDTHS);
            assert_true(fabs(approach[i].power.value - power) < 1e-9);
            /* scatter .2 of three runs at each of four widths: an error of .2/sqrt 3/(ln 2 sqrt 5) */
            double wanted = noisy ? 0.2 / sqrt(3.0) / (log(2.0) * sqrt(5.0)) : 0.0;
            assert_true(fabs(approach[i].power.high - power - wanted) < 1e-5);
            assert_true(approach[i].power.low <= power + 1e-9);
        }
        assert_true(approach[RIT_APPROACH_FLUCTUATION].tau == 0.0 && isnan(approach[RIT_APPROACH_CURVE].tau));
        assert_true(approach[RIT_APPROACH_DRIFT].tau == 4.0);
        if (!noisy)
            assert_true(fabs(approach[RIT_APPROACH_DRIFT].value[0] - 0.3) < 1e-12);
        rit_approach_release(approach);
        rit_scan_release(&scan);
        rit_dataset_release(&d);
    }
}

static void nothing_measured_is_nothing_known(void **state)
{
    (void)state;
    static const double width[] = {10, 20, 40}, times[] = {1, 2, 3};
    struct rit_dataset d = example_new(3, eps, 1);
    struct rit_scan scan;
    struct rit_approach approach[RIT_APPROACHES];
    example_add(&d, "width", "model.width", width);
    example_add_times(&d, times, 1000);
    assert_int_equal(rit_scan_make(&d, NULL, &scan, NULL), RIT_OK);
    rit_approach_make(&scan, &scan.line[0], 0.6827, approach);
    for (int i = 0; i < RIT_APPROACHES; i++)
        assert_true(approach[i].widths == 0 && isnan(approach[i].power.value));
    rit_approach_release(approach);
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_are_found),
        cmocka_unit_test(nothing_measured_is_nothing_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
