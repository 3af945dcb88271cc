/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever takes long in a worker: nobody waits for it. The runs of this test are not trained: they stand in
 * for those of src/train/run.c, and their steps, openings and ends take as long as the test says.
 */
#include "testing.h"

#include <ritardando/run.h>

#include "base/file.h"
#include "base/process.h"
#include "store/claim.h"
#include "store/results.h"
#include "sweep/conductor.h"
#include "sweep/trainer.h"
#include "sweep/worker.h"
#include "train/identity.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- runs that are made of time ---- */

struct rit_run {
    const struct rit_point *point;
    struct {
        uint64_t steps, value;
    } state;
};

static double step_seconds, open_seconds, finish_seconds;
static atomic_int opened, steps_made;
static atomic_int blocked_step = -1; /* the step that is not over before the test says so */
static atomic_bool is_blocked;
static atomic_int machines_without_memory;
static int impossible_seed; /* 0: none */

static void take(double seconds)
{
    nanosleep(
        &(struct timespec){.tv_sec = (time_t)seconds, .tv_nsec = (long)(1e9 * (seconds - (time_t)seconds))},
        NULL);
}

enum rit_status rit_run_memory(const struct rit_point *point, const struct rit_block *block, size_t *bytes,
                               size_t *state, struct rit_error *err)
{
    (void)block;
    (void)state;
    *bytes = sizeof(struct rit_run);
    return rit_point_int(point, "seed") == impossible_seed ? rit_fail(err, RIT_BAD_INPUT, "seed: cannot be")
                                                           : RIT_OK;
}

/* No run of this test goes on from another. */
struct rit_run *rit_run_new_shell(const struct rit_point *point, const struct rit_block *block,
                                  struct rit_error *err)
{
    return rit_run_new(point, block, err);
}

void rit_run_adopt(struct rit_run *run, const struct rit_run *ended)
{
    run->state = ended->state;
}

double rit_run_price(const struct rit_point *point, const struct rit_block *block)
{
    (void)point;
    (void)block;
    return 1;
}

struct rit_run *rit_run_new(const struct rit_point *point, const struct rit_block *block,
                            struct rit_error *err)
{
    (void)block;
    opened++;
    take(open_seconds);
    if (machines_without_memory > 0) {
        machines_without_memory--;
        rit_fail(err, RIT_BAD_INPUT, "no memory here");
        return NULL;
    }
    struct rit_run *run = calloc(1, sizeof *run);
    RIT_CHECK(run);
    run->point = point;
    run->state.value = (uint64_t)rit_point_int(point, "seed");
    return run;
}

void rit_run_free(struct rit_run *run)
{
    free(run);
}

/* A step is half made when it blocks: its state must not be saved then. */
bool rit_run_advance(struct rit_run *run, uint64_t steps)
{
    for (; steps > 0 && (double)run->state.steps < rit_point_real(run->point, "stop.tau"); steps--) {
        uint64_t value = run->state.value * 6364136223846793005u + 1442695040888963407u;
        run->state.value = 0;
        take(step_seconds);
        while (blocked_step == (int)run->state.steps) {
            is_blocked = true;
            take(0.001);
        }
        run->state.value = value >> 11;
        run->state.steps++;
        steps_made++;
    }
    return (double)run->state.steps >= rit_point_real(run->point, "stop.tau");
}

void rit_run_progress(const struct rit_run *run, uint64_t *steps, double *tau, double *nll)
{
    *steps = run->state.steps;
    *tau = (double)run->state.steps;
    *nll = 1;
}

void rit_run_give_kernel_spectrum(struct rit_run *run, const double *value)
{
    (void)run, (void)value;
}

void rit_run_finish(struct rit_run *run, struct rit_outcome *outcome)
{
    take(finish_seconds);
    *outcome = (struct rit_outcome){.end = RIT_END_CENSORED, .steps = run->state.steps, .tau = 1};
    rit_outcome_add(outcome, "value", "1", "where its steps lead", 0, NULL, NULL)->data[0] =
        (double)run->state.value;
}

struct rit_saved rit_run_save(struct rit_run *run)
{
    return (struct rit_saved){.owner = "somebody", .state = &run->state, .size = sizeof run->state};
}

void rit_run_resume(struct rit_run *run)
{
    (void)run;
}

/* ---- sweeps of them ---- */

static char folder[200];

