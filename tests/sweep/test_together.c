/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real master and real workers, in turns in one process: whatever happens, the same dataset. */
#include "testing.h"

#include "base/file.h"
#include "base/process.h"
#include "store/reader.h"
#include "store/results.h"
#include "sweep/conductor.h"
#include "sweep/roster.h"
#include "sweep/worker.h"

#include <ritardando/run.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORKERS = 4 };

static const char small[] = "grid:\n"
                            "  width: [4, 5, 6]\n"
                            "  seed: {from: 1, to: 3}\n"
                            "data: {source: composer, chorales: 2}\n"
                            "rule: {eta: 0.02}\n"
                            "stop: {tau: 8}\n"
                            "run: {checkpoint: 0.01, dataset: 0.01, lease: 1}\n";

/** What a play does besides giving everybody turns. */
struct plot {
    int sleeper;      /* this worker gets no turns from the moment it trains until it was missed; 0: none */
    int stop_at_turn; /* a signal comes; 0: never */
    int share, shares;
};

static char folder[200];

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int at;
    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static int enter(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/ritardando-sweep-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void write_file(const char *name, const char *text)
{
    assert_int_equal(rit_file_replace(in_folder(name), text, strlen(text), NULL), RIT_OK);
}

static enum rit_status play(const char *config, const char *run, int workers, const struct plot *plot)
{
    struct rit_post *post[MOST_WORKERS + 1];
    struct rit_worker *worker[MOST_WORKERS + 1];
    struct rit_error err = {0};
    enum rit_status status, own;
    bool at_once;
    write_file("config.yaml", config);
    struct rit_sweep_options options = {.config = in_folder("config.yaml"),
                                        .run = in_folder(run),
                                        .share = plot ? plot->share : 0,
                                        .shares = plot && plot->shares ? plot->shares : 1};
    rit_post_local(workers + 1, post);
    const struct rit_walltime unlimited = rit_walltime_unlimited();
    struct rit_conductor *c = rit_conductor_new(&options, post[0], workers, &unlimited, false, &err);
    assert_non_null(c);
    for (int w = 1; w <= workers; w++)
        worker[w] = rit_worker_new(post[w], rit_sweep_options_digest(&options));
    double asleep_at = 0;
    for (int turn = 1; !rit_conductor_is_over(c, &status, &at_once); turn++) {
        bool did = rit_conductor_turn(c);
        for (int w = 1; w <= workers; w++) {
            if (plot && w == plot->sleeper && turn > 5 &&
                (asleep_at == 0 || rit_seconds() < asleep_at + 1.5)) {
                asleep_at = asleep_at > 0 ? asleep_at : rit_seconds();
                continue;
            }
            if (!rit_worker_has_left(worker[w], &own, &at_once))
                did |= rit_worker_turn(worker[w]);
        }
        if (!did)
            rit_worker_rest(worker[1], 0.0005);
        if (plot && turn == plot->stop_at_turn)
            rit_stop_ask();
    }
    for (int w = 1; w <= workers; w++) { /* what was said last */
        while (!rit_worker_has_left(worker[w], &own, &at_once))
            rit_worker_turn(worker[w]);
        assert_int_equal(own, RIT_OK);
        rit_worker_free(worker[w]);
    }
    rit_conductor_free(c);
    for (int i = 0; i <= workers; i++)
        post[i]->close(post[i]);
    rit_stop_forget();
    return status;
}

/* Content hash and number of rows of a run's dataset. */
static void look_at(const char *run, char hash[RIT_HASH_HEX], size_t *points)
{
    struct rit_dataset dataset;
    struct rit_error err = {0};
    char path[400];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", in_folder(run));
    if (rit_dataset_read(path, &dataset, &err) != RIT_OK)
        print_error("%s\n", err.text);
    assert_int_equal(err.status, RIT_OK);
    snprintf(hash, RIT_HASH_HEX, "%s", dataset.content_hash);
    *points = dataset.points;
    rit_dataset_release(&dataset);
}

static void assert_same(const char *run, const char *other, size_t wanted)
{
    char a[RIT_HASH_HEX], b[RIT_HASH_HEX];
    size_t points;
    look_at(run, a, &points);
    assert_int_equal(points, wanted);
    look_at(other, b, &points);
    assert_int_equal(points, wanted);
    assert_string_equal(a, b);
}

static void test_any_number_of_workers(void **state)
{
    (void)state;
    assert_int_equal(play(small, "one", 1, NULL), RIT_OK);
    assert_int_equal(play(small, "two", 2, NULL), RIT_OK);
    assert_int_equal(play(small, "four", 4, NULL), RIT_OK);
    assert_same("one", "two", 9);
    assert_same("one", "four", 9);
    /* Checkpoints that were written, if there was time for any, are gone. */
    assert_true(rmdir(in_folder("two/checkpoints")) == 0 || errno == ENOENT);
}

static void test_stopped_and_continued(void **state)
{
    (void)state;
    assert_int_equal(play(small, "whole", 1, NULL), RIT_OK);
    int stops = 0;
    for (int turn = 4;
         play(small, "parts", 1 + stops % 3, &(struct plot){.stop_at_turn = turn}) == RIT_STOPPED; turn += 3)
        stops++;
    print_message("           stopped %d times\n", stops);
    assert_true(stops >= 3);
    assert_same("whole", "parts", 9);
}

static void test_a_sleeper_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(play(small, "awake", 1, NULL), RIT_OK);
    assert_int_equal(play(small, "asleep", 3, &(struct plot){.sleeper = 2}), RIT_OK);
    assert_same("awake", "asleep", 9);
}

