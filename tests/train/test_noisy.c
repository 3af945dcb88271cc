/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of a model whose outputs are random in training: finite shots of a quantum measurement. */
#include "running.h"

static struct rit_point quantum(struct rit_block *block, const char *shots)
{
    struct rit_point point;
    make_point(&point, block,
               (const struct setting[]){{"model.name", "qrnn"},
                                        {"model.width", "3"},
                                        {"model.shots", shots},
                                        {"rule.name", "adam"},
                                        {"stop.tau", "2"},
                                        {"stop.when-learned", "false"},
                                        {0}});
    return point;
}

/* What is measured is exact: runs begin alike, and then go apart, the less the more shots there are. */
static void steps_are_noisy_and_measurements_are_not(void **state)
{
    (void)state;
    static const char *const shots[] = {"0", "10", "1000000"};
    double first[3], last[3];
    for (int i = 0; i < 3; i++) {
        struct rit_block block;
        struct rit_point point = quantum(&block, shots[i]);
        struct rit_outcome outcome = run_whole(&point, &block);
        first[i] = values_of(&outcome, "nll")[0];
        last[i] = values_of(&outcome, "nll_last")[0];
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
    for (int i = 1; i < 3; i++)
        rit_assert_near(first[i], first[0], 1e-12);
    assert_true(last[2] != last[0] && fabs(last[2] - last[0]) < 0.1 * fabs(last[1] - last[0]));
}

static void a_killed_run_draws_the_same_shots(void **state)
{
    (void)state;
    struct rit_block block;
    struct rit_point point = quantum(&block, "100");
    struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 17);
    assert_same(&whole, &pieces);
    rit_block_release(&block);
}

static void the_flow_refuses_noise(void **state)
{
    (void)state;
    struct rit_block block;
    struct rit_error err = {.text = ""};
    struct rit_point point = quantum(&block, "100");
    rit_point_set(&point, "rule.name", "flow");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "rule.name: flow follows exact gradients"));
    assert_non_null(strstr(err.text, "model.shots: 0"));
    rit_point_set(&point, "model.shots", "0");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_OK);
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(steps_are_noisy_and_measurements_are_not),
                                       cmocka_unit_test(a_killed_run_draws_the_same_shots),
                                       cmocka_unit_test(the_flow_refuses_noise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