static int enter(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    step_seconds = open_seconds = finish_seconds = 0;
    opened = steps_made = machines_without_memory = impossible_seed = 0;
    is_blocked = false;
    blocked_step = -1;
    rit_stop_forget();
    snprintf(folder, sizeof folder, "%s/ritardando-long-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int at;
    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

struct stage {
    struct rit_post *post[3];
    struct rit_conductor *conductor;
    struct rit_worker *worker[3];
    struct rit_sweep_options options;
    int workers;
};

static void raise_curtain(struct stage *s, const char *config, const char *run, int workers)
{
    struct rit_error err = {0};
    struct rit_walltime walltime = rit_walltime_unlimited();
    assert_int_equal(rit_file_replace(in_folder("config.yaml"), config, strlen(config), NULL), RIT_OK);
    *s = (struct stage){.workers = workers};
    s->options.config = strdup(in_folder("config.yaml"));
    s->options.run = strdup(in_folder(run));
    s->options.shares = 1;
    rit_post_local(workers + 1, s->post);
    s->conductor = rit_conductor_new(&s->options, s->post[0], workers, &walltime, false, &err);
    if (!s->conductor)
        print_error("%s\n", err.text);
    assert_non_null(s->conductor);
    for (int w = 1; w <= workers; w++)
        s->worker[w] = rit_worker_new(s->post[w], rit_sweep_options_digest(&s->options));
}

/* One turn of everybody. True when all have left. */
static bool turn(struct stage *s, enum rit_status *status)
{
    enum rit_status own;
    bool at_once, over = rit_conductor_is_over(s->conductor, status, &at_once);
    if (!over)
        rit_conductor_turn(s->conductor);
    for (int w = 1; w <= s->workers; w++) {
        bool left = rit_worker_has_left(s->worker[w], &own, &at_once);
        if (!left)
            rit_worker_turn(s->worker[w]);
        over &= left;
    }
    rit_worker_rest(s->worker[1], 0.001);
    return over;
}

static void drop_curtain(struct stage *s)
{
    for (int w = 1; w <= s->workers; w++)
        rit_worker_free(s->worker[w]);
    rit_conductor_free(s->conductor);
    for (int w = 0; w <= s->workers; w++)
        s->post[w]->close(s->post[w]);
    free((char *)(uintptr_t)s->options.config);
    free((char *)(uintptr_t)s->options.run);
}

static enum rit_status play(const char *config, const char *run, int workers)
{
    struct stage s;
    enum rit_status status;
    raise_curtain(&s, config, run, workers);
    while (!turn(&s, &status))
        continue;
    drop_curtain(&s);
    return status;
}

/* Number of results by how they ended, and the hash of all that are sound. */
static void look_at(const char *run, int count[RIT_ENDS], struct rit_hash *content)
{
    struct rit_results results;
    struct rit_buffer all = {0};
    memset(count, 0, RIT_ENDS * sizeof *count);
    assert_int_equal(rit_results_load(in_folder(run), &results, NULL), RIT_OK);
    for (int i = 0; i < results.count; i++) {
        struct rit_result result;
        assert_int_equal(rit_results_get(&results, &results.stored[i], &result, NULL), RIT_OK);
        count[result.outcome.end]++;
        struct rit_hash one = rit_result_content(&result);
        rit_pack_bytes(&all, one.byte, sizeof one.byte);
        rit_result_release(&result);
    }
    *content = rit_hash_of(all.data, all.size);
    rit_buffer_release(&all);
    rit_results_release(&results);
}

static const char two_points[] = "grid: {seed: [1, 2]}\n"
                                 "data: {source: composer, chorales: 1}\n"
                                 "stop: {tau: 1}\n"
                                 "run: {lease: 1, checkpoint: 1000}\n";

static void test_what_takes_long_costs_no_lease(void **state)
{
    (void)state;
    int count[RIT_ENDS];
    struct rit_hash content;
    step_seconds = open_seconds = finish_seconds = 1.7;
    assert_int_equal(play(two_points, "run", 2), RIT_OK);
    look_at("run", count, &content);
    assert_int_equal(count[RIT_END_CENSORED], 2);
    assert_int_equal(opened, 2); /* nobody was taken for lost, and no point trained again */
    assert_int_equal(steps_made, 2);
}

static const char long_point[] = "data: {source: composer, chorales: 1}\n"
                                 "stop: {tau: 40}\n"
                                 "run: {lease: 1, checkpoint: 1000}\n";

/* Stop by a signal in the middle of step `step`, which does not end before all have left. */
static void stop_in_step(int step)
{
    struct stage s;
    enum rit_status status;
    blocked_step = step;
    is_blocked = false;
    raise_curtain(&s, long_point, "parts", 1);
    while (!is_blocked)
        turn(&s, &status);
    rit_stop_ask();
    double asked = rit_seconds();
    while (!turn(&s, &status))
        assert_true(rit_seconds() < asked + 20);
    print_message("           left %.2f s after the signal, in the middle of a step\n",
                  rit_seconds() - asked);
    assert_int_equal(status, RIT_STOPPED);
    assert_true(rit_worker_is_busy(s.worker[1]));
    blocked_step = -1;
    drop_curtain(&s);
    rit_stop_forget();
}

static void test_a_stop_in_the_middle_of_a_step(void **state)
{
    (void)state;
    int count[RIT_ENDS];
    struct rit_hash whole, parts;
    assert_int_equal(play(long_point, "whole", 1), RIT_OK);
    look_at("whole", count, &whole);
    assert_int_equal(steps_made, 40);
    step_seconds = 0.03; /* so that every step is a slice, and its end a place to go on from */
    steps_made = 0;
    stop_in_step(0); /* nothing to keep */
    stop_in_step(7);
    stop_in_step(20);
    step_seconds = 0;
    assert_int_equal(play(long_point, "parts", 1), RIT_OK);
    look_at("parts", count, &parts);
    assert_int_equal(count[RIT_END_CENSORED], 1);
    assert_true(rit_hash_equal(&whole, &parts));
    assert_in_range(steps_made, 43, 50); /* each stop cost its step, at most a few */
}

static void test_a_machine_without_memory(void **state)
{
    (void)state;
    int count[RIT_ENDS];
    struct rit_hash content;
    machines_without_memory = 1;
    assert_int_equal(play(two_points, "run", 2), RIT_OK);
    look_at("run", count, &content);
    assert_int_equal(count[RIT_END_CENSORED], 2);
    assert_int_equal(count[RIT_END_FAILED], 0);

    machines_without_memory = 2; /* each comes again when all others are done */
    assert_int_equal(play(two_points, "later", 2), RIT_OK);

    machines_without_memory = 1000;
    assert_int_equal(play(two_points, "nobody", 2), RIT_BAD_INPUT);
    look_at("nobody", count, &content);
    assert_int_equal(count[RIT_END_CENSORED] + count[RIT_END_FAILED], 0);
    machines_without_memory = 0;
    assert_int_equal(play(two_points, "nobody", 2), RIT_OK);
}

static void test_an_impossible_point(void **state)
{
    (void)state;
    int count[RIT_ENDS];
    struct rit_hash content;
    impossible_seed = 2;
    for (int workers = 1; workers <= 2; workers++) {
        char run[20];
        snprintf(run, sizeof run, "run-%d", workers);
        assert_int_equal(play(two_points, run, workers), RIT_SOME_FAILED);
        look_at(run, count, &content);
        assert_int_equal(count[RIT_END_CENSORED], 1);
        assert_int_equal(count[RIT_END_FAILED], 1);
    }
}

/* ---- the trainer alone ---- */

static struct rit_news wait_for_news(struct rit_trainer *trainer, enum rit_news_kind kind)
{
    struct rit_news news;
    double until = rit_seconds() + 20;
    do {
        assert_true(rit_seconds() < until);
        rit_trainer_wait(trainer, 0.1);
    } while (!rit_trainer_news(trainer, &news) || (news.kind == RIT_NEWS_OPENED && kind != RIT_NEWS_OPENED));
    assert_int_equal(news.kind, kind);
    return news;
}

static struct rit_assignment assignment_of(struct rit_fence *fence, const char *seed)
{
    struct rit_assignment a = {.keep = "none", .fence = fence, .save_every = 1000};
    struct rit_block block;
    rit_point_init(&a.values, rit_registry());
    rit_point_set(&a.values, "data.chorales", "1");
    rit_point_set(&a.values, "stop.tau", "3");
    rit_point_set(&a.values, "seed", seed);
    assert_int_equal(rit_block_load(&a.values, &block, NULL), RIT_OK);
    struct rit_hash digest = rit_block_digest(&block), trajectory = rit_point_trajectory(&a.values, &digest);
    a.identity = rit_point_identity(&a.values, &trajectory);
    rit_block_release(&block);
    return a;
}

static void test_a_new_point_waits_for_a_step_that_nobody_wants(void **state)
{
    (void)state;
    struct rit_claim claim;
    struct rit_news news;
    assert_int_equal(rit_claim_take(in_folder("run"), &claim, NULL), RIT_OK);
    struct rit_assignment first = assignment_of(&claim.fence, "1"), second = assignment_of(&claim.fence, "2");
    struct rit_trainer *trainer = rit_trainer_new();
    blocked_step = 1;
    rit_trainer_start(trainer, &first);
    while (!is_blocked)
        rit_trainer_wait(trainer, 0.01);
    assert_true(rit_trainer_report(trainer).progress > 0);
    rit_trainer_stop(trainer, false);
    rit_trainer_start(trainer, &second);
    assert_float_equal(rit_trainer_report(trainer).progress, -1, 0);
    rit_trainer_wait(trainer, 0.1);
    assert_false(rit_trainer_news(trainer, &news));
    rit_trainer_stop(trainer, true); /* never begun: there is nothing to keep */
    wait_for_news(trainer, RIT_NEWS_STOPPED);
    rit_trainer_start(trainer, &second);
    blocked_step = -1;
    news = wait_for_news(trainer, RIT_NEWS_OVER);
    assert_int_equal(news.outcome.steps, 3);
    rit_outcome_release(&news.outcome);
    assert_int_equal(opened, 2);

    struct rit_assignment other = second; /* its data are not what the sweep began with */
    other.identity.byte[0] ^= 1;
    rit_trainer_start(trainer, &other);
    news = wait_for_news(trainer, RIT_NEWS_UNFIT);
    assert_non_null(strstr(news.why.text, "not those that the sweep began with"));
    rit_trainer_free(trainer);
    rit_claim_release(&claim);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_takes_long_costs_no_lease),
        TEST(test_a_stop_in_the_middle_of_a_step),
        TEST(test_a_machine_without_memory),
        TEST(test_an_impossible_point),
        TEST(test_a_new_point_waits_for_a_step_that_nobody_wants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