static void test_a_grid_that_grows(void **state)
{
    (void)state;
    char more[1000];
    snprintf(more, sizeof more, "%s", small);
    char *to = strstr(more, "to: 3");
    to[4] = '2';
    assert_int_equal(play(more, "grown", 2, NULL), RIT_OK);
    struct rit_results results;
    assert_int_equal(rit_results_load(in_folder("grown"), &results, NULL), RIT_OK);
    assert_int_equal(results.count, 6);
    rit_results_release(&results);
    assert_int_equal(play(small, "grown", 2, NULL), RIT_OK);
    assert_int_equal(play(small, "at-once", 1, NULL), RIT_OK);
    assert_same("grown", "at-once", 9);
}

static pthread_t master; /* the thread of the test: trainers have their own */

/* In place of the one in src/train: of batches of 7 only a trainer finds out that they cannot be. */
enum rit_status rit_run_check(const struct rit_point *point, const struct rit_block *block,
                              struct rit_error *err)
{
    (void)block;
    if (rit_point_int(point, "batch.size") != 7 || pthread_equal(pthread_self(), master))
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT, "batch.size: not 7");
}

static bool is_failure_with_reason(const struct rit_results *results, const struct rit_stored *stored)
{
    struct rit_result result;
    assert_int_equal(rit_results_get(results, stored, &result, NULL), RIT_OK);
    bool failure = result.outcome.end == RIT_END_FAILED && result.outcome.reason[0] != 0;
    rit_result_release(&result);
    return failure;
}

static void test_failed_points_are_recorded_and_tried_again(void **state)
{
    (void)state;
    static const char sevens[] = "grid: {batch.size: [10, 7], seed: [1, 2]}\n"
                                 "data: {source: composer, chorales: 2}\n"
                                 "batch: {kind: time-points}\n"
                                 "model: {width: 4}\n"
                                 "stop: {tau: 1}\n";
    master = pthread_self();
    for (int i = 0; i < 2; i++) {
        assert_int_equal(play(sevens, "failing", 2, NULL), RIT_SOME_FAILED);
        char hash[RIT_HASH_HEX];
        size_t points;
        look_at("failing", hash, &points);
        assert_int_equal(points, 4);
        struct rit_results results;
        assert_int_equal(rit_results_load(in_folder("failing"), &results, NULL), RIT_OK);
        int failed = 0;
        for (int r = 0; r < results.count; r++)
            failed += is_failure_with_reason(&results, &results.stored[r]);
        assert_int_equal(failed, 2);
        rit_results_release(&results);
    }
}

static void test_shares_divide_the_plan(void **state)
{
    (void)state;
    enum { SHARES = 3 };
    size_t sum = 0;
    for (int share = 0; share < SHARES; share++) {
        char run[20], hash[RIT_HASH_HEX];
        size_t points;
        snprintf(run, sizeof run, "share-%d", share);
        assert_int_equal(play(small, run, 1, &(struct plot){.share = share, .shares = SHARES}), RIT_OK);
        look_at(run, hash, &points);
        sum += points;
    }
    assert_int_equal(sum, 9);
}

static enum rit_status begin(const char *config, const char *run, struct rit_error *err)
{
    struct rit_post *post[2];
    write_file("config.yaml", config);
    struct rit_sweep_options options = {
        .config = in_folder("config.yaml"), .run = in_folder(run), .shares = 1};
    rit_post_local(2, post);
    const struct rit_walltime unlimited = rit_walltime_unlimited();
    struct rit_conductor *c = rit_conductor_new(&options, post[0], 1, &unlimited, false, err);
    rit_conductor_free(c);
    post[0]->close(post[0]);
    post[1]->close(post[1]);
    return c ? RIT_OK : err->status;
}

static void test_what_keeps_a_sweep_from_beginning(void **state)
{
    (void)state;
    struct rit_error err = {0};
    assert_int_equal(begin("grid: {widht: [3]}", "r", &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "did you mean"));
    assert_int_equal(begin("data: {source: chorales, file: /no/such/file.json}", "r", &err), RIT_IO);
    assert_non_null(strstr(err.text, "/no/such/file.json"));
    write_file("file", "");
    assert_int_equal(begin(small, "file/run", &err), RIT_IO);
    assert_int_equal(rit_file_make_folder(in_folder("halted"), NULL), RIT_OK);
    write_file("halted/stop", "");
    assert_int_equal(begin(small, "halted", &err), RIT_STOPPED);
    assert_non_null(strstr(err.text, "remove it"));
    assert_int_equal(begin("grid: {seed: {from: 1, to: 1000000}}", "r", &err), RIT_BAD_INPUT);
    print_message("           %s\n", err.text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_any_number_of_workers),
        TEST(test_stopped_and_continued),
        TEST(test_a_sleeper_is_replaced),
        TEST(test_a_grid_that_grows),
        TEST(test_failed_points_are_recorded_and_tried_again),
        TEST(test_shares_divide_the_plan),
        TEST(test_what_keeps_a_sweep_from_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
