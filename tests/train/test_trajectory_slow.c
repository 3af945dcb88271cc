/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference set-up of Hertz and Tyrcha on the real chorales, against a trajectory by an independent
 * program: NLL .3747 (tau 0), .2928 (.243), .2602 (.880), .2494 (1.673). Seeds scatter: over six of them the
 * standard deviations are 0, .0014, .0005 and .0005, about means within 1.6 of them of these values
 * (docs/results.md). One seed is therefore held to .001, and at .243 to .0028.
 */
#include <ritardando/run.h>

#include "testing.h"

#include <stdlib.h>

static const struct {
    const char *key, *value;
} reference[] = {
    {"data.source", "chorales"}, {"data.first", "100"},          {"data.chorales", "80"},
    {"model.depth", "2"},        {"model.width", "70"},          {"rule.eta", "4e-4"},
    {"rule.warmup", "5000"},     {"batch.size", "300"},          {"batch.kind", "time-points"},
    {"stop.tau", "1.673"},       {"observe.first-tau", "1.673"},
};

static void trajectory(void **state)
{
    (void)state;
    static const double wanted[][3] = {
        {0.0, 0.3747, 1e-4}, {0.243, 0.2928, 2.8e-3}, {0.880, 0.2602, 1e-3}, {1.673, 0.2494, 1e-3}};
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    rit_point_init(&point, rit_registry());
    for (size_t i = 0; i < sizeof reference / sizeof reference[0]; i++)
        rit_point_set(&point, reference[i].key, reference[i].value);
    assert_int_equal(rit_block_load(&point, &block, &err), RIT_OK);
    struct rit_run *run = rit_run_new(&point, &block, &err);
    assert_non_null(run);
    for (int i = 0; i < 4; i++) {
        uint64_t steps;
        double tau, nll;
        do {
            rit_run_advance(run, i > 0);
            rit_run_progress(run, &steps, &tau, &nll);
        } while (tau < wanted[i][0] * (1.0 - 1e-3));
        nll = rit_test_nll(rit_model_of(&point), rit_run_net(run), &block) /
              (block.pairs * block.asked.port.width * log(2.0));
        print_message("tau %.3f: NLL %.5f, wanted %.4f\n", tau, nll, wanted[i][1]);
        rit_assert_near(nll, wanted[i][1], wanted[i][2]);
    }
    rit_run_free(run);
    rit_block_release(&block);
}

int main(void)
{
    if (!getenv("RITARDANDO_DATA")) {
        print_message("skipped: the chorale file is not at hand (RITARDANDO_DATA)\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trajectory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
