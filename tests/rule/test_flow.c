/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow: what descent comes to at rates that go to zero, where it is known in closed form, and what it
 * refuses. */
#include "running.h"

#include <ritardando/rule.h>

#include "rule/flow/chebyshev.h"

/* ---- the stages ---- */

/* Growth of w in one step of dw/dtau = -z w, h = 1, from the recurrence. */
static double growth_of(int s, double z)
{
    double before = 1.0, k = 1.0;
    for (int j = 1; j <= s; j++) {
        struct rit_chebyshev c = rit_chebyshev_stage(s, j);
        double next = 1.0 - c.mu - c.nu + c.mu * k + c.nu * before - z * (c.slope * k + c.first);
        before = k;
        k = next;
    }
    return k;
}

static void stages_are_stable_and_of_second_order(void **state)
{
    (void)state;
    for (int s = 2; s <= 250; s = s + 1 + s / 3) {
        double most = rit_chebyshev_reach(s), wrong[2];
        assert_int_equal(rit_chebyshev_stages(most * (1.0 - 1e-12)), s);
        for (int i = 1; i <= 1000; i++)
            assert_true(fabs(growth_of(s, most * i / 1000)) < 1.0);
        for (int i = 0; i < 2; i++)
            wrong[i] = fabs(growth_of(s, 0.01 / (1 + i)) - exp(-0.01 / (1 + i)));
        rit_assert_near(wrong[0] / wrong[1], 8.0, 0.1);
    }
}

/* ---- runs ---- */

static void batches_are_refused(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"rule.name", "flow"}, {"batch.kind", "time-points"}, {"batch.size", "20"}, {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    size_t bytes;
    make_point(&point, &block, settings);
    assert_int_equal(rit_run_memory(&point, &block, &bytes, NULL, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "batch.kind: "));
    assert_non_null(strstr(err.text, "rule.name: sgd"));
    rit_block_release(&block);
}

enum { THRESHOLDS = 3 };

/* Learning times of a small net in float64. */
static uint64_t times_of(const struct setting *settings, double *time)
{
    static const struct setting exact[] = {{"model.precision", "float64"},
                                           {"data.chorales", "2"},
                                           {"model.width", "8"},
                                           {"model.depth", "2"},
                                           {"stop.tau", "60"},
                                           {"observe.thresholds", "[0.15, 0.2, 0.25]"},
                                           {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, exact);
    set_all(&point, settings);
    struct rit_outcome outcome = run_whole(&point, &block);
    uint64_t steps = outcome.steps;
    memcpy(time, values_of(&outcome, "learning_time"), THRESHOLDS * sizeof *time);
    rit_outcome_release(&outcome);
    rit_block_release(&block);
    return steps;
}

/* Descent at a small rate comes to a threshold when the flow does: as near as its steps, and the tolerance,
 * are. */
static void descent_comes_to_the_flow(void **state)
{
    (void)state;
    double flow[THRESHOLDS], descent[THRESHOLDS];
    times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-5"}, {0}}, flow);
    times_of((const struct setting[]){{"rule.eta", "0.0025"}, {0}}, descent);
    for (int i = 0; i < THRESHOLDS; i++)
        rit_assert_near(flow[i], descent[i], 0.003 + 3e-4 * flow[i]);
}

/* A thousand times the tolerance is right to two per cent. */
static void a_coarse_tolerance_is_cheap(void **state)
{
    (void)state;
    double fine[THRESHOLDS], coarse[THRESHOLDS];
    uint64_t many =
        times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-5"}, {0}}, fine);
    uint64_t few =
        times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-2"}, {0}}, coarse);
    for (int i = 0; i < THRESHOLDS; i++)
        rit_assert_near(coarse[i] / fine[i], 1.0, 2e-2);
    assert_true(few < many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_are_stable_and_of_second_order), cmocka_unit_test(batches_are_refused),
        cmocka_unit_test(descent_comes_to_the_flow), cmocka_unit_test(a_coarse_tolerance_is_cheap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
