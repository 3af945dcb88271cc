/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The master's decisions played with given times: makespan, tail and what the master itself takes. */
#include "testing.h"

#include "base/random.h"
#include "sweep/rehearsal.h"

#include <math.h>
#include <stdlib.h>

static void assert_near(double x, double y)
{
    if (!(fabs(x - y) <= 1e-9 * fmax(1, fabs(y))))
        fail_msg("%.12g is not %.12g", x, y);
}

static void test_a_small_sweep_by_hand(void **state)
{
    (void)state;
    const double seconds[] = {1, 2, 3, 4, 5}, in_order[] = {5, 4, 3, 2, 1};
    /* dearest first: 5 + 2 + 1, 4 + 3 */
    struct rit_rehearsed best = rit_rehearse(&(struct rit_part){5, 2, seconds, seconds, 0, NULL});
    assert_near(best.makespan, 8);
    assert_near(best.least, 7.5);
    assert_near(best.busy, 15);
    assert_near(best.efficiency, 15. / 16);
    assert_near(best.tail, 1); /* the second worker from 7 to 8 */
    /* as they stand: 1 + 3 + 5, 2 + 4 */
    struct rit_rehearsed plain = rit_rehearse(&(struct rit_part){5, 2, in_order, seconds, 0, NULL});
    assert_near(plain.makespan, 9);
    assert_near(plain.tail, 3);
    /* more workers than points */
    struct rit_rehearsed wide = rit_rehearse(&(struct rit_part){5, 10, seconds, seconds, 0, NULL});
    assert_near(wide.makespan, 5);
    assert_near(wide.least, 5);
}

static void test_the_master_takes_its_time(void **state)
{
    (void)state;
    const double seconds[] = {1, 1, 1, 1};
    /* Points are given out at .1 and .2; the last two results come at 1.1 and 1.2 and wait for nobody. */
    struct rit_rehearsed two = rit_rehearse(&(struct rit_part){4, 2, seconds, seconds, 0.1, NULL});
    assert_near(two.makespan, 2.4);
    assert_near(two.master, 0.6 / 2.4);
    assert_int_equal(two.backlog, 0);
    struct rit_rehearsed slow = rit_rehearse(&(struct rit_part){4, 4, seconds, seconds, 2, NULL});
    assert_true(slow.backlog >= 2 && slow.makespan >= 4 * 2 + 2);
}

/* A sweep across a transition: most points are short, a few are as long as it is allowed. */
static void test_dearest_first_is_near_the_bound(void **state)
{
    (void)state;
    enum { N = 20000 };
    double *seconds = calloc(N, sizeof *seconds), *same = calloc(N, sizeof *same);
    struct rit_random random = rit_random_open(5, RIT_FOR_TEST, 0, 0);
    for (int p = 0; p < N; p++) {
        double above = 40 * rit_random_uniform(&random) - 4;
        seconds[p] = above > 0 ? fmin(2000, 500 / above * exp(0.3 * rit_random_gauss(&random))) : 2000;
        same[p] = 1;
    }
    for (int workers = 64; workers <= 4096; workers *= 4) {
        struct rit_rehearsed best = rit_rehearse(&(struct rit_part){N, workers, seconds, seconds, 0, NULL}),
                             plain = rit_rehearse(&(struct rit_part){N, workers, same, seconds, 0, NULL});
        assert_true(best.makespan >= best.least - 1e-9);
        if (!(best.makespan <= 1.05 * best.least))
            fail_msg("%d workers: %g is not near %g", workers, best.makespan, best.least);
        assert_true(best.makespan < plain.makespan && best.tail < plain.tail);
    }
    free(seconds);
    free(same);
}

static void test_a_hundred_thousand_workers(void **state)
{
    (void)state;
    enum { WORKERS = 100000, N = 3 * WORKERS };
    double *seconds = calloc(N, sizeof *seconds);
    for (int p = 0; p < N; p++)
        seconds[p] = 60 + p % 7;
    struct rit_rehearsed play = rit_rehearse(&(struct rit_part){N, WORKERS, seconds, seconds, 20e-6, NULL});
    assert_near(play.busy / (WORKERS * play.makespan), play.efficiency);
    assert_true(play.efficiency > 0.9 && play.master > 0.02 && play.master < 0.1);
    free(seconds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_sweep_by_hand),
        cmocka_unit_test(test_the_master_takes_its_time),
        cmocka_unit_test(test_dearest_first_is_near_the_bound),
        cmocka_unit_test(test_a_hundred_thousand_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
