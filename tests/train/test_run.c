/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of one point: the same bits however it is cut into pieces, and learning times exact to the step.
 */
#include "running.h"

static const struct setting full[] = {{"model.depth", "2"}, {0}};
static const struct setting chorales[] = {{"batch.kind", "chorales"}, {"batch.size", "2"}, {0}};
static const struct setting points[] = {
    {"batch.kind", "time-points"}, {"batch.size", "30"}, {"rule.warmup", "70"}, {0}};
static const struct setting *const modes[] = {full, chorales, points};

static void pieces_equal_the_whole(void **state)
{
    (void)state;
    for (int m = 0; m < 3; m++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block, modes[m]);
        rit_point_set(&point, "model.retract-every", "7");
        rit_point_set(&point, "observe.per-decade", "4"); /* kills between a grid time and a passage, too */
        struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 13);
        assert_false(isnan(values_of(&whole, "learning_time")[1]));
        assert_same(&whole, &pieces);
        rit_block_release(&block);
    }
}

/* The first step below the threshold, found the slow way: the NLL after every single step. */
static double slow_learning_time(const struct rit_point *point, const struct rit_block *block, double eps,
                                 double *tau_before)
{
    struct rit_run *run = start(point, block);
    double tau = 0.0;
    for (bool over = rit_run_advance(run, 0);; over = rit_run_advance(run, 1)) {
        uint64_t steps;
        double nll;
        *tau_before = tau;
        rit_run_progress(run, &steps, &tau, &nll);
        nll = rit_test_nll(rit_model_of(point), rit_run_net(run), block) /
              (block->pairs * block->asked.port.width * log(2.0));
        if (nll < eps || over)
            break;
    }
    rit_run_free(run);
    return tau;
}

static void learning_times_are_exact(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, full); /* full batch: the NLL falls steadily, there is one passage */
    rit_point_set(&point, "observe.per-decade", "4"); /* a coarse grid, so that bisection has work to do */
    struct rit_outcome outcome = run_whole(&point, &block);
    const struct rit_variable *times = rit_outcome_find(&outcome, "learning_time");
    const double eps[] = {0.2, 0.25, 0.3};
    int reached = 0;
    for (int i = 0; i < 3; i++) {
        if (isnan(times->data[i]))
            continue;
        double before;
        rit_assert_near(times->data[i], slow_learning_time(&point, &block, eps[i], &before), 0.0);
        reached++;
    }
    assert_true(reached >= 2);
    rit_outcome_release(&outcome);
    rit_block_release(&block);
}

static void run_until_its_end(const struct setting *settings, struct rit_outcome *outcome)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    *outcome = run_whole(&point, &block);
    rit_block_release(&block);
}

static void unreached_thresholds_are_censored(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"observe.thresholds", "[0.001, 0.3]"}, {"stop.tau", "3.3"}, {0}};
    struct rit_outcome outcome;
    run_until_its_end(settings, &outcome);
    assert_int_equal(outcome.end, RIT_END_CENSORED);
    rit_assert_near(outcome.tau, 3.3, 0.0501);
    assert_true(isnan(rit_outcome_find(&outcome, "learning_time")->data[0]));
    rit_outcome_release(&outcome);
}

static void a_run_ends_when_all_is_learned(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"observe.thresholds", "[0.35]"}, {0}};
    struct rit_outcome outcome;
    run_until_its_end(settings, &outcome);
    assert_int_equal(outcome.end, RIT_END_LEARNED);
    assert_true(outcome.tau < 12.0);
    assert_true(rit_outcome_find(&outcome, "learning_time")->data[0] <= outcome.tau);
    rit_outcome_release(&outcome);
}

static void divergence_is_a_finding(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"rule.eta", "500"}, {"stop.tau", "1e6"}, {0}};
    struct rit_outcome outcome;
    run_until_its_end(settings, &outcome);
    assert_int_equal(outcome.end, RIT_END_DIVERGED);
    assert_true(outcome.reason[0] != 0);
    rit_outcome_release(&outcome);
}

static void a_foreign_checkpoint_is_refused(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, full);
    struct rit_run *run = start(&point, &block);
    struct rit_buffer saved = {0};
    save_run(run, &saved);
    rit_run_free(run);
    struct rit_point other = point;
    rit_point_set(&other, "seed", "2");
    run = start(&other, &block);
    assert_false(restore_run(run, &saved));
    rit_run_free(run);
    rit_buffer_release(&saved);
    rit_block_release(&block);
}

static void a_batch_larger_than_the_block_is_refused(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    make_point(&point, &block, chorales);
    rit_point_set(&point, "batch.size", "5");
    assert_null(rit_run_new(&point, &block, &err));
    assert_int_equal(err.status, RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "batch.size"));
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_equal_the_whole),
        cmocka_unit_test(learning_times_are_exact),
        cmocka_unit_test(unreached_thresholds_are_censored),
        cmocka_unit_test(a_run_ends_when_all_is_learned),
        cmocka_unit_test(divergence_is_a_finding),
        cmocka_unit_test(a_foreign_checkpoint_is_refused),
        cmocka_unit_test(a_batch_larger_than_the_block_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
