/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a learning time is: on a noisy, dipping curve of which every step is known, the first passage itself
 * where every step is evaluated, and otherwise late by at most the declared share; and the same in trained
 * networks.
 */
#include "running.h"

#include "base/arena.h"
#include "base/random.h"

enum { STEPS = 20000, EPS = 3 };

static double curve[STEPS + 1]; /* NLL after each step */

/* A decay with noise and short dips, some of a single step. */
static int make_curve(void **state)
{
    (void)state;
    struct rit_random random = rit_random_open(7, RIT_FOR_TEST, 0, 0);
    for (int n = 0; n <= STEPS; n++) {
        double noise = 0.1 * rit_random_gauss(&random), dip = n % 997 == 300 ? 0.4 : 1.0;
        curve[n] = 0.4 * dip * exp(noise) / (1.0 + 0.002 * n);
    }
    return 0;
}

/* The observable alone, on that curve. */
struct listener {
    struct rit_point point;
    struct rit_scene scene;
    struct rit_arena state, work;
    const struct rit_observable *observable;
    void *self;
};

static const struct rit_observable *learning_time(void)
{
    for (int i = 0; rit_observables[i]; i++)
        if (strcmp(rit_observables[i]->name, "learning-time") == 0)
            return (const struct rit_observable *)rit_observables[i];
    return NULL;
}

static void open_listener(struct listener *l, const struct setting *settings)
{
    rit_point_init(&l->point, rit_registry());
    rit_point_set(&l->point, "rule.eta", "0.01");
    rit_point_set(&l->point, "stop.tau", "200");
    rit_point_set(&l->point, "observe.thresholds", "[0.05, 0.1, 0.2]");
    set_all(&l->point, settings);
    l->scene = (struct rit_scene){.point = &l->point,
                                  .measure = "negative log-likelihood",
                                  .unit = "bit",
                                  .clock = rit_clock_of(&l->point),
                                  .grid = {.first = 0.1, .per_decade = 8, .size = 40}};
    l->state = rit_arena_new(1 << 16);
    l->work = rit_arena_new(1 << 16);
    l->observable = learning_time();
    l->self = l->observable->open(&l->scene, &l->state, &l->work);
}

/* Plays the curve, up to `end`, as a run does. */
static struct rit_outcome play(const struct setting *settings, int end, int *evaluations)
{
    struct listener l;
    open_listener(&l, settings);
    int at = -1;
    for (int n = *evaluations = 0; n <= end; n++) {
        struct rit_moment now = {.step = (uint64_t)n, .tau = rit_clock_tau(&l.scene.clock, (uint64_t)n)};
        int k = rit_grid_reached(&l.scene.grid, now.tau);
        bool due = l.observable->due(l.self, &now, rit_clock_tau(&l.scene.clock, (uint64_t)n + 1));
        *evaluations += due;
        if (due || k > at)
            l.observable->measure(l.self, &now, k > at ? k : -1, curve[n]);
        at = k;
    }
    struct rit_outcome outcome = {0};
    l.observable->finish(l.self, &(struct rit_moment){0}, &outcome);
    free(l.state.base);
    free(l.work.base);
    return outcome;
}

static double first_passage(double eps)
{
    for (int n = 0; n <= STEPS; n++)
        if (curve[n] < eps)
            return 0.01 * n;
    return NAN;
}

static const struct setting full[] = {{0}};
static const struct setting rare[] = {{"batch.kind", "chorales"}, {"observe.resolution", "0.01"}, {0}};
static const struct setting coarse[] = {{"batch.kind", "chorales"}, {"observe.resolution", "0.1"}, {0}};
static const struct setting all[] = {{"batch.kind", "chorales"}, {"observe.resolution", "0"}, {0}};
static const double eps[EPS] = {0.05, 0.1, 0.2};

static void every_step_finds_the_passage_itself(void **state)
{
    (void)state;
    const struct setting *const both[] = {full, all};
    for (int b = 0; b < 2; b++) {
        int evaluations;
        struct rit_outcome outcome = play(both[b], STEPS, &evaluations);
        assert_int_equal(evaluations, STEPS + 1);
        for (int i = 0; i < EPS; i++)
            rit_assert_near(values_of(&outcome, "learning_time")[i], first_passage(eps[i]), 1e-12);
        rit_outcome_release(&outcome);
    }
}

/* The last evaluation below the schedule's spacing comes in time: what it is late by is the dips it misses.
 */
