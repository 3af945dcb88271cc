/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From axes to points: order, ranges, and no point twice. */
#include "testing.h"

#include "base/hash.h"
#include "base/pack.h"
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

static struct rit_config config;

static void read_config(const char *text)
{
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_parse("a.yaml", text, strlen(text), &config, &err) != RIT_OK)
        fail_msg("%s\n%s", text, err.text);
}

static void assert_refused(const char *text, const char *said)
{
    struct rit_error err = {.status = RIT_OK};
    assert_int_equal(rit_config_parse("a.yaml", text, strlen(text), &config, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, said);
}

static void test_first_axis_varies_slowest(void **state)
{
    (void)state;
    read_config("grid: {width: [6, 8], depth: [1, 2, 3], seed: [5, 4]}");
    assert_int_equal(rit_plan_count(&config), 12);
    for (int i = 0; i < 12; i++) {
        struct rit_point point;
        rit_plan_point(&config, i, &point);
        assert_int_equal(rit_point_int(&point, "model.width"), i < 6 ? 6 : 8);
        assert_int_equal(rit_point_int(&point, "model.depth"), 1 + i / 2 % 3);
        assert_int_equal(rit_point_int(&point, "seed"), 5 - i % 2);
        int at[RIT_MAX_AXES];
        rit_plan_place(&config, i, at);
        assert_int_equal(at[0], i / 6);
        assert_int_equal(at[1], i / 2 % 3);
        assert_int_equal(at[2], i % 2);
        assert_int_equal(rit_plan_is_first_seed(&config, i), i % 2 == 0);
    }
    char label[100];
    int length = rit_plan_label(&config, 9, label, sizeof label);
    assert_string_equal(label, "width 8, depth 2, seed 4");
    assert_int_equal(length, strlen(label));
    assert_int_equal(rit_plan_label(&config, 9, label, 8), length);
    assert_string_equal(label, "width 8");
    rit_config_release(&config);
}

/* Prints the points as "WIDTH LIMIT SEED" with spaces between and says of what identity they are. */
static void describe_points(char *out, size_t size, struct rit_hash *hash)
{
    size_t used = 0;
    struct rit_buffer text = {.data = NULL};
    out[0] = 0;
    for (int i = 0; i < rit_plan_count(&config); i++) {
        struct rit_point point;
        char width[32];
        rit_plan_point(&config, i, &point);
        int at = rit_param_find(point.registry, "model.width");
        rit_value_print(point.registry->param[at], &point.value[at], width, sizeof width);
        used += (size_t)snprintf(out + used, size - used, "%s%s %s", i ? ", " : "", width,
                                 rit_point_name(&point, "limit.name"));
        text.size = 0;
        rit_point_print_identity(&point, RIT_WHOLE, &text);
        hash[i] = rit_hash_of(text.data, text.size);
    }
    rit_buffer_release(&text);
}

#define WIDE "model: {parametrisation: ntk, recurrent-init: haar, readout-init: gaussian, orthogonal: none}\n"

/* width: inf, limit.name: tangent and both are one point, whatever the width is beside the latter. */
static void test_infinite_width(void **state)
{
    (void)state;
    static const char *const texts[] = {WIDE "grid: {width: inf}",
                                        WIDE "grid: {width: .inf}",
                                        WIDE "grid: {width: [inf]}\nlimit: {name: tangent}",
                                        WIDE "grid: {width: [10, 20, inf]}\nlimit: {name: tangent}",
                                        WIDE "grid: {width: 10}\nlimit: {name: tangent}",
                                        WIDE "grid: {limit.name: [tangent], width: [10, 20]}"};
    struct rit_hash first, hash[8];
    char points[200];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        read_config(texts[i]);
        describe_points(points, sizeof points, hash);
        assert_string_equal(points, "inf tangent");
        if (i == 0)
            first = hash[0];
        assert_true(rit_hash_equal(&hash[0], &first));
        rit_config_release(&config);
    }
    read_config(WIDE "grid: {width: [10, 20, inf]}");
    describe_points(points, sizeof points, hash);
    assert_string_equal(points, "10 none, 20 none, inf tangent");
    assert_true(rit_hash_equal(&hash[2], &first));
    rit_plan_label(&config, 2, points, sizeof points);
    assert_string_equal(points, "width inf");
    struct rit_change change[RIT_MAX_CHANGES];
    assert_int_equal(rit_plan_changes(&config, 1, change), 1);
    assert_int_equal(rit_plan_changes(&config, 2, change), 3);
    assert_true(change[0].value->i == RIT_INFINITE && strcmp(change[1].value->name, "tangent") == 0);
    rit_config_release(&config);

    read_config(WIDE
                "grid: {limit.name: [none, tangent], width: [10, 20]}"); /* the widths of the limit are one */
    describe_points(points, sizeof points, hash);
    assert_string_equal(points, "10 none, 20 none, inf tangent");
    rit_plan_label(&config, 2, points, sizeof points);
    assert_string_equal(points, "limit.name tangent, width inf");
    rit_config_release(&config);

    read_config(WIDE "grid: {width: [10, inf]}\nlimit: {start: mean}"); /* it has a meaning in one of them */
    describe_points(points, sizeof points, hash);
    assert_string_equal(points, "10 none, inf tangent");
    assert_false(rit_hash_equal(&hash[1], &first));
    rit_config_release(&config);

    read_config(
        "grid: {depth: [0, 1], width: [4, inf]}\nmodel: {name: dense, parametrisation: ntk}"); /* without
                                                                                                  layers there
                                                                                                  is no width
                                                                                                */
    describe_points(points, sizeof points, hash);
    assert_string_equal(points, "4 none, 4 none, inf tangent");
    rit_config_release(&config);
}

