/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The master's rules one by one. test_theatre.c plays whole sweeps with all of them together. */
#include "testing.h"

#include "sweep/master.h"

#include <string.h>

static struct rit_master_rules usual_rules(void)
{
    return (struct rit_master_rules){
        .lease = 100, .limit = INFINITY, .leave = 5, .report = 1e9, .dataset = 1e9, .attempts = 3};
}

static struct rit_master *master_of(int points, int workers)
{
    struct rit_master_rules rules = usual_rules();
    double price[16];
    for (int p = 0; p < points; p++)
        price[p] = 1 + p;
    return rit_master_new(&rules, points, price, workers, 0);
}

static enum rit_sweep_end end_so_far(const struct rit_master *m)
{
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    return tally.end;
}

/* Every order as a word: "assign 0:3", "append", ... with worker:point where it has them. The last dataset is
 * written at once. */
static const char *orders(struct rit_master *m)
{
    static const char *const word[] = {
        [RIT_ORDER_ASSIGN] = "assign",   [RIT_ORDER_APPEND] = "append",
        [RIT_ORDER_REPLACE] = "replace", [RIT_ORDER_COMPARE] = "compare",
        [RIT_ORDER_DOUBT] = "doubt",     [RIT_ORDER_FAIL] = "fail",
        [RIT_ORDER_DROP] = "drop",       [RIT_ORDER_ACKNOWLEDGE] = "acknowledge",
        [RIT_ORDER_HALT] = "halt",       [RIT_ORDER_LOST] = "lost",
        [RIT_ORDER_CALL] = "call",       [RIT_ORDER_GATHER] = "gather",
        [RIT_ORDER_REPORT] = "report",   [RIT_ORDER_DATASET] = "dataset",
        [RIT_ORDER_RELEASE] = "release", [RIT_ORDER_FINISH] = "finish"};
    static char text[2048];
    size_t used = 0;
    text[0] = 0;
    struct rit_order o;
    while (rit_master_next(m, &o)) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", word[o.kind]);
        if (o.worker >= 0)
            used += (size_t)snprintf(text + used, sizeof text - used, " %d", o.worker);
        if (o.point >= 0)
            used += (size_t)snprintf(text + used, sizeof text - used, ":%d", o.point);
        if (o.kind == RIT_ORDER_DATASET && end_so_far(m) != RIT_SWEEP_GOES_ON)
            rit_master_dataset_written(m, 0);
    }
    return text;
}

static const struct rit_beat calm = {.progress = 0.5};

static enum rit_sweep_end end_of(struct rit_master *m)
{
    enum rit_sweep_end end = end_so_far(m);
    rit_master_free(m);
    return end;
}

