/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where refine sends runs, on landscapes with known borders: it finds them without knowing where they are,
 * its intervals hold the truth as often as they say although the runs decide where more runs go, and it is
 * cheap. What is told in another way is asked in the same.
 */
#include "testing.h"

#include "landscape.h"

#include <math.h>
#include <stdlib.h>

enum { LANDSCAPES = 500 };

static const struct rit_strategy widths = {
    .from = 4, .to = 200, .whole = true, .error = 0.03, .first_tau = 125, .last_tau = 2000, .growth = 2};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Thresholds share their runs, and tend to miss the truth together: the allowance is that of single
 * landscapes. */
static void assert_covers(const struct rit_strategy *s, const char *name)
{
    int held = 0, asked = 0, exact = 0, runs = 0;
    for (int i = 0; i < LANDSCAPES; i++) {
        struct landscape land = landscape_draw((uint64_t)i, s->below);
        struct survey survey;
        survey_refine(&land, s, &survey);
        runs += survey.runs;
        for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++) {
            asked++;
            exact += survey.border[t].enough;
            held += survey.low[t] <= land.critical[t] && land.critical[t] <= survey.high[t];
        }
    }
    double share = (double)held / asked, error = sqrt(0.6827 * 0.3173 / LANDSCAPES);
    print_message("%-20s %.3f hold the truth (nominal 0.683), %.3f as exact as wanted, %.0f runs\n", name,
                  share, (double)exact / asked, (double)runs / LANDSCAPES);
    assert_true(exact > 0.98 * asked);
    assert_true(fabs(share - 0.6827) <= 3 * error);
}

static void test_intervals_hold_the_truth(void **state)
{
    (void)state;
    struct rit_strategy real = widths, below = widths;
    real.whole = false;
    real.growth = 0;
    below.below = true;
    below.whole = false;
    below.error = 0.01;
    below.growth = 1;
    assert_covers(&widths, "widths");
    assert_covers(&real, "a real axis");
    assert_covers(&below, "learnable below");
}

static void test_it_is_cheaper_than_a_grid(void **state)
{
    (void)state;
    enum { FEW = 100 };
    double ratio[FEW];
    for (int i = 0; i < FEW; i++) {
        struct landscape land = landscape_draw((uint64_t)i, false);
        struct survey fine, grid;
        double more = 0;
        survey_refine(&land, &widths, &fine);
        survey_grid(&land, &widths, 5, 2, &grid);
        for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++)
            more = fmax(more, pow(grid.border[t].error / fine.border[t].error, 2));
        ratio[i] = more * grid.cost / fine.cost;
    }
    qsort(ratio, FEW, sizeof *ratio, ascending);
    print_message("a grid costs %.1f times as much for the same error (quartiles %.1f .. %.1f)\n",
                  ratio[FEW / 2], ratio[FEW / 4], ratio[3 * FEW / 4]);
    assert_true(ratio[FEW / 2] >= 5);
}

/* A border outside the range costs no end of runs. */
static void test_a_border_out_of_reach(void **state)
{
    (void)state;
    for (int high = 0; high < 2; high++) {
        struct landscape land = landscape_draw(1, false);
        struct survey survey;
        for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++)
            land.critical[t] = high ? 300 : 1;
        survey_refine(&land, &widths, &survey);
        assert_int_equal(survey.enough, RIT_ENOUGH_NOTHING);
        assert_true(survey.runs <= 60);
    }
}

static void test_nothing_is_asked_of_runs_that_all_failed(void **state)
{
    (void)state;
    const double at[] = {4, 8, 16, 32, 64, 128, 200}, tau[] = {125, 125, 125, 125, 125, 125, 2000};
    const int seeds[] = {3, 3, 3, 3, 3, 3, 3}, start[8] = {0};
    struct rit_lifetime none = {0}, *life[] = {&none};
    struct rit_told told = {7, 1, at, tau, seeds, start, life};
    struct rit_wish wish[RIT_MAX_WISHES];
    int n;
    assert_int_equal(rit_strategy_ask(&widths, &told, wish, &n, NULL), RIT_ENOUGH_NOTHING);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_intervals_hold_the_truth),
                                       cmocka_unit_test(test_it_is_cheaper_than_a_grid),
                                       cmocka_unit_test(test_a_border_out_of_reach),
                                       cmocka_unit_test(test_nothing_is_asked_of_runs_that_all_failed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
