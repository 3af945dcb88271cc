/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every source with every task, model, cost and rule: it trains, or is refused before it begins, in a
 * sentence. */
#include "running.h"

#include <ritardando/cost.h>
#include <ritardando/model.h>
#include <ritardando/rule.h>
#include <ritardando/task.h>

static const struct setting sources[][3] = {
    {{"data.source", "composer"}},
    {{"data.source", "patterns"}},
    {{"data.source", "series"}, {"data.table", RIT_TEST_FOLDER "/../source/table.csv"}, {"data.length", "8"}},
    {{"data.source", "series"}, {"data.table", RIT_TEST_FOLDER "/../source/table.csv"}, {"data.length", "1"}},
    {{"data.source", "piano-rolls"}, {"data.rolls", RIT_TEST_FOLDER "/../source/rolls.json"}},
};
enum { SOURCES = sizeof sources / sizeof sources[0] };

static int trained, refused;

static void is_a_sentence(const struct rit_error *err)
{
    assert_int_equal(err->status, RIT_BAD_INPUT);
    assert_true(strlen(err->text) > 20 && !strchr(err->text, '\n'));
    refused++;
}

static void trains(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_run *run = start(point, block);
    while (!rit_run_advance(run, 2))
        ;
    struct rit_outcome outcome = outcome_of(run);
    assert_true(outcome.end == RIT_END_CENSORED || outcome.end == RIT_END_LEARNED);
    assert_true(outcome.steps > 0);
    rit_assert_near(outcome.tau, 0.02, 1e-9);
    assert_true(isfinite(values_of(&outcome, "nll")[0]) && isfinite(values_of(&outcome, "nll_last")[0]));
    rit_outcome_release(&outcome);
    trained++;
}

static void try_rules(struct rit_point *point, const struct rit_block *block)
{
    for (int r = 0; rit_rules[r]; r++) {
        struct rit_error err = {.text = ""};
        rit_point_set(point, "rule.name", rit_rules[r]->name);
        if (rit_run_check(point, block, &err) == RIT_OK)
            trains(point, block);
        else {
            is_a_sentence(&err);
            assert_null(rit_run_new(point, block, &err));
        }
    }
}

static void try_block(struct rit_point *point)
{
    struct rit_block block;
    struct rit_error err = {.text = ""};
    if (rit_block_load(point, &block, &err) != RIT_OK) {
        is_a_sentence(&err);
        return;
    }
    for (int m = 0; rit_models[m]; m++)
        for (int c = 0; rit_costs[c]; c++) {
            rit_point_set(point, "model.name", rit_models[m]->name);
            rit_point_set(point, "cost.name", rit_costs[c]->name);
            try_rules(point, &block);
        }
    rit_block_release(&block);
}

static void everything_trains_or_is_refused(void **state)
{
    (void)state;
    for (int s = 0; s < SOURCES; s++)
        for (int t = 0; rit_tasks[t]; t++) {
            struct rit_point point;
            rit_point_init(&point, rit_registry());
            set_all(&point, (const struct setting[]){{"data.chorales", "3"},
                                                     {"model.width", "2"},
                                                     {"stop.tau", "0.02"},
                                                     {"rule.eta", "0.01"},
                                                     {"observe.first-tau", "0.01"},
                                                     {"task.delay", "2"},
                                                     {0}});
            for (int i = 0; i < 3 && sources[s][i].key; i++)
                rit_point_set(&point, sources[s][i].key, sources[s][i].value);
            rit_point_set(&point, "task.name", rit_tasks[t]->name);
            try_block(&point);
        }
    print_message("%d combinations train, %d are refused\n", trained, refused);
    assert_true(trained > refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_trains_or_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