static void test_most_expensive_first_and_an_orderly_end(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 2);
    rit_master_joined(m, 1, 1);
    assert_string_equal(orders(m), "assign 1:2");
    rit_master_joined(m, 0, 0);
    assert_string_equal(orders(m), "assign 0:1");
    rit_master_result(m, 1, 1, 2, false);
    assert_string_equal(orders(m), "append 1:2, assign 1:0"); /* no acknowledgement before the sync */
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 1:2");
    rit_master_result(m, 0, 2, 1, false);
    rit_master_result(m, 1, 3, 0, false);
    assert_string_equal(orders(m), "append 0:1, append 1:0");
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:1, acknowledge 1:0, release 0, release 1, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.done, 3);
    assert_int_equal(tally.failed, 0);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_kept_points_are_not_trained(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 1);
    rit_master_keep(m, 1);
    rit_master_joined(m, 0, 0);
    assert_string_equal(orders(m), "assign 0:0");
    rit_master_free(m);

    m = master_of(1, 2);
    rit_master_keep(m, 0);
    rit_master_tick(m, 0); /* nothing to do: over before anybody came */
    assert_string_equal(orders(m), "release 0, release 1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void tick_through(struct rit_master *m, double from, double to)
{
    for (double t = from; t <= to; t += 1)
        rit_master_tick(m, t);
}

static void test_a_silent_worker_loses_its_point(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 2);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    assert_string_equal(orders(m), "assign 0:0");
    tick_through(m, 0, 60);
    rit_master_beat(m, 1, 0, &calm);
    tick_through(m, 61, 101);
    assert_string_equal(orders(m), "lost 0:0, assign 1:0");
    /* Its late result counts all the same, and the other need not go on. */
    rit_master_result(m, 0, 1, 0, false);
    assert_string_equal(orders(m), "append 0:0, drop 1:0");
    rit_master_result(m, 1, 2, 0, false); /* was on its way */
    assert_string_equal(orders(m), "compare 1:0");
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:0, acknowledge 1:0, release 0, release 1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_back_from_the_dead_in_time(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 1);
    rit_master_joined(m, 0, 0);
    tick_through(m, 0, 150);
    assert_string_equal(orders(m), "assign 0:0, lost 0:0");
    rit_master_beat(m, 0, 1, &calm); /* the point still waits: it goes on where it is */
    assert_string_equal(orders(m), "");
    assert_int_equal(rit_master_losses(m, 0), 0);
    rit_master_result(m, 0, 1, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 0:0, acknowledge 0:0, release 0, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_back_from_the_dead_too_late(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    tick_through(m, 0, 99);
    rit_master_joined(m, 1, 1);
    tick_through(m, 100, 100);
    assert_string_equal(orders(m), "assign 0:1, assign 1:0, lost 0:1");
    rit_master_result(m, 1, 2, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 1:0, assign 1:1, acknowledge 1:0");
    rit_master_beat(m, 0, 1, &calm);
    assert_string_equal(orders(m), "drop 0:1");
    rit_master_free(m);
}

static void test_the_masters_own_sleep_ends_no_lease(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 1);
    rit_master_joined(m, 0, 0);
    rit_master_tick(m, 90);
    rit_master_tick(m, 5000);
    assert_string_equal(orders(m), "assign 0:0");
    rit_master_free(m);
}

static void test_a_point_that_kills_is_recorded(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 4);
    for (int w = 0; w < 4; w++)
        rit_master_joined(m, w, w);
    for (int w = 0; w < 3; w++)
        rit_master_lost(m, w);
    assert_string_equal(orders(m),
                        "assign 0:0, lost 0:0, assign 1:0, lost 1:0, assign 2:0, lost 2:0, fail:0");
    rit_master_synced(m);
    assert_string_equal(orders(m), "release 3, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.failed, 1);
    assert_int_equal(tally.lost, 3);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_a_suspect_comes_last(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 3);
    for (int w = 0; w < 2; w++) {
        rit_master_joined(m, w, w);
        rit_master_lost(m, w);
    }
    assert_string_equal(orders(m), "assign 0:2, lost 0:2, assign 1:2, lost 1:2");
    rit_master_joined(m, 2, 2);
    assert_string_equal(orders(m), "assign 2:1");
    rit_master_free(m);
}

static void test_stop_asks_for_checkpoints(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 3);
    for (int w = 0; w < 3; w++)
        rit_master_joined(m, w, w);
    rit_master_result(m, 1, 2, 1, false);
    assert_string_equal(orders(m), "assign 0:2, assign 1:1, assign 2:0, append 1:1");
    rit_master_stop(m); /* worker 1 has nothing to do */
    assert_string_equal(orders(m), "halt 0:2, halt 2:0");
    rit_master_given_back(m, 0);
    rit_master_result(m, 2, 3, 0, false); /* finished before it heard */
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 2:0, acknowledge 1:1, acknowledge 2:0, "
                                   "release 0, release 1, release 2, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_STOPPED);
}

static void test_drain_finishes_what_runs(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 1);
    rit_master_joined(m, 0, 0);
    rit_master_drain(m);
    assert_string_equal(orders(m), "assign 0:2");
    rit_master_result(m, 0, 1, 2, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 0:2, acknowledge 0:2, release 0, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_STOPPED);
}

