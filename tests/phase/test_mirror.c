/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is learned below a border is analysed as what is learned above one, and said of the axis itself. */
#include "testing.h"

#include "base/random.h"
#include "phase/mirror.h"

#include <math.h>
#include <string.h>

enum { CELLS = 12, SEEDS = 5, THRESHOLDS = 3 };

static const double eps[THRESHOLDS] = {0.01, 0.02, 0.04};

/* Learnable below about 7, 7.5 and 8, values 1 .. 12. */
static void make_line(struct rit_lifetime life[THRESHOLDS][CELLS * SEEDS], double value[CELLS],
                      int start[CELLS + 1], double border)
{
    struct rit_random random = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    for (int c = 0; c < CELLS; c++) {
        value[c] = c + 1;
        start[c + 1] = start[c] + SEEDS;
        for (int r = start[c]; r < start[c + 1]; r++) {
            double scatter = exp(0.3 * rit_random_gauss(&random));
            for (int t = 0; t < THRESHOLDS; t++) {
                double below = border + 0.5 * t - value[c], tau = scatter / (0.01 * below);
                life[t][r] = below > 0 && tau < 1000 ? (struct rit_lifetime){tau, false}
                                                     : (struct rit_lifetime){1000, true};
            }
        }
    }
}

static void analyse(double border, struct rit_transition *said, struct rit_transition *mirror)
{
    static struct rit_lifetime life[THRESHOLDS][CELLS * SEEDS];
    double value[CELLS];
    int start[CELLS + 1] = {0};
    make_line(life, value, start, border);
    struct rit_lifetime *list[THRESHOLDS] = {life[0], life[1], life[2]};
    struct rit_scan_line line = {
        .cells = CELLS, .finite = CELLS, .width = value, .start = start, .life = list};
    struct rit_analysis_options options = {.level = 0.6827, .resamples = 100, .key = 1, .reach = 2};
    double about = rit_mirror_about(value[0], value[CELLS - 1]);
    assert_true(about == 13);
    struct rit_mirrored m;
    for (int twice = 0; twice < 2; twice++) {
        rit_mirror_make(&line, THRESHOLDS, about, &m);
        assert_true(m.cells == CELLS && m.width[0] == 1 && m.width[CELLS - 1] == 12 &&
                    m.start[CELLS] == CELLS * SEEDS);
        assert_true(memcmp(m.life[1], life[1] + start[CELLS - 1], SEEDS * sizeof **m.life) == 0);
        rit_transition_analyse(m.cells, m.width, m.start, THRESHOLDS, eps,
                               (const struct rit_lifetime *const *)m.life, &options, 0,
                               twice ? mirror : said);
        rit_mirror_release(&m, THRESHOLDS);
    }
    rit_mirror_back(about, said);
}

static void assert_turned(struct rit_estimate x, struct rit_estimate u, double about)
{
    assert_true(x.value == about - u.value && x.low == about - u.high && x.high == about - u.low);
}

static void test_a_border_is_turned_back(void **state)
{
    (void)state;
    struct rit_transition said, mirror;
    analyse(7, &said, &mirror);
    for (int t = 0; t < THRESHOLDS; t++) {
        const struct rit_critical *x = &said.at[t], *u = &mirror.at[t];
        assert_true(x->known == RIT_KNOWN_VALUE && x->rate.value > 0);
        assert_true(fabs(x->critical.value - (7 + 0.5 * t)) < 3 * x->error && x->error < 0.5);
        assert_true(x->critical.low < x->critical.value && x->critical.value < x->critical.high);
        assert_turned(x->critical, u->critical, 13);
        assert_turned(x->straight, u->straight, 13);
        assert_turned(x->free_critical, u->free_critical, 13);
        assert_true(x->error == u->error && x->window_low < x->window_high &&
                    x->window_high == 13 - u->window_low);
        assert_true(x->by_reach[0] == 13 - u->by_reach[0]);
    }
    /* The border rises by 16 for each bit of the threshold. */
    assert_turned(said.zero.critical[RIT_ZERO_LINEAR], mirror.zero.critical[RIT_ZERO_LINEAR], 13);
    assert_true(said.zero.slope[RIT_ZERO_LINEAR].value < 0 &&
                said.zero.slope[RIT_ZERO_LINEAR].low <= said.zero.slope[RIT_ZERO_LINEAR].high);
    rit_transition_release(&said);
    rit_transition_release(&mirror);
}

static void test_bounds_change_sides(void **state)
{
    (void)state;
    struct rit_transition said, mirror;
    analyse(100, &said, &mirror); /* all learn: the border is above the highest value */
    assert_true(said.at[0].known == RIT_KNOWN_BELOW && said.at[0].critical.low == 12 &&
                said.at[0].critical.high == INFINITY);
    rit_transition_release(&said);
    rit_transition_release(&mirror);
    analyse(-5, &said, &mirror); /* none learns: it is below the lowest */
    assert_true(said.at[0].known == RIT_KNOWN_ABOVE && said.at[0].critical.high == 1 &&
                said.at[0].critical.low == -INFINITY);
    rit_transition_release(&said);
    rit_transition_release(&mirror);
}

static void test_ranges_from_zero_have_room(void **state)
{
    (void)state;
    assert_true(rit_mirror_about(0, 8) == 9 && rit_mirror_about(-8, 8) == 10 && rit_mirror_about(2, 8) == 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_border_is_turned_back),
        cmocka_unit_test(test_bounds_change_sides),
        cmocka_unit_test(test_ranges_from_zero_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
