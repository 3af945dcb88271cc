/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan that grows by outcomes alone: what comes in another order or beside failures, and budgets. */
#include "testing.h"

#include "base/pack.h"
#include "config/config.h"
#include "sweep/refinement.h"

#include <math.h>
#include <string.h>

static const char plain[] = "refine: {by: width, from: 4, to: 128, error: 0.1}\n"
                            "observe: {thresholds: [0.05]}\nstop: {tau: 1000}\n";

static struct rit_config config_of(const char *text)
{
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    assert_int_equal(rit_config_parse("a.yaml", text, strlen(text), &config, &err), RIT_OK);
    return config;
}

/* 1/tau = .004 (width - 12), with a scatter that hangs on seed and width. */
static struct rit_outcome outcome_of(const struct rit_config *config, int index)
{
    static const char *const dim[] = {"threshold"};
    static const size_t one[] = {1};
    struct rit_point point;
    rit_plan_point(config, index, &point);
    double width = (double)rit_point_int(&point, "model.width"), last = rit_point_real(&point, "stop.tau"),
           scatter = sin(7 * (double)rit_point_int(&point, "seed") + width),
           tau = width > 12 ? exp(0.4 * scatter) / (0.004 * (width - 12)) : INFINITY;
    bool learned = tau <= last;
    struct rit_outcome outcome = {.end = learned ? RIT_END_LEARNED : RIT_END_CENSORED,
                                  .steps = (uint64_t)(10 * fmin(tau, last)),
                                  .tau = fmin(tau, last)};
    double found = learned ? tau : NAN;
    rit_outcome_put(&outcome, "learning_time", "tau", "", 1, dim, one, &found);
    return outcome;
}

static bool tell(struct rit_refinement *r, const struct rit_config *config, int index, bool fails)
{
    struct rit_outcome outcome = outcome_of(config, index);
    bool good = rit_refinement_tell(r, index, fails ? NULL : &outcome, 1e9 * (double)outcome.steps);
    rit_outcome_release(&outcome);
    return good;
}

/* To the end; every `failing`-th point fails at first and comes out well before its round is over. */
static void refine(struct rit_config *config, int failing, bool backwards, struct rit_buffer *said)
{
    struct rit_refinement *r = rit_refinement_new(config);
    for (int first = 0, end = rit_plan_count(config); first < end;) {
        for (int i = first; failing && i < end; i += failing)
            assert_true(tell(r, config, i, true));
        for (int i = first; i < end; i++)
            assert_true(tell(r, config, backwards ? end - 1 - (i - first) : i, false));
        first = end;
        rit_refinement_grow(r);
        end = rit_plan_count(config);
    }
    assert_true(rit_refinement_is_over(r));
    rit_refinement_print(r, said);
    rit_refinement_free(r);
    rit_pack_bytes(said, "", 1);
}

static void test_the_order_and_failures_that_were_none_change_nothing(void **state)
{
    (void)state;
    static const struct {
        int failing;
        bool backwards;
    } way[] = {{0, false}, {0, true}, {2, false}, {3, true}};
    struct rit_buffer said[4] = {{0}};
    int points[4];
    for (int i = 0; i < 4; i++) {
        struct rit_config config = config_of(plain);
        refine(&config, way[i].failing, way[i].backwards, &said[i]);
        points[i] = rit_plan_count(&config);
        rit_config_release(&config);
    }
    assert_non_null(strstr((char *)said[0].data, "as exact as wanted"));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(points[i], points[0]);
        assert_string_equal((char *)said[i].data, (char *)said[0].data);
    }
    for (int i = 0; i < 4; i++)
        rit_buffer_release(&said[i]);
}

/* Its line has asked for more because of it: the caller must begin again. */
static void test_a_failure_that_was_none_is_told_too_late(void **state)
{
    (void)state;
    struct rit_config config = config_of(plain);
    struct rit_refinement *r = rit_refinement_new(&config);
    assert_int_equal(rit_plan_count(&config), RIT_FIRST_SEEDS);
    assert_true(tell(r, &config, 0, true));
    assert_true(tell(r, &config, 1, false));
    assert_int_equal(rit_refinement_grow(r), 0);
    assert_true(tell(r, &config, 2, false));
    assert_true(rit_refinement_grow(r) > 0);
    assert_true(tell(r, &config, 1, false)); /* what is known is not told twice */
    assert_false(tell(r, &config, 0, false));
    assert_true(tell(r, &config, 0, true));
    rit_refinement_free(r);
    rit_config_release(&config);
}

static void test_a_budget_ends_a_line(void **state)
{
    (void)state;
    struct rit_buffer said[2] = {{0}};
    int points[2];
    for (int i = 0; i < 2; i++) {
        struct rit_config config = config_of(plain);
        config.refine.core_hours = i ? 1 : 0; /* 3.6e13 operations, 36 000 steps here */
        refine(&config, 0, false, &said[i]);
        points[i] = rit_plan_count(&config);
        rit_config_release(&config);
    }
    assert_true(points[1] < points[0]);
    assert_non_null(strstr((char *)said[1].data, "the core-hours are spent"));
    rit_buffer_release(&said[0]);
    rit_buffer_release(&said[1]);
}

static void test_json_says_what_words_do(void **state)
{
    (void)state;
    struct rit_config config = config_of(plain);
    struct rit_buffer json = {0};
    struct rit_refinement *r = rit_refinement_new(&config);
    rit_refinement_json(r, &json);
    rit_pack_bytes(&json, "", 1);
    assert_string_equal((char *)json.data,
                        "{\"by\": \"width\", \"lines\": [\n  {\"line\": \"all\", \"values\": 1, \"runs\": 3, "
                        "\"over\": false, \"borders\": [{\"bits\": 0.05, \"border\": null, \"error\": null, "
                        "\"state\": \"more to come\"}]}]}");
    rit_buffer_release(&json);
    rit_refinement_free(r);
    rit_config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_order_and_failures_that_were_none_change_nothing),
        cmocka_unit_test(test_a_failure_that_was_none_is_told_too_late),
        cmocka_unit_test(test_a_budget_ends_a_line),
        cmocka_unit_test(test_json_says_what_words_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