static void test_the_limit_leaves_time_for_checkpoints(void **state)
{
    (void)state;
    struct rit_master_rules rules = usual_rules();
    rules.limit = 200;
    rules.lease = 1e6;
    double price[] = {1, 1};
    struct rit_master *m = rit_master_new(&rules, 2, price, 1, 0);
    rit_master_joined(m, 0, 0);
    rit_master_beat(m, 0, 1, &(struct rit_beat){.save_seconds = 20, .open_seconds = 3});
    tick_through(m, 0, 134);
    assert_string_equal(orders(m), "assign 0:0");
    tick_through(m, 135, 135); /* 200 - 5 - 3 * 20 */
    assert_string_equal(orders(m), "halt 0:0");
    rit_master_given_back(m, 0);
    assert_string_equal(orders(m), "release 0, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_OUT_OF_TIME);

    /* Nothing is started that could only be opened and saved again. */
    m = rit_master_new(&rules, 2, price, 1, 0);
    rit_master_joined(m, 0, 0);
    rit_master_beat(m, 0, 1, &(struct rit_beat){.save_seconds = 20, .open_seconds = 3});
    tick_through(m, 0, 90);
    rit_master_result(m, 0, 1, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "assign 0:0, append 0:0, acknowledge 0:0, release 0, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_OUT_OF_TIME);
}

static void test_the_limit_leaves_time_for_the_dataset(void **state)
{
    (void)state;
    struct rit_master_rules rules = usual_rules();
    rules.limit = 200;
    rules.lease = 1e6;
    double price[] = {1, 1};
    struct rit_tally tally;
    struct rit_master *m = rit_master_new(&rules, 2, price, 1, 0);
    rit_master_joined(m, 0, 0);
    rit_master_dataset_written(m, 10);
    tick_through(m, 0, 179);
    assert_string_equal(orders(m), "assign 0:0");
    tick_through(m, 180, 180); /* 200 - 5 - 15 */
    assert_string_equal(orders(m), "halt 0:0");
    tick_through(m, 186, 186);
    rit_master_result(m, 0, 1, 0,
                      false); /* no time is left for a dataset: workers go, and the next start writes it */
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 0:0, acknowledge 0:0, release 0, finish");
    rit_master_tally(m, &tally);
    assert_true(tally.dataset_stale);
    assert_int_equal(end_of(m), RIT_SWEEP_OUT_OF_TIME);
}

static void test_a_worker_that_leaves_by_itself(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    rit_master_given_back(m, 0);
    assert_string_equal(orders(m), "assign 0:1");
    rit_master_joined(m, 1, 1);
    assert_string_equal(orders(m), "assign 1:1");
    assert_int_equal(rit_master_losses(m, 1), 0);
    rit_master_given_back(m, 1);
    assert_string_equal(orders(m), "release 0, release 1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_STOPPED);
}

static void test_nobody_is_left(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    rit_master_lost(m, 0);
    tick_through(m, 0, 100); /* worker 1 never appeared */
    assert_string_equal(orders(m), "assign 0:1, lost 0:1, lost 1");
    tick_through(m, 101, 199); /* it is only silent: another lease of hope */
    assert_string_equal(orders(m), "");
    tick_through(m, 200, 200);
    assert_string_equal(orders(m), "release 1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_FORSAKEN);
}

/* Equal prices come by rank; a price that turns out otherwise moves its point, and only what waits. */
static void test_ranks_and_new_prices(void **state)
{
    (void)state;
    struct rit_master_rules rules = usual_rules();
    double price[] = {5, 5, 5, 5, 1};
    const int rank[] = {3, 2, 0, 1, 4};
    struct rit_master *m = rit_master_new(&rules, 5, price, 1, 0);
    rit_master_rank(m, rank);
    rit_master_joined(m, 0, 0);
    assert_string_equal(orders(m), "assign 0:2");
    double known[] = {1, 2, 3, 4, 9};
    rit_master_reprice(m, known, known);
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_true(tally.work == 19 && tally.work_left == 19);
    rit_master_result(m, 0, 1, 2, false);
    assert_string_equal(orders(m), "append 0:2, assign 0:4");
    rit_master_synced(m);
    rit_master_tally(m, &tally);
    assert_true(tally.work_left == 16 && tally.work_done == 3);
    rit_master_result(m, 0, 2, 4, false);
    assert_string_equal(orders(m), "acknowledge 0:2, append 0:4, assign 0:3");
    rit_master_free(m);
}

static void test_reports_and_datasets_at_their_intervals(void **state)
{
    (void)state;
    struct rit_master_rules rules = usual_rules();
    rules.report = 10;
    rules.dataset = 25;
    rules.lease = 1e6;
    double price[] = {1, 1, 1};
    struct rit_master *m = rit_master_new(&rules, 3, price, 1, 0);
    rit_master_joined(m, 0, 0);
    tick_through(m, 0, 30); /* nothing new: no dataset */
    assert_string_equal(orders(m), "assign 0:0, report, report, report");
    rit_master_result(m, 0, 1, 0, false);
    rit_master_synced(m);
    tick_through(m, 31, 32);
    assert_string_equal(orders(m), "append 0:0, assign 0:1, acknowledge 0:0, dataset");
    rit_master_dataset_written(m, 4); /* slow: not again before 20 * 4 s have passed */
    rit_master_result(m, 0, 2, 1, false);
    rit_master_synced(m);
    orders(m);
    tick_through(m, 33, 115);
    assert_null(strstr(orders(m), "dataset"));
    tick_through(m, 116, 116);
    assert_string_equal(orders(m), "dataset");
    rit_master_free(m);
}

static void test_the_tally_counts_work(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 1); /* prices 1, 2, 3 */
    rit_master_keep(m, 0);
    rit_master_joined(m, 0, 0);
    rit_master_beat(m, 0, 1, &(struct rit_beat){.progress = 0.5}); /* a checkpoint put it there */
    rit_master_beat(m, 0, 1, &(struct rit_beat){.progress = 0.75});
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_float_equal(tally.work, 6, 1e-12);
    assert_float_equal(tally.work_left, 2 + 0.25 * 3, 1e-12);
    assert_float_equal(tally.work_done, 0.25 * 3, 1e-12);
    assert_int_equal(tally.kept, 1);
    assert_int_equal(tally.running, 1);
    assert_int_equal(tally.queued, 1);
    rit_master_result(m, 0, 1, 2, false);
    rit_master_tally(m, &tally);
    assert_float_equal(tally.work_left, 2, 1e-12);
    assert_float_equal(tally.work_done, 0.5 * 3, 1e-12);
    rit_master_free(m);
}

/* Three workers on two machines: 0 and 1 on one, 2 on the other. */
static struct rit_master *master_of_two_machines(int points)
{
    struct rit_master *m = master_of(points, 3);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 0);
    rit_master_joined(m, 2, 2);
    return m;
}

static void test_a_failure_is_tried_on_another_machine(void **state)
{
    (void)state;
    struct rit_master *m = master_of_two_machines(4);
    assert_string_equal(orders(m), "assign 0:3, assign 1:2, assign 2:1");
    rit_master_result(m, 0, 1, 3, true);
    assert_string_equal(orders(m), "doubt 0:3, assign 0:0");
    rit_master_result(m, 1, 2, 2, false); /* is free, but of the same machine */
    assert_string_equal(orders(m), "append 1:2");
    rit_master_result(m, 2, 3, 1, false);
    assert_string_equal(orders(m), "append 2:1, assign 2:3");
    rit_master_result(m, 2, 5, 3, true); /* now it is believed */
    rit_master_result(m, 0, 4, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m),
                        "append 2:3, append 0:0, acknowledge 1:2, acknowledge 2:1, acknowledge 2:3, "
                        "acknowledge 0:0, release 0, release 1, release 2, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.failed, 1);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_a_failure_that_another_does_not_see(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 2);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 0); /* one machine: another worker will do */
    rit_master_result(m, 0, 1, 0, true);
    assert_string_equal(orders(m), "assign 0:0, doubt 0:0, assign 1:0");
    rit_master_result(m, 1, 2, 0, false);
    assert_string_equal(orders(m), "append 1:0");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.failed, 0);
    rit_master_free(m);
}

static void test_nobody_else_can_judge(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 1);
    rit_master_joined(m, 0, 0);
    rit_master_result(m, 0, 1, 1, true);
    assert_string_equal(orders(m), "assign 0:1, doubt 0:1, fail:1, assign 0:0");
    rit_master_free(m);

    m = master_of(2, 2); /* the judge is lost on the way: nobody is left */
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    rit_master_result(m, 0, 1, 1, true);
    assert_string_equal(orders(m), "assign 0:1, assign 1:0, doubt 0:1");
    rit_master_lost(m, 1);
    assert_string_equal(orders(m), "lost 1:0, fail:1, assign 0:0");
    rit_master_free(m);
}

