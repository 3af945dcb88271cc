/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole sweeps with virtual workers: whatever goes wrong, every point is in the journal exactly once. */
#include "testing.h"

#include "base/random.h"
#include "theatre.h"

/* Sizes and mishaps of a small sweep drawn from its seed: some calm, most of them anything but. */
static struct script small_script(uint64_t seed)
{
    struct rit_random r = rit_random_open(seed, RIT_FOR_TEST, 0, 0);
    double wild = rit_random_uniform(&r) < 0.2 ? 0 : 40 * rit_random_uniform(&r);
    struct script s = {.seed = seed, .limit = INFINITY};
    s.workers = 1 + (int)rit_random_below(&r, 6);
    s.points = (int)rit_random_below(&r, 25);
    s.seconds = 1 + 200 * rit_random_uniform(&r);
    s.delay = rit_random_uniform(&r) < 0.5 ? 0.01 : 40 * rit_random_uniform(&r);
    s.deaths = wild * rit_random_uniform(&r);
    s.hangs = wild * rit_random_uniform(&r);
    s.signals = 0.3 * wild * rit_random_uniform(&r);
    s.stalls = wild > 0 ? 0.01 * rit_random_uniform(&r) : 0;
    s.master_deaths = rit_random_uniform(&r) < 0.5 ? 0 : wild * rit_random_uniform(&r);
    s.stops = 0.3 * wild * rit_random_uniform(&r);
    s.drains = 0.3 * wild * rit_random_uniform(&r);
    if (rit_random_uniform(&r) < 0.3)
        s.limit = 300 + 1000 * rit_random_uniform(&r);
    s.poisoned = wild > 0 ? 0.1 * rit_random_uniform(&r) : 0;
    s.failing = 0.2 * rit_random_uniform(&r);
    s.doubtful = 0.2 * rit_random_uniform(&r);
    s.unfit = rit_random_uniform(&r) < 0.5 ? 0 : 0.5 * rit_random_uniform(&r);
    s.dataset = rit_random_uniform(&r) < 0.5 ? 0.1 : 200 * rit_random_uniform(&r);
    if (rit_random_uniform(&r) < 0.4) { /* nobody dies, many are taken for dead */
        s.deaths = s.signals = s.master_deaths = s.poisoned = 0;
        s.hangs = wild;
        s.delay = 0.5;
    }
    s.fences = rit_random_uniform(&r) < 0.5;
    s.large = rit_random_uniform(&r) < 0.75 ? 0 : 0.5 * rit_random_uniform(&r);
    s.together = rit_random_uniform(&r) < 0.6 ? 0 : 0.3 * rit_random_uniform(&r);
    return s;
}

static void test_thousands_of_small_sweeps(void **state)
{
    (void)state;
    enum { SEEDS = 20000 };
    long starts = 0, deaths = 0, hangs = 0, stalls = 0, compared = 0, points = 0, lost_recorded = 0,
         replaced = 0, unfit = 0, declined = 0, called = 0, gathered = 0, broken = 0;
    double hours = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct script script = small_script(seed);
        struct applause a = theatre_play(&script);
        starts += a.starts;
        deaths += a.deaths;
        hangs += a.hangs;
        stalls += a.stalls;
        compared += a.compared;
        lost_recorded += a.lost_recorded;
        replaced += a.replaced;
        unfit += a.unfit;
        declined += a.declined;
        called += a.called;
        gathered += a.gathered;
        broken += a.broken;
        points += script.points;
        hours += a.hours;
    }
    print_message(
        "           %d seeds: %ld points each recorded once, %ld starts, %ld workers died, %ld hung, master "
        "stalled %ld times, %ld results came twice, %ld points recorded for killing workers, %ld failures "
        "replaced, "
        "%ld workers unfit, %ld points declined, %ld workers called, %ld gatherings, %ld of them broken, "
        "%.0f "
        "hours\n",
        SEEDS, points, starts, deaths, hangs, stalls, compared, lost_recorded, replaced, unfit, declined,
        called, gathered, broken, hours);
    /* The stage has teeth only if things did go wrong. */
    assert_true(starts > 2 * SEEDS && deaths > SEEDS && hangs > SEEDS && stalls > SEEDS && compared > 500);
    assert_true(called > SEEDS && gathered > SEEDS / 4 && broken > 100);
    assert_true(lost_recorded > 500 && replaced > 20 && unfit > 1000 && declined > 1000);
}

static void test_the_same_seed_is_the_same_play(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct script script = small_script(seed);
        struct applause a = theatre_play(&script), b = theatre_play(&script);
        assert_true(a.digest == b.digest);
        assert_true(a.hours == b.hours);
    }
}

static void test_ten_thousand_workers(void **state)
{
    (void)state;
    struct script script = {.seed = 7,
                            .workers = 10000,
                            .points = 100000,
                            .seconds = 300,
                            .delay = 0.2,
                            .deaths = 0.1,
                            .hangs = 0.2,
                            .signals = 0.02,
                            .stalls = 1e-4,
                            .master_deaths = 2,
                            .limit = INFINITY,
                            .poisoned = 1e-4,
                            .failing = 1e-3,
                            .doubtful = 1e-3,
                            .unfit = 1e-2,
                            .large = 1e-3,
                            .dataset = 60};
    struct applause a = theatre_play(&script);
    print_message("           %d workers, %d points: each recorded once (%d failed), %d starts, %d workers "
                  "died, %d hung, "
                  "%d results came twice, %.2f hours\n",
                  script.workers, script.points, a.failed, a.starts, a.deaths, a.hangs, a.compared, a.hours);
    assert_true(a.deaths > 500 && a.hangs > 500 && a.compared > 100 && a.starts > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thousands_of_small_sweeps),
        cmocka_unit_test(test_the_same_seed_is_the_same_play),
        cmocka_unit_test(test_ten_thousand_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