static void evaluations_are_as_near_as_declared(void **state)
{
    (void)state;
    const struct setting *const both[] = {rare, coarse};
    const double share[] = {0.01, 0.1};
    for (int b = 0; b < 2; b++) {
        struct listener l;
        open_listener(&l, both[b]);
        double last = 0.0;
        int evaluations = 0;
        for (uint64_t n = 0; n <= STEPS; n++) {
            struct rit_moment now = {.step = n, .tau = rit_clock_tau(&l.scene.clock, n)};
            if (!l.observable->due(l.self, &now, rit_clock_tau(&l.scene.clock, n + 1)))
                continue;
            l.observable->measure(l.self, &now, -1, 1.0);
            bool next_step = now.tau - last < 0.0101;
            assert_true(next_step || now.tau <= (1.0 + share[b]) * last);
            last = now.tau;
            evaluations++;
        }
        assert_true(evaluations < (b == 0 ? 1000 : 150));
        free(l.state.base);
        free(l.work.base);
    }
}

/* A steady curve: never early, late by at most the declared share. */
static void a_steady_passage_is_late_by_at_most_that(void **state)
{
    (void)state;
    double kept[STEPS + 1];
    memcpy(kept, curve, sizeof kept);
    for (int n = 0; n <= STEPS; n++)
        curve[n] = 0.4 / (1.0 + 0.002 * n);
    const struct setting *const both[] = {rare, coarse};
    const double share[] = {0.01, 0.1};
    for (int b = 0; b < 2; b++) {
        int evaluations;
        struct rit_outcome outcome = play(both[b], STEPS, &evaluations);
        for (int i = 0; i < EPS; i++) {
            double tau = values_of(&outcome, "learning_time")[i], first = first_passage(eps[i]);
            assert_true(first <= tau && tau <= (1.0 + share[b]) * first);
        }
        rit_outcome_release(&outcome);
    }
    memcpy(curve, kept, sizeof kept);
}

/* A passage that was seen stays seen, and is the same in a shorter run. */
static void the_end_of_the_run_decides_nothing(void **state)
{
    (void)state;
    int evaluations;
    struct rit_outcome longer = play(rare, STEPS, &evaluations);
    for (int end = 100; end < STEPS; end += 1777) {
        struct rit_outcome shorter = play(rare, end, &evaluations);
        for (int i = 0; i < EPS; i++) {
            double tau = values_of(&longer, "learning_time")[i],
                   now = values_of(&shorter, "learning_time")[i];
            assert_true(tau <= 0.01 * end + 1e-12 ? now == tau : isnan(now));
        }
        rit_outcome_release(&shorter);
    }
    rit_outcome_release(&longer);
}

/* Trained networks: the NLL after every single step, found the slow way, against what the run says. */
static void trained_networks_say_the_same(void **state)
{
    (void)state;
    static const struct setting kinds[][5] = {
        {{0}},
        {{"batch.kind", "chorales"}, {"batch.size", "1"}, {"rule.eta", "0.1"}, {0}},
        {{"batch.kind", "time-points"}, {"batch.size", "5"}, {"rule.eta", "0.1"}, {0}},
        {{"cost.name", "hinge"}, {0}}};
    int compared = 0;
    for (int k = 0; k < 4; k++) {
        for (int seed = 1; seed <= 3; seed++) {
            struct rit_point point;
            struct rit_block block;
            char text[8];
            make_point(&point, &block, kinds[k]);
            snprintf(text, sizeof text, "%d", seed);
            rit_point_set(&point, "seed", text);
            rit_point_set(&point, "stop.when-learned", "false");
            struct rit_outcome outcome = run_whole(&point, &block);
            struct rit_run *run = start(&point, &block);
            double found[EPS] = {NAN, NAN, NAN}, tau = 0.0;
            const double level[EPS] = {0.2, 0.25, 0.3};
            for (bool over = false; !over;) {
                double nll = rit_test_nll(rit_model_of(&point), rit_run_net(run), &block) /
                             (block.pairs * block.asked.port.width * log(2.0));
                for (int i = 0; i < EPS; i++)
                    found[i] = isnan(found[i]) && nll < level[i] ? tau : found[i];
                uint64_t steps;
                double last;
                over = rit_run_advance(run, 1);
                rit_run_progress(run, &steps, &tau, &last);
            }
            for (int i = 0; i < EPS; i++) {
                double said = values_of(&outcome, "learning_time")[i];
                if (k != 1)
                    assert_true(said == found[i] || (isnan(said) && isnan(found[i])));
                else if (!isnan(said))
                    assert_true(said >= found[i]);
                compared += !isnan(said);
            }
            rit_run_free(run);
            rit_outcome_release(&outcome);
            rit_block_release(&block);
        }
    }
    assert_true(compared >= 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_finds_the_passage_itself),
        cmocka_unit_test(evaluations_are_as_near_as_declared),
        cmocka_unit_test(a_steady_passage_is_late_by_at_most_that),
        cmocka_unit_test(the_end_of_the_run_decides_nothing),
        cmocka_unit_test(trained_networks_say_the_same),
    };
    return cmocka_run_group_tests(tests, make_curve, NULL);
}