static void test_a_sound_result_replaces_a_failure(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 4);
    for (int w = 0; w < 4; w++)
        rit_master_joined(m, w, w);
    rit_master_result(m, 1, 2, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "assign 0:1, assign 1:0, append 1:0, acknowledge 1:0");
    rit_master_beat(m, 0, 1, &calm);
    tick_through(m, 0, 99);
    rit_master_beat(m, 1, 0, &calm);
    rit_master_beat(m, 2, 0, &calm);
    rit_master_beat(m, 3, 0, &calm);
    tick_through(m, 100, 100);
    assert_string_equal(orders(m), "lost 0:1, assign 1:1");
    rit_master_lost(m, 1);
    rit_master_lost(m, 2);
    assert_string_equal(orders(m), "lost 1:1, assign 2:1, lost 2:1, fail:1");
    rit_master_result(m, 0, 1, 1, false); /* it was only slow */
    assert_string_equal(orders(m), "replace 0:1");
    rit_master_result(m, 3, 9, 1, true); /* and no failure takes its place again */
    rit_master_synced(m);
    assert_string_equal(
        orders(m), "compare 3:1, acknowledge 0:1, acknowledge 3:1, release 0, release 3, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.done, 2);
    assert_int_equal(tally.failed, 0);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_a_sound_result_while_the_last_dataset_is_written(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 2);
    struct rit_order order;
    rit_master_joined(m, 0, 0);
    tick_through(m, 0, 50);
    rit_master_joined(m, 1, 1);
    tick_through(m, 51, 100); /* worker 0 is silent */
    rit_master_result(m, 1, 2, 0, true);
    rit_master_synced(m);
    bool writing = false;
    while (rit_master_next(m, &order))
        writing = order.kind == RIT_ORDER_DATASET;
    assert_true(writing); /* nothing behind it yet */
    rit_master_result(m, 0, 1, 0, false);
    rit_master_dataset_written(m, 1);
    assert_string_equal(orders(m), "replace 0:0");
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:0, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.failed, 0);
    rit_master_free(m);
}