static void test_what_cannot_be_infinite(void **state)
{
    (void)state;
    assert_refused("grid: {width: {from: 10, to: inf}}", "a.yaml:1:30: model.width: 'inf' is not a number");
    assert_refused("grid: {width: 5000}",
                   "a.yaml:1:15: model.width: 5000 is outside the allowed range 1 .. 4096 or inf");
    assert_refused("grid: {depth: inf}", "a.yaml:1:15: model.depth: 'inf' is not a number");
    assert_refused("grid: {width: [4, inf, inf]}", "a.yaml:1:24: inf is twice on the axis 'width'");
    assert_refused("grid: {width: [4, inf]}\nmodel: {name: gru}",
                   "a.yaml: limit.name: the kernels of infinite width of gru are not known (at width inf)");
}

/* The values of the only axis, printed. */
static void assert_axis(const char *text, const char *values)
{
    read_config(text);
    assert_int_equal(config.axes, 1);
    const struct rit_param *param = config.base.registry->param[config.grid[0].axis[0].param];
    struct rit_buffer all = {.data = NULL};
    for (int i = 0; i < config.grid[0].axis[0].n; i++) {
        char one[64];
        rit_value_print(param, &config.grid[0].axis[0].value[i], one, sizeof one);
        rit_buffer_printf(&all, "%s%s", i ? " " : "", one);
    }
    assert_string_equal((char *)all.data, values);
    rit_buffer_release(&all);
    rit_config_release(&config);
}

