/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What workers wait for the last points, beside the order of the plan; and the prices that decide the order.
 */
#include "testing.h"

#include "sweep/pricing.h"
#include "sweep/tail.h"

#include <stdlib.h>
#include <string.h>

/* Times 1 .. 5, the longest given out first to two workers: 5 2 1 and 4 3. */
static void test_a_tail_by_hand(void **state)
{
    (void)state;
    struct rit_tail tail;
    char text[256];
    rit_tail_begin(&tail, 5, 2);
    assert_false(rit_tail_print(&tail, text, sizeof text));
    static const struct {
        int point, worker;
        double given, done;
    } play[] = {{4, 0, 100, 150}, {3, 1, 100, 140}, {2, 1, 140, 170}, {1, 0, 150, 170}, {0, 0, 170, 180}};
    for (int i = 0; i < 5; i++) {
        rit_tail_give(&tail, play[i].point, play[i].worker, play[i].given);
        rit_tail_take(&tail, play[i].point, play[i].done);
    }
    assert_true(rit_tail_print(&tail, text, sizeof text));
    assert_string_equal(text,
                        "2 workers waited 10 s in all for the last points, 6.2 % of their time; in the order "
                        "of the plan it would have been 30 s, 16.7 %, and 1 min 30 s from first to last");
    rit_tail_release(&tail);
}

/* A result in hand is dear or cheap news: width 12 learns late, width 40 soon, and the same work of a slower
 * network costs more. */
static void test_prices_follow_results(void **state)
{
    (void)state;
    static const char text[] = "grid: {width: [12, 20, 40], seed: [1, 2, 3]}\nstop: {tau: 1000}";
    struct rit_config config;
    assert_int_equal(rit_config_parse("a.yaml", text, strlen(text), &config, NULL), RIT_OK);
    struct rit_roster roster = {.count = 9};
    int plan[9], rank[9];
    struct rit_hash identity[9];
    double full[9], price[9], most[9];
    struct rit_stored stored[9];
    const struct rit_stored *have[9] = {NULL};
    struct rit_todo todo[9];
    for (int i = 0; i < 9; i++) {
        plan[i] = i;
        full[i] = 1e9 * (1 + i / 3);
        memset(&identity[i], 9 - i, sizeof identity[i]);
        todo[i] = (struct rit_todo){.work = RIT_WORK_NEW};
        stored[i] = (struct rit_stored){.end = RIT_END_LEARNED,
                                        .tau = i < 3   ? 800 + i
                                               : i < 6 ? 120 + i
                                                       : 35 + i,
                                        .trained = 1000,
                                        .seconds = 1};
    }
    roster.plan = plan;
    roster.price = full;
    roster.identity = identity;
    struct rit_growth growth = {9, todo};
    rit_pricing(&config, &roster, &growth, have, price, most);
    assert_true(price[6] > price[3] && price[3] > price[0]); /* nothing known: the largest first */
    have[0] = &stored[0], have[3] = &stored[3], have[6] = &stored[6];
    rit_pricing(&config, &roster, &growth, have, price, most);
    assert_true(price[1] > price[4] && price[4] > price[7]); /* the slowest first */
    for (int i = 0; i < 9; i++)
        assert_true(most[i] >= price[i]);
    assert_true(most[4] > 1.2 * price[4]); /* one that learns may take longer than is expected */
    todo[1] = (struct rit_todo){.work = RIT_WORK_EXTEND, .steps = 5000};
    double before = price[1];
    rit_pricing(&config, &roster, &growth, have, price, most);
    assert_true(price[1] < 0.6 * before); /* half of it is behind */
    rit_pricing_rank(&roster, rank);
    for (int i = 0; i < 9; i++)
        assert_int_equal(rank[i], 8 - i);
    rit_config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tail_by_hand),
        cmocka_unit_test(test_prices_follow_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