static void test_an_unfit_worker_costs_nothing(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 3);
    rit_master_joined(m, 0, 0);
    rit_master_unfit(m, 0);
    rit_master_unfit(m, 1); /* could not even begin */
    assert_string_equal(orders(m), "assign 0:1");
    rit_master_joined(m, 2, 2);
    rit_master_result(m, 2, 2, 1, false);
    rit_master_result(m, 2, 3, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m),
                        "assign 2:1, append 2:1, assign 2:0, append 2:0, acknowledge 2:1, acknowledge 2:0, "
                        "release 0, release 1, release 2, dataset, finish");
    assert_int_equal(rit_master_losses(m, 1), 0);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

static void test_a_declined_point_goes_to_another_machine(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    rit_master_declined(m, 0, 1, 1); /* nobody else is there yet; the smaller one meanwhile */
    assert_string_equal(orders(m), "assign 0:1, assign 0:0");
    rit_master_result(m, 0, 2, 0, false);
    rit_master_synced(m);
    orders(m);
    rit_master_joined(m, 1, 1);
    rit_master_declined(m, 0, 3, 1); /* it had the machine for itself now */
    assert_string_equal(orders(m), "assign 1:1");
    rit_master_result(m, 1, 4, 1, false);
    rit_master_synced(m);
    orders(m);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);

    m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    orders(m);
    rit_master_result(m, 1, 2, 0, false);
    rit_master_declined(m, 0, 1, 1); /* at once, and not again to the first */
    assert_string_equal(orders(m), "append 1:0, assign 1:1");
    rit_master_free(m);
}