static void test_ranges(void **state)
{
    (void)state;
    assert_axis("grid: {seed: {from: 1, to: 3}}", "1 2 3");
    assert_axis("grid: {seed: {from: 7, to: 7}}", "7");
    assert_axis("grid: {seed: {from: 1, to: 10, by: 4}}", "1 5 9");
    assert_axis("grid: {width: {from: 10, to: 100, count: 6, scale: log}}", "10 16 25 40 63 100");
    assert_axis("grid: {width: {from: 1, to: 5, count: 9}}", "1 2 3 4 5");
    assert_axis("grid: {width: {from: 1, to: 8, count: 12, scale: log}}", "1 2 3 4 5 7 8");
    assert_axis("grid: {rule.eta: {from: 0.1, to: 1, by: 0.1}}", "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    assert_axis("grid: {rule.eta: {from: 0.1, to: 0.35, by: 0.1}}", "0.1 0.2 0.3");
    assert_axis("grid: {rule.eta: {from: 0.02, to: 0.1, by: 0.02}}", "0.02 0.04 0.06 0.08 0.1");
    assert_axis("grid: {rule.eta: {from: 0.01, to: 1, count: 5, scale: log}}",
                "0.01 0.0316227766017 0.1 0.316227766017 1");
    assert_axis("grid: {stop.tau: {from: 1, to: 2, count: 3, scale: linear}}", "1 1.5 2");
}

static void test_impossible_ranges(void **state)
{
    (void)state;
    assert_refused("grid: {seed: {from: 3, to: 1}}",
                   "a.yaml:1:15: a range ascends: `from` cannot be above `to`");
    assert_refused("grid: {seed: {from: 3}}",
                   "a.yaml:1:14: a range needs `from` and `to`, such as {from: 1, to: 3}");
    assert_refused("grid: {seed: {from: 1, to: 3, by: 0}}",
                   "a.yaml:1:35: by: 0 is outside the allowed range 1 .. 9007199254740991");
    assert_refused("grid: {seed: {from: 1, to: 3, by: 1, count: 3}}",
                   "a.yaml:1:38: a range has either `by` or `count`, not both");
    assert_refused("grid: {seed: {from: 1, to: 3, scale: log}}", "a.yaml:1:31: `scale` goes with `count`");
    assert_refused("grid: {seed: {from: 0, to: 3, count: 2, scale: log}}",
                   "a.yaml:1:41: a logarithmic range must be above zero");
    assert_refused("grid: {seed: {from: 3, to: 3, count: 2}}",
                   "a.yaml:1:31: there is only one value from `from` to `to`");
    assert_refused(
        "grid: {rule.eta: {from: 1, to: 3}}",
        "a.yaml:1:18: a range of reals needs `count` or `by`, such as {from: 0.01, to: 1, count: 5}");
    assert_refused("grid: {width: {from: 0, to: 5000}}",
                   "a.yaml:1:22: model.width: 0 is outside the allowed range 1 .. 4096\n"
                   "a.yaml:1:29: model.width: 5000 is outside the allowed range 1 .. 4096");
    assert_refused("grid: {model.precision: {from: 1, to: 2}}",
                   "a.yaml:1:25: model.precision is no number: give its values as a list");
}

/* Where an axis has no meaning its values would give the same point again. */
static void test_no_point_twice(void **state)
{
    (void)state;
    read_config("grid: {batch.size: [2, 3, 4], batch.kind: [full, chorales], seed: [1, 2]}");
    assert_int_equal(rit_plan_count(&config), 2 + 6);
    struct rit_hash seen[8];
    for (int i = 0; i < 8; i++) {
        struct rit_point point;
        rit_plan_point(&config, i, &point);
        struct rit_buffer identity = {.data = NULL};
        rit_point_print_identity(&point, RIT_WHOLE, &identity);
        seen[i] = rit_hash_of(identity.data, identity.size);
        rit_buffer_release(&identity);
        for (int j = 0; j < i; j++)
            assert_false(rit_hash_equal(&seen[i], &seen[j]));
    }
    rit_config_release(&config);
}

static void test_axes_are_limited(void **state)
{
    (void)state;
    assert_refused(
        "grid: {depth: 1, width: 1, chorales: 1, seed: 1, rule.eta: 1, rule.warmup: 1, stop.tau: 1, "
        "data.first: 1, cost.name: nll, rule.name: sgd, batch.kind: full, observe.per-decade: 1, "
        "model.precision: float32}",
        "a.yaml:1:180: a grid has at most 12 axes");
}

static void test_grids_of_a_list_follow_each_other(void **state)
{
    (void)state;
    read_config("grid: [{depth: 1, width: [6, 8]}, {depth: [1, 2], width: 8}, {depth: 3, width: [4, 5]}]");
    static const int depth[] = {1, 1, 2, 3, 3}, width[] = {6, 8, 8, 4, 5}; /* 1, 8 is in two of them */
    assert_int_equal(rit_plan_count(&config), 5);
    for (int i = 0; i < 5; i++) {
        struct rit_point point;
        rit_plan_point(&config, i, &point);
        assert_int_equal(rit_point_int(&point, "model.depth"), depth[i]);
        assert_int_equal(rit_point_int(&point, "model.width"), width[i]);
    }
    struct rit_buffer printed = {.data = NULL};
    rit_config_print(&config, &printed);
    rit_config_release(&config);
    struct rit_error err;
    assert_int_equal(rit_config_parse("printed", (char *)printed.data, printed.size, &config, &err), RIT_OK);
    assert_int_equal(rit_plan_count(&config), 5);
    rit_buffer_release(&printed);
    rit_config_release(&config);
}

static void test_grids_of_a_list_are_alike(void **state)
{
    (void)state;
    assert_refused("grid: [{depth: 1, width: 6}, {depth: 1}]",
                   "a.yaml:1:30: all grids of a list have the same axes in the same order");
    assert_refused("grid: [{depth: 1, width: 6}, {width: 6, depth: 1}]",
                   "a.yaml:1:31: all grids of a list have the same axes in the same order");
    assert_refused("grid: [{depth: 1}, 7]", "a.yaml:1:20: a grid of a list is axes with values, such as "
                                            "- {depth: 1, width: [10, 20]}");
    assert_refused("grid: []", "a.yaml:1:7: a list of grids has 1 to 100 grids");
}

/* Aging without seeds can be trained, but nobody should wait for its error bars. */
static void assert_width_and_eta(int i, int width, double eta, int seed)
{
    struct rit_point point;
    rit_plan_point(&config, i, &point);
    assert_int_equal(rit_point_int(&point, "model.width"), width);
    assert_true(rit_point_real(&point, "rule.eta") == eta);
    assert_int_equal(rit_point_int(&point, "seed"), seed);
}

static void test_zipped_axes_go_together(void **state)
{
    (void)state;
    read_config("grid: {zip: {width: [10, 20, 20], rule.eta: [0.1, 0.05, 0.1]}, seed: [3, 1]}");
    assert_int_equal(rit_plan_count(&config), 6);
    assert_width_and_eta(0, 10, 0.1, 3);
    assert_width_and_eta(1, 10, 0.1, 1);
    assert_width_and_eta(3, 20, 0.05, 1);
    assert_width_and_eta(4, 20, 0.1, 3);
    assert_true(rit_plan_is_first_seed(&config, 4) && !rit_plan_is_first_seed(&config, 5));
    rit_config_release(&config);

    /* twins are one point; seeds that go with something else are no repetitions; several zips are a product
     */
    read_config("grid: {zip: {width: [10, 20, 10], seed: [1, 2, 1]}}");
    assert_int_equal(rit_plan_count(&config), 2);
    assert_true(rit_plan_is_first_seed(&config, 1));
    rit_config_release(&config);
    read_config(
        "grid: {zip: [{width: [10, 20], seed: [1, 2]}, {depth: [1, 2, 3], rule.eta: [1, 0.5, 0.2]}]}");
    assert_int_equal(rit_plan_count(&config), 6);
    assert_width_and_eta(5, 20, 0.2, 2);
    rit_config_release(&config);

    assert_refused("grid: {zip: {width: [10, 20, 30], rule.eta: [0.1, 0.05]}}",
                   "a.yaml:1:35: 'rule.eta' has 2 values, but 'width', with which it goes, has 3");
    assert_refused("grid: {zip: [10]}",
                   "a.yaml:1:14: `zip` is axes that go together, such as {depth: [1, 2], "
                   "rule.eta: [0.1, 0.05]}");
    assert_refused("grid: {width: 10, zip: {width: [10, 20]}}",
                   "a.yaml:1:25: the axis 'width' is given twice");
    assert_refused("grid: {zip: {width: 1}, zip: {depth: 2}}",
                   "a.yaml:1:25: `zip` is given twice; several zips are a list");
    assert_refused("grid: [{zip: {width: [1, 2], seed: [1, 2]}}, {width: 1, seed: 1}]",
                   "a.yaml:1:47: all grids of a list have the same axes in the same order");
}

static void test_aging_wants_seeds(void **state)
{
    (void)state;
    char advice[256];
    read_config("{grid: {seed: [1, 2]}, observe: {aging: true}, stop: {tau: 2000}}");
    assert_true(rit_plan_advice(&config, advice, sizeof advice));
    assert_memory_equal(advice, "observe.aging with 2 seeds: ", 28);
    rit_config_release(&config);
    read_config("{grid: {observe.aging: [false, true]}, stop: {tau: 2000}}");
    assert_true(rit_plan_advice(&config, advice, sizeof advice));
    assert_memory_equal(advice, "observe.aging with 1 seed: ", 27);
    rit_config_release(&config);
    read_config("{grid: {seed: [1, 2, 3]}, observe: {aging: true}, stop: {tau: 2000}}");
    assert_false(rit_plan_advice(&config, advice, sizeof advice));
    rit_config_release(&config);
    read_config("grid: {width: [1, 2]}");
    assert_false(rit_plan_advice(&config, advice, sizeof advice));
    rit_config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_axis_varies_slowest),
        cmocka_unit_test(test_infinite_width),
        cmocka_unit_test(test_what_cannot_be_infinite),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_impossible_ranges),
        cmocka_unit_test(test_no_point_twice),
        cmocka_unit_test(test_axes_are_limited),
        cmocka_unit_test(test_grids_of_a_list_follow_each_other),
        cmocka_unit_test(test_grids_of_a_list_are_alike),
        cmocka_unit_test(test_zipped_axes_go_together),
        cmocka_unit_test(test_aging_wants_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
