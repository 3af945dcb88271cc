/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked beyond a run goes on from its end, and comes out bit for bit as if it had been asked at the
 * start. */
#include "running.h"

#include "train/request.h"

struct growth {
    const struct setting had[10], wanted[10];
};

#define SAMPLED                                                                                              \
    {"batch.kind", "chorales"},                                                                              \
    {                                                                                                        \
        "batch.size", "2"                                                                                    \
    }
#define POINTS                                                                                               \
    {"batch.kind", "time-points"}, {"batch.size", "30"},                                                     \
    {                                                                                                        \
        "rule.warmup", "70"                                                                                  \
    }
#define AGING                                                                                                \
    {"observe.aging", "true"},                                                                               \
    {                                                                                                        \
        "observe.lag-first", "0.05"                                                                          \
    }

#define SONG                                                                                                 \
    {"observe.song", "true"}, {"observe.song-temperature", "1"},                                             \
    {                                                                                                        \
        "observe.song-rows", "5"                                                                             \
    }

#define FLOW                                                                                                 \
    {                                                                                                        \
        "rule.name", "flow"                                                                                  \
    }

static const struct growth good[] = {
    {{{"stop.tau", "5"}}, {{"stop.tau", "12"}}},
    {{{"stop.tau", "5.03"}, SAMPLED}, {{"stop.tau", "12"}, SAMPLED}},
    {{{"stop.tau", "5"}, POINTS}, {{"stop.tau", "12"}, POINTS}},
    {{{"rule.name", "adam"}, {"rule.eta", "0.01"}, {"stop.tau", "0.5"}}, /* has moments to go on with */
     {{"rule.name", "adam"}, {"rule.eta", "0.01"}, {"stop.tau", "1"}}},
    {{{"observe.thresholds", "[0.3]"}}, {{"observe.thresholds", "[0.25, 0.3]"}}},
    {{{"observe.thresholds", "[0.3]"}, SAMPLED}, {{"observe.thresholds", "[0.2, 0.25]"}, SAMPLED}},
    {{{"observe.thresholds", "[0.25, 0.3]"}, {"stop.tau", "8"}, {"stop.when-learned", "false"}},
     {{"observe.thresholds", "[0.25]"}, {"stop.when-learned", "false"}}},
    {{{"stop.when-learned", "true"}, {"observe.thresholds", "[0.3]"}},
     {{"stop.when-learned", "false"}, {"observe.thresholds", "[0.3]"}}},
    {{{"observe.noise", "true"}, {"stop.tau", "3"}, SAMPLED}, {{"observe.noise", "true"}, SAMPLED}},
    {{{"observe.noise", "true"}, {"stop.tau", "3"}}, {{"stop.tau", "6"}}},
    {{{"observe.tangent", "true"}, {"stop.tau", "3"}}, {{"observe.tangent", "true"}, {"stop.tau", "6"}}},
    {{{"observe.sharpness", "true"}, {"stop.tau", "3"}}, {{"observe.sharpness", "true"}, {"stop.tau", "6"}}},
    {{SONG, {"observe.song-thresholds", "[0.3]"}, {"stop.tau", "3"}},
     {SONG, {"observe.song-thresholds", "[0.15, 0.3]"}, {"observe.song-times", "[4]"}}},
    {{SONG, {"observe.song-thresholds", "[0.25, 0.3]"}, {"observe.song-times", "[1, 2]"}, SAMPLED},
     {SONG, {"observe.song-thresholds", "[0.25]"}, {"observe.song-times", "[2]"}, SAMPLED}},
    {{SONG, {"observe.song-times", "[1]"}, FLOW, {"stop.tau", "3"}},
     {SONG, {"observe.song-times", "[1]"}, FLOW, {"stop.tau", "6"}}},
    {{AGING, {"observe.waiting-times", "[1, 2]"}, {"stop.tau", "4"}},
     {AGING, {"observe.waiting-times", "[1, 2, 6]"}, {"stop.tau", "12"}}},
    {{AGING, {"observe.waiting-times", "[1, 2]"}, {"stop.tau", "4"}, POINTS},
     {AGING,
      {"observe.waiting-times", "[2, 6]"},
      {"stop.tau", "12"},
      {"observe.aging-outputs", "false"},
      POINTS}},
    {{{"rule.eta", "500"}, {"stop.tau", "1e5"}}, {{"rule.eta", "500"}, {"stop.tau", "1e6"}}}, /* diverges */
    {{{"stop.tau", "5"}, FLOW}, {{"stop.tau", "12"}, FLOW}},
    {{{"stop.tau", "5"}, FLOW, {"cost.name", "hinge"}}, {{"stop.tau", "12"}, FLOW, {"cost.name", "hinge"}}},
    {{FLOW, {"observe.thresholds", "[0.3]"}}, {FLOW, {"observe.thresholds", "[0.25, 0.3]"}}},
    {{{"observe.noise", "true"}, {"stop.tau", "3"}, FLOW}, {FLOW, {"observe.noise", "true"}}},
    {{AGING, {"observe.waiting-times", "[1, 2]"}, {"stop.tau", "4"}, FLOW},
     {AGING, {"observe.waiting-times", "[2, 6]"}, {"stop.tau", "12"}, FLOW}},
    {{{"stage2.enabled", "true"}, {"stage2.at-tau", "3"}, {"stage2.eta", "0.01"}, {"stop.tau", "4"}},
     {{"stage2.enabled", "true"}, {"stage2.at-tau", "3"}, {"stage2.eta", "0.01"}, {"stop.tau", "6"}}},
};