static void test_a_point_too_large_for_all_ends_the_sweep_last(void **state)
{
    (void)state;
    struct rit_master *m = master_of(3, 3);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 0);
    rit_master_joined(m, 2, 2);
    assert_string_equal(orders(m), "assign 0:2, assign 1:1, assign 2:0");
    rit_master_declined(m, 0, 1, 2); /* the other machine is busy */
    assert_string_equal(orders(m), "");
    rit_master_result(m, 2, 3, 0, false);
    assert_string_equal(orders(m), "append 2:0, assign 2:2");
    rit_master_declined(m, 2, 4, 2);
    assert_string_equal(orders(m), ""); /* the first machine is still busy with another */
    rit_master_result(m, 1, 2, 1, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "append 1:1, assign 1:2, acknowledge 2:0, acknowledge 1:1");
    rit_master_declined(m, 1, 5, 2);
    assert_string_equal(orders(m), "assign 2:2");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.end, RIT_SWEEP_GOES_ON);
    rit_master_declined(m, 2, 6, 2);
    assert_string_equal(orders(m), "release 0, release 1, release 2, dataset, finish");
    rit_master_tally(m, &tally);
    assert_int_equal(tally.aside, 1);
    assert_int_equal(tally.done, 2);
    assert_int_equal(tally.failed, 0);
    assert_true(tally.work_left == 0);
    assert_int_equal(end_of(m), RIT_SWEEP_UNFIT);
}

