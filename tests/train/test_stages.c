/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two stages of training: the second goes on from the weights of the first with another rate or batch size.
 */
#include "running.h"
#include "train/schedule.h"

static struct rit_schedule open_schedule(const struct rit_point *point, const struct rit_block *block,
                                         struct rit_arena *arena)
{
    *arena = rit_arena_new(1 << 20);
    return rit_schedule_open(point, block, arena);
}

/* The switch is made after the first step that reaches at-tau, and not one later because of rounding. */
static void the_second_stage_begins_at_its_time(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"rule.eta", "0.1"},         {"batch.kind", "time-points"},
                                              {"batch.size", "20"},        {"stage2.enabled", "true"},
                                              {"stage2.at-tau", "0.7"},    {"stage2.eta", "0.01"},
                                              {"stage2.batch-size", "30"}, {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_arena arena;
    make_point(&point, &block, settings);
    struct rit_schedule schedule = open_schedule(&point, &block, &arena);
    rit_assert_near(rit_clock_rate(&schedule.clock, 7), 0.1, 0.0);
    rit_assert_near(rit_clock_rate(&schedule.clock, 8), 0.01, 0.0);
    assert_int_equal(rit_schedule_batch(&schedule, 7).n, 20);
    assert_int_equal(rit_schedule_batch(&schedule, 8).n, 30);
    rit_assert_near(rit_schedule_sweeps(&schedule, 1.7), 7 + 100, 1e-6);
    free(arena.base);

    rit_point_set(&point, "rule.warmup", "100"); /* rates rise as a sine: their sum reaches 0.7 at step 30 */
    schedule = open_schedule(&point, &block, &arena);
    double tau = 0.0;
    uint64_t step = 0;
    while (tau < 0.7)
        tau += 0.1 * sin(acos(-1.0) * (double)++step / 200);
    rit_assert_near(rit_clock_rate(&schedule.clock, step), 0.1 * sin(acos(-1.0) * (double)step / 200), 1e-15);
    step++;
    rit_assert_near(rit_clock_rate(&schedule.clock, step), 0.01 * sin(acos(-1.0) * (double)step / 200),
                    1e-15);
    free(arena.base);
    rit_block_release(&block);
}

static const struct setting quench[] = {{"batch.kind", "chorales"},
                                        {"batch.size", "2"},
                                        {"stage2.enabled", "true"},
                                        {"stage2.at-tau", "3"},
                                        {"stage2.eta", "0.02"},
                                        {"stage2.batch-size", "3"},
                                        {"stop.tau", "5"},
                                        {"stop.when-learned", "false"},
                                        {0}};

/* Up to the switch the run is that of the first stage alone, bit for bit; after it, it is not. */
static void the_first_stage_is_a_run_of_its_own(void **state)
{
    (void)state;
    struct rit_point point, alone;
    struct rit_block block;
    make_point(&point, &block, quench);
    alone = point;
    rit_point_set(&alone, "stage2.enabled", "false");
    struct rit_run *two = start(&point, &block), *one = start(&alone, &block);
    const struct rit_layout *layout;
    for (int part = 0; part < 2; part++) {
        rit_run_advance(two, part == 0 ? 60 : 1); /* 3 / 0.05 steps */
        rit_run_advance(one, part == 0 ? 60 : 1);
        const double *w = rit_run_weights(two, &layout), *v = rit_run_weights(one, NULL);
        int differ = memcmp(w, v, layout->size * sizeof *w) != 0;
        assert_int_equal(differ, part);
    }
    rit_run_free(two);
    rit_run_free(one);
    rit_block_release(&block);
}

static void pieces_equal_the_whole(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, quench);
    struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 17);
    assert_int_equal(whole.steps, 60 + 100);
    assert_same(&whole, &pieces);
    rit_block_release(&block);
}

static void refuse(const char *key, const char *value, const char *sentence)
{
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    make_point(&point, &block, quench);
    rit_point_set(&point, key, value);
    assert_null(rit_run_new(&point, &block, &err));
    assert_int_equal(err.status, RIT_BAD_INPUT);
    if (!strstr(err.text, sentence))
        print_error("%s\n", err.text);
    assert_non_null(strstr(err.text, sentence));
    rit_block_release(&block);
}

static void impossible_stages_are_refused(void **state)
{
    (void)state;
    refuse("stage2.at-tau", "5",
           "stage2.at-tau: the second stage would begin at tau = 5, but the run ends at");
    refuse("stage2.batch-size", "9",
           "stage2.batch-size: 9 is more than the 4 chorales of the training block");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_stage_begins_at_its_time),
        cmocka_unit_test(the_first_stage_is_a_run_of_its_own),
        cmocka_unit_test(pieces_equal_the_whole),
        cmocka_unit_test(impossible_stages_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