static void make(const struct setting *settings, struct rit_point *point, struct rit_block *block)
{
    make_point(point, block, settings);
    rit_point_set(point, "observe.per-decade", "5");
}

static struct rit_outcome grow(const struct rit_point *had, const struct rit_point *wanted,
                               const struct rit_block *block, uint64_t *trained)
{
    struct rit_buffer saved = {0};
    struct rit_error err;
    struct rit_run *run = start(had, block);
    while (!rit_run_advance(run, 1000000))
        continue;
    save_run(run, &saved);
    struct rit_outcome end = outcome_of(run);
    char why[256];
    if (!rit_request_extends(had, &end, wanted, why, sizeof why))
        fail_msg("%s", why);
    struct rit_run *shell = rit_run_new_shell(had, block, &err);
    assert_non_null(shell);
    assert_true(restore_run(shell, &saved));
    run = start(wanted, block);
    rit_run_adopt(run, shell);
    rit_run_free(shell);
    while (!rit_run_advance(run, 1000000))
        continue;
    struct rit_outcome grown = outcome_of(run);
    *trained = grown.steps - end.steps;
    rit_outcome_release(&end);
    rit_buffer_release(&saved);
    return grown;
}

static void what_grew_is_what_was_asked_at_once(void **state)
{
    (void)state;
    for (size_t g = 0; g < sizeof good / sizeof good[0]; g++) {
        struct rit_point had, wanted;
        struct rit_block block, same;
        make(good[g].had, &had, &block);
        make(good[g].wanted, &wanted, &same);
        uint64_t trained;
        struct rit_outcome grown = grow(&had, &wanted, &block, &trained), whole = run_whole(&wanted, &block);
        assert_true(trained < whole.steps || whole.end == RIT_END_DIVERGED);
        assert_same(&grown, &whole);
        rit_block_release(&block);
        rit_block_release(&same);
    }
}

/* Each with the parameter that is named. */
static const struct {
    struct growth g;
    const char *key;
} bad[] = {
    {{{{"stop.tau", "12"}, {"observe.thresholds", "[0.01]"}},
      {{"stop.tau", "5"}, {"observe.thresholds", "[0.01]"}}},
     "stop.tau: "},
    {{{{0}}, {{"observe.noise", "true"}}}, "observe.noise: "},
    {{{{"observe.tangent", "true"}}, {{"observe.tangent", "true"}, {"observe.tangent-pairs", "5"}}},
     "observe.tangent-pairs: "},
    {{{{"observe.thresholds", "[0.2]"}}, {{"observe.thresholds", "[0.2, 0.3]"}}}, "observe.thresholds: "},
    {{{SONG}, {SONG, {"observe.song-forced", "5"}}}, "observe.song-forced: "},
    {{{SONG}, {SONG, {"observe.song-thresholds", "[0.3]"}}}, "observe.song-thresholds: "},
    {{{SONG}, {SONG, {"observe.song-times", "[1]"}}}, "observe.song-times: "},
    {{{{"stop.when-learned", "false"}, {"observe.thresholds", "[0.3]"}}, {{"observe.thresholds", "[0.3]"}}},
     "stop.when-learned: "},
    {{{{0}}, {{"observe.first-tau", "0.1"}}}, "observe.first-tau: "},
    {{{SAMPLED}, {SAMPLED, {"observe.resolution", "0.1"}}}, "observe.resolution: "},
    {{{AGING, {"observe.waiting-times", "[2]"}}, {AGING, {"observe.waiting-times", "[1, 2]"}}},
     "observe.waiting-times: "},
    {{{AGING, {"observe.waiting-times", "[2]"}, {"observe.aging-outputs", "false"}},
      {AGING, {"observe.waiting-times", "[2]"}}},
     "observe.aging-outputs: "},
    {{{AGING, {"observe.waiting-times", "[2]"}},
      {AGING, {"observe.waiting-times", "[2]"}, {"observe.lag-per-decade", "4"}}},
     "observe.lag-per-decade: "},
};

static void what_cannot_be_had_is_named(void **state)
{
    (void)state;
    for (size_t g = 0; g < sizeof bad / sizeof bad[0]; g++) {
        struct rit_point had, wanted;
        struct rit_block block, same;
        make(bad[g].g.had, &had, &block);
        make(bad[g].g.wanted, &wanted, &same);
        struct rit_outcome end = run_whole(&had, &block);
        char why[256] = "";
        if (rit_request_extends(&had, &end, &wanted, why, sizeof why) ||
            strncmp(why, bad[g].key, strlen(bad[g].key)) != 0)
            fail_msg("%zu: '%s' does not begin with '%s'", g, why, bad[g].key);
        rit_outcome_release(&end);
        rit_block_release(&block);
        rit_block_release(&same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_grew_is_what_was_asked_at_once),
        cmocka_unit_test(what_cannot_be_had_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