static void test_nobody_is_fit(void **state)
{
    (void)state;
    struct rit_master *m = master_of(2, 2);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    rit_master_unfit(m, 0);
    rit_master_unfit(m, 1);
    assert_string_equal(orders(m), "assign 0:1, assign 1:0, release 0, release 1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_UNFIT);

    m = master_of(2, 2); /* one was unfit, the other died: a new start may do better */
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    rit_master_unfit(m, 0);
    rit_master_lost(m, 1);
    orders(m);
    assert_int_equal(end_of(m), RIT_SWEEP_FORSAKEN);
}

static void test_a_dataset_that_takes_long_holds_up_nothing(void **state)
{
    (void)state;
    struct rit_master_rules rules = usual_rules();
    rules.dataset = 10;
    rules.limit = 1000;
    double price[] = {1, 1, 1};
    struct rit_master *m = rit_master_new(&rules, 3, price, 2, 0);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    rit_master_result(m, 0, 1, 0, false);
    rit_master_synced(m);
    tick_through(m, 0, 50);
    assert_string_equal(orders(m),
                        "assign 0:0, assign 1:1, append 0:0, assign 0:2, acknowledge 0:0, dataset");
    rit_master_beat(m, 0, 3, &calm);
    tick_through(m, 51, 100); /* leases end, points are handed out and results come, but no second dataset */
    assert_string_equal(orders(m), "lost 1:1");
    rit_master_result(m, 0, 3, 2, false);
    rit_master_synced(m);
    rit_master_result(m, 0, 4, 1, false);
    rit_master_synced(m);
    struct rit_order order;
    bool writing = false;
    while (rit_master_next(m, &order))
        writing = order.kind == RIT_ORDER_DATASET;
    assert_true(writing); /* the last one takes the place of that in the making; the end comes behind it */
    rit_master_dataset_written(m, 60);
    assert_string_equal(orders(m), "finish");
    rit_master_free(m);
}

static void test_points_are_added_while_more_is_expected(void **state)
{
    (void)state;
    static const double dear[] = {7, 9};
    struct rit_master *m = master_of(1, 2);
    rit_master_expect(m, true);
    rit_master_joined(m, 0, 0);
    rit_master_joined(m, 1, 1);
    assert_string_equal(orders(m), "assign 0:0");
    rit_master_result(m, 0, 1, 0, false);
    assert_string_equal(orders(m), "append 0:0");
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:0"); /* all is done, but not over */
    rit_master_add(m, 2, dear);
    rit_master_keep(m, 1); /* that one has a result already */
    rit_master_expect(m, true);
    assert_string_equal(orders(m), "assign 0:2");
    rit_master_result(m, 0, 2, 2, false);
    rit_master_expect(m, false);
    assert_string_equal(orders(m), "append 0:2"); /* no end before it is on disk */
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:2, release 0, release 1, dataset, finish");
    rit_master_free(m);
}

/* Points 0 and 1 of three need a matrix of all ranks. */
static struct rit_master *master_with_calls(int workers)
{
    struct rit_master *m = master_of(3, workers);
    rit_master_together(m, 0);
    rit_master_together(m, 1);
    for (int w = 0; w < workers; w++)
        rit_master_joined(m, w, w);
    return m;
}

static void test_all_gather_when_all_else_is_done(void **state)
{
    (void)state;
    struct rit_master *m = master_with_calls(2);
    assert_string_equal(orders(m), "assign 0:2");
    rit_master_result(m, 0, 1, 2, false);
    assert_string_equal(orders(m), "append 0:2"); /* not before it is on disk */
    rit_master_synced(m);
    assert_string_equal(orders(m), "acknowledge 0:2, call 0:1, call 1:1"); /* the dearer one first */
    rit_master_ready(m, 1, 2);
    rit_master_ready(m, 1, 2); /* again is not more */
    rit_master_ready(m, 0, 1); /* to an older call */
    assert_string_equal(orders(m), "");
    rit_master_ready(m, 0, 2);
    assert_string_equal(orders(m), "gather 0:1, gather 1:1, gather:1");
    rit_master_gathered(m, 1, RIT_GATHERED);
    assert_string_equal(orders(m), "call 0:0, call 1:0"); /* all calls before the first is trained */
    rit_master_ready(m, 0, 3);
    rit_master_ready(m, 1, 3);
    assert_string_equal(orders(m), "gather 0:0, gather 1:0, gather:0");
    rit_master_gathered(m, 0, RIT_GATHERED);
    assert_string_equal(orders(m), "assign 0:1, assign 1:0");
    rit_master_result(m, 0, 4, 1, false);
    rit_master_result(m, 1, 5, 0, false);
    rit_master_synced(m);
    orders(m);
    assert_int_equal(end_of(m), RIT_SWEEP_COMPLETE);
}

/* One who is silent or dies while the others wait is lost, and they go without it; one who comes is called.
 */
static void test_who_does_not_answer_a_call(void **state)
{
    (void)state;
    struct rit_master *m = master_with_calls(3);
    rit_master_result(m, 0, 1, 2, false);
    rit_master_synced(m);
    orders(m);
    rit_master_ready(m, 0, 2);
    rit_master_lost(m, 1);
    assert_string_equal(orders(m), "lost 1");
    tick_through(m, 0, 60);
    rit_master_beat(m, 0, 0, &calm);
    tick_through(m, 61, 101);
    assert_string_equal(orders(m), "lost 2, gather 0:1, gather:1");
    rit_master_gathered(m, 1, RIT_GATHERED);
    rit_master_beat(m, 2, 0, &calm); /* it was only slow, and takes part in the next one */
    assert_string_equal(orders(m), "call 0:0, call 2:0");
    rit_master_ready(m, 0, 3);
    rit_master_lost(m, 0);
    assert_string_equal(orders(m), "lost 0");
    rit_master_ready(m, 2, 3);
    assert_string_equal(orders(m), "gather 2:0, gather:0");
    rit_master_gathered(m, 0, RIT_GATHERED);
    rit_master_lost(m, 2);
    assert_string_equal(orders(m), "assign 2:1, lost 2:1, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_FORSAKEN);
}

static void test_a_call_waits_for_who_may_still_come(void **state)
{
    (void)state;
    struct rit_master *m = master_of(1, 2);
    rit_master_together(m, 0);
    rit_master_joined(m, 0, 0);
    assert_string_equal(orders(m), ""); /* worker 1 may be up any moment */
    rit_master_joined(m, 1, 1);
    assert_string_equal(orders(m), "call 0:0, call 1:0");
    rit_master_free(m);
}

/* Halted before it starts, it is left for the next start. */
static void test_a_call_is_called_off(void **state)
{
    (void)state;
    struct rit_master *m = master_with_calls(1);
    rit_master_result(m, 0, 1, 2, false);
    rit_master_synced(m);
    orders(m);
    rit_master_stop(m);
    assert_string_equal(orders(m), "release 0, dataset, finish");
    assert_int_equal(end_of(m), RIT_SWEEP_STOPPED);

    static const struct {
        enum rit_gathered gathered;
        enum rit_sweep_end end;
    } no[] = {{RIT_GATHERED_TOO_LATE, RIT_SWEEP_OUT_OF_TIME}, {RIT_GATHERED_STOPPED, RIT_SWEEP_STOPPED}};
    for (int i = 0; i < 2; i++) {
        m = master_with_calls(1);
        rit_master_result(m, 0, 1, 2, false);
        rit_master_synced(m);
        rit_master_ready(m, 0, 2);
        orders(m);
        rit_master_gathered(m, 1, no[i].gathered);
        assert_string_equal(orders(m), "release 0, dataset, finish");
        assert_int_equal(end_of(m), no[i].end);
    }
}

/* What does not fit is left out, and the others go on. */
static void test_a_matrix_that_does_not_fit(void **state)
{
    (void)state;
    struct rit_master *m = master_with_calls(1);
    rit_master_result(m, 0, 1, 2, false);
    rit_master_synced(m);
    rit_master_ready(m, 0, 2);
    orders(m);
    rit_master_gathered(m, 1, RIT_GATHERED_TOO_LARGE);
    assert_string_equal(orders(m), "call 0:0");
    rit_master_ready(m, 0, 3);
    orders(m);
    rit_master_gathered(m, 0, RIT_GATHERED);
    rit_master_result(m, 0, 4, 0, false);
    rit_master_synced(m);
    assert_string_equal(orders(m), "assign 0:0, append 0:0, acknowledge 0:0, release 0, dataset, finish");
    struct rit_tally tally;
    rit_master_tally(m, &tally);
    assert_int_equal(tally.aside, 1);
    assert_int_equal(tally.done, 2);
    assert_int_equal(end_of(m), RIT_SWEEP_UNFIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_most_expensive_first_and_an_orderly_end),
        cmocka_unit_test(test_kept_points_are_not_trained),
        cmocka_unit_test(test_a_silent_worker_loses_its_point),
        cmocka_unit_test(test_back_from_the_dead_in_time),
        cmocka_unit_test(test_back_from_the_dead_too_late),
        cmocka_unit_test(test_the_masters_own_sleep_ends_no_lease),
        cmocka_unit_test(test_a_point_that_kills_is_recorded),
        cmocka_unit_test(test_a_suspect_comes_last),
        cmocka_unit_test(test_stop_asks_for_checkpoints),
        cmocka_unit_test(test_drain_finishes_what_runs),
        cmocka_unit_test(test_the_limit_leaves_time_for_checkpoints),
        cmocka_unit_test(test_the_limit_leaves_time_for_the_dataset),
        cmocka_unit_test(test_a_worker_that_leaves_by_itself),
        cmocka_unit_test(test_nobody_is_left),
        cmocka_unit_test(test_ranks_and_new_prices),
        cmocka_unit_test(test_reports_and_datasets_at_their_intervals),
        cmocka_unit_test(test_the_tally_counts_work),
        cmocka_unit_test(test_a_failure_is_tried_on_another_machine),
        cmocka_unit_test(test_a_failure_that_another_does_not_see),
        cmocka_unit_test(test_nobody_else_can_judge),
        cmocka_unit_test(test_a_sound_result_replaces_a_failure),
        cmocka_unit_test(test_a_sound_result_while_the_last_dataset_is_written),
        cmocka_unit_test(test_an_unfit_worker_costs_nothing),
        cmocka_unit_test(test_a_declined_point_goes_to_another_machine),
        cmocka_unit_test(test_a_point_too_large_for_all_ends_the_sweep_last),
        cmocka_unit_test(test_nobody_is_fit),
        cmocka_unit_test(test_a_dataset_that_takes_long_holds_up_nothing),
        cmocka_unit_test(test_points_are_added_while_more_is_expected),
        cmocka_unit_test(test_all_gather_when_all_else_is_done),
        cmocka_unit_test(test_who_does_not_answer_a_call),
        cmocka_unit_test(test_a_call_waits_for_who_may_still_come),
        cmocka_unit_test(test_a_call_is_called_off),
        cmocka_unit_test(test_a_matrix_that_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
