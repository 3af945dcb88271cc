/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a config may say, and what it is answered when it says something else. */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static struct rit_config config;
static struct rit_error err;

static enum rit_status parse(const char *text)
{
    err = (struct rit_error){.status = RIT_OK};
    return rit_config_parse("a.yaml", text, strlen(text), &config, &err);
}

static void assert_points(const char *text, int points)
{
    if (parse(text) != RIT_OK)
        fail_msg("%s\n%s", text, err.text);
    assert_int_equal(rit_plan_count(&config), points);
    rit_config_release(&config);
}

/* Exactly these lines are said about the text. */
static void assert_said(const char *text, const char *lines)
{
    assert_int_equal(parse(text), RIT_BAD_INPUT);
    assert_int_equal(err.status, RIT_BAD_INPUT);
    assert_string_equal(err.text, lines);
}

static void test_good_files(void **state)
{
    (void)state;
    assert_points("grid: {}", 1);
    assert_points("grid:\nrule:\n", 1);
    assert_points("{\"grid\": {\"depth\": [1, 2], \"width\": 3}, \"rule\": {\"eta\": 0.5}}", 2);
    assert_points("--- # with a mark\nseed: 4\n...\n", 1);
    assert_points("grid:\n  depth: [1, 2]\n  width: [6, 8, 10]\n  chorales: 5\n  seed: {from: 1, to: 3}\n",
                  18);
    assert_points("grid: {rule.eta: [0.03, 1e-1, 5.0e-1], model.precision: [float32, 'float64'], "
                  "stop.when-learned: [true, false]}",
                  12);
    assert_points("rule: {warmup: 1e3}\nstop: {tau: +.5}\nbatch: {kind: chorales, size: 5.0}\n", 1);
}

static void test_values_arrive(void **state)
{
    (void)state;
    assert_int_equal(parse("rule: {eta: 0.25, warmup: 2e3}\nseed: 9\nmodel: {precision: float64}\n"
                           "stop: {when-learned: false}\nrun: {checkpoint: 7, report: 0.5}\n"),
                     RIT_OK);
    struct rit_point point;
    rit_plan_point(&config, 0, &point);
    assert_true(rit_point_real(&point, "rule.eta") == 0.25);
    assert_int_equal(rit_point_int(&point, "rule.warmup"), 2000);
    assert_int_equal(rit_point_int(&point, "seed"), 9);
    assert_string_equal(rit_point_name(&point, "model.precision"), "float64");
    assert_false(rit_point_bool(&point, "stop.when-learned"));
    assert_true(config.run.checkpoint_seconds == 7);
    assert_true(config.run.report_seconds == 0.5);
    assert_true(config.run.dataset_seconds > 0);
    rit_config_release(&config);
}

static enum rit_status parse_with(const char *text, const char *const *argument)
{
    struct rit_overrides overrides = {.text = (char *const *)argument};
    while (argument[overrides.n])
        overrides.n++;
    err = (struct rit_error){.status = RIT_OK};
    return rit_config_parse_with("a.yaml", text, strlen(text), &overrides, &config, &err);
}
#define WITH(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_said_with(const char *text, const char *const *argument, const char *lines)
{
    assert_int_equal(parse_with(text, argument), RIT_BAD_INPUT);
    assert_string_equal(err.text, lines);
}

static void test_overrides_stand_for_the_file(void **state)
{
    (void)state;
    struct rit_point point;
    assert_int_equal(
        parse_with("grid: {width: [6, 8, 10], seed: [1, 2]}\nrule: {eta: 0.25}\nstop: {tau: 5}\n",
                   WITH("rule.eta=[0.1, 0.5]", "width=20", "run.checkpoint=7", "stop.tau=1e2",
                        "depth={from: 1, to: 3}", "observe.thresholds=[0.1, 0.2]")),
        RIT_OK);
    assert_int_equal(rit_plan_count(&config), 12);
    rit_plan_point(&config, 11, &point);
    assert_int_equal(rit_point_int(&point, "model.width"), 20);
    assert_int_equal(rit_point_int(&point, "model.depth"), 3);
    assert_true(rit_point_real(&point, "rule.eta") == 0.5);
    assert_true(rit_point_real(&point, "stop.tau") == 100);
    assert_true(config.run.checkpoint_seconds == 7);
    rit_plan_point(&config, 1, &point); /* the axes of the file stay where they were */
    assert_int_equal(rit_point_int(&point, "seed"), 1);
    assert_int_equal(rit_point_int(&point, "model.depth"), 2);
    rit_config_release(&config);

    assert_int_equal(
        parse_with("grid: [{depth: 1, width: [3, 4]}, {depth: 2, width: 5}]", WITH("width=[7, 8]")), RIT_OK);
    assert_int_equal(rit_plan_count(&config), 4);
    rit_config_release(&config);
    assert_int_equal(parse_with("grid: {zip: {width: [6, 8], rule.eta: [1, 2]}}", WITH("rule.eta=[3, 4]")),
                     RIT_OK);
    assert_int_equal(rit_plan_count(&config), 2);
    rit_config_release(&config);
}

static void test_overrides_are_answered_like_a_file(void **state)
{
    (void)state;
    static const char file[] = "grid: {width: [6, 8]}\nrule: {eta: 0.25}\n";
    assert_said_with(file, WITH("rule.eta=3x"), "rule.eta=3x:1:10: rule.eta: '3x' is not a number");
    assert_said_with(file, WITH("seed=[1, 2, 1]"), "seed=[1, 2, 1]:1:13: 1 is twice on the axis 'seed'");
    assert_said_with(file, WITH("eta=0.1"), "eta=0.1:1:1: unknown key 'eta' (did you mean 'rule.eta'?)");
    assert_said_with(file, WITH("widht=1"), "widht=1:1:1: unknown key 'widht' (did you mean 'width'?)");
    assert_said_with(file, WITH("width"), "width:1:1: this is no KEY=VALUE, such as rule.eta=0.1");
    assert_said_with(file, WITH("width="), "width=:1:1: there is no value behind the =");
    assert_said_with(file, WITH("width=3", "model.width=4"), "model.width=4:1:1: model.width is given twice");
    assert_said_with(file, WITH("batch.size=4"),
                     "batch.size=4:1:1: batch.size has a meaning only with "
                     "batch.kind: chorales or time-points, but it is full");
    assert_said_with(file, WITH("run.lease=-1", "seed=x"),
                     "run.lease=-1:1:11: run.lease: -1 is outside the allowed range 1 .. 1e6\nseed=x:1:6: "
                     "seed: 'x' is not a number");
    assert_said_with("rule: {eta: fast}", WITH("rule.eta=0.1"), /* the file itself must be good */
                     "a.yaml:1:13: rule.eta: 'fast' is not a number");
    assert_said_with("grid: {zip: {width: [6, 8], rule.eta: [1, 2]}}", WITH("width=[3, 4, 5]"),
                     "a.yaml:1:29: 'rule.eta' has 2 values, but 'width', with which it goes, has 3");
    assert_said_with(file, WITH("seed={from: 1, to: 100001}"),
                     "a.yaml:1:7: the grid has 200002 points, but a sweep may have at most 200000");
}

static void test_texts_outlive_the_file(void **state)
{
    (void)state;
    assert_int_equal(parse("data: {source: chorales, file: \"a \\\"b\\\" \\u00e9.json\"}"), RIT_OK);
    struct rit_point point;
    rit_plan_point(&config, 0, &point);
    char expected[4096]; /* a path is seen from the folder of the file, which is called a.yaml here */
    assert_non_null(getcwd(expected, sizeof expected - 32));
    strcat(expected, "/a \"b\" \xc3\xa9.json");
    assert_string_equal(rit_point_text(&point, "data.file"), expected);
    rit_config_release(&config);
    assert_int_equal(parse("data: {source: chorales, file: /b.json}"), RIT_OK);
    rit_plan_point(&config, 0, &point);
    assert_string_equal(rit_point_text(&point, "data.file"), "/b.json");
    rit_config_release(&config);
    static const char text[] = "data: {source: chorales, file: ../b.json}";
    assert_int_equal(rit_config_parse("/usr/bin/a.yaml", text, strlen(text), &config, &err), RIT_OK);
    rit_plan_point(&config, 0, &point);
    assert_non_null(
        strstr(rit_point_text(&point, "data.file"), "/bin/../b.json")); /* /usr/bin may be a link */
    rit_config_release(&config);
}

static void test_misspelt_keys(void **state)
{
    (void)state;
    assert_said("gird: {}\n", "a.yaml:1:1: unknown key 'gird' (did you mean 'grid'?)");
    assert_said("grid: {depht: 1}", "a.yaml:1:8: unknown key 'depht' in the grid (did you mean 'depth'?)");
    assert_said("grid:\n  eta: 1", "a.yaml:2:3: unknown axis 'eta' (did you mean 'rule.eta'?)");
    assert_said("rule: {Eta: 1}", "a.yaml:1:8: unknown key 'Eta' in section 'rule' (did you mean 'eta'?)");
    assert_said(
        "rule: {chorales: 1}",
        "a.yaml:1:8: unknown key 'chorales' in section 'rule' (there is 'chorales' in section 'data')");
    assert_said("rule.eta: 1", "a.yaml:1:1: unknown key 'rule.eta' (there is 'eta' in section 'rule')");
    assert_said("run: {chekpoint: 1}",
                "a.yaml:1:7: unknown key 'chekpoint' in section 'run' (did you mean 'checkpoint'?)");
    assert_said("run: {fast: true}", "a.yaml:1:7: unknown key 'fast' in section 'run'; known are checkpoint, "
                                     "dataset, report, lease, wall-time, keep");
    assert_said("grid: {seed: {from: 1, too: 3, to: 3}}",
                "a.yaml:1:24: unknown key 'too' in a range (did you mean 'to'?)");
}

static void test_wrong_values(void **state)
{
    (void)state;
    assert_said("model: {depth: 3x}", "a.yaml:1:16: model.depth: '3x' is not a number");
    assert_said("model: {depth: 1.5}", "a.yaml:1:16: model.depth: 1.5 is not a whole number");
    assert_said("model: {depth: 31}", "a.yaml:1:16: model.depth: 31 is outside the allowed range 0 .. 30");
    assert_said("model: {depth: \"3\"}",
                "a.yaml:1:16: model.depth needs a whole number, but quotes make it a text; drop them");
    assert_said("model: {depth: 010}", "a.yaml:1:16: model.depth: '010' is not a number");
    assert_said("model: {depth: 0x3}", "a.yaml:1:16: model.depth: '0x3' is not a number");
    assert_said("model: {depth: 1_0}", "a.yaml:1:16: model.depth: '1_0' is not a number");
    assert_said("seed: 9007199254740993",
                "a.yaml:1:7: seed: 9007199254740993 is outside the allowed range 0 .. 9007199254740991");
    assert_said("stop: {tau: .inf}", "a.yaml:1:13: stop.tau: '.inf' is not a number");
    assert_said("stop: {tau: nan}", "a.yaml:1:13: stop.tau: 'nan' is not a number");
    assert_said("stop: {tau: 1e400}",
                "a.yaml:1:13: stop.tau: 1e400 is outside the allowed range 1e-9 .. 1e12");
    assert_said("stop: {tau: 1 000}", "a.yaml:1:13: stop.tau: '1 000' is not a number");
    assert_said("stop: {tau: ~}", "a.yaml:1:13: stop.tau needs a number, but there is nothing");
    assert_said("stop: {tau: {a: 1}}", "a.yaml:1:13: stop.tau needs a number, but there is a section");
    assert_said("stop: {when-learned: yes}",
                "a.yaml:1:22: stop.when-learned: 'yes' is neither true nor false (write true)");
    assert_said("stop: {when-learned: Off}",
                "a.yaml:1:22: stop.when-learned: 'Off' is neither true nor false (write false)");
    assert_said("stop: {when-learned: maybe}",
                "a.yaml:1:22: stop.when-learned: 'maybe' is neither true nor false");
    assert_said(
        "model: {precision: flaot32}",
        "a.yaml:1:20: model.precision: 'flaot32' is not known here; choose from float32, float64 (did "
        "you mean 'float32'?)");
    assert_said("seed: [1, 2]", "a.yaml:1:7: seed has one value here; several make an axis of `grid`");
    assert_said("rule: 3", "a.yaml:1:7: 'rule' must be a section: keys with values");
    assert_said("grid: [3]",
                "a.yaml:1:8: a grid of a list is axes with values, such as - {depth: 1, width: [10, 20]}");
    assert_said("data: {source: chorales, file: \"a\\nb\"}",
                "a.yaml:1:32: data.file: a text has no control characters, tabs or line breaks");
    assert_said("data: {source: chorales, file: \"a\\0b\"}",
                "a.yaml:1:32: data.file: there is a zero byte in the text");
    assert_said("? [a]\n: 3\n", "a.yaml:1:3: a key must be a word");
}

static void test_lists(void **state)
{
    (void)state;
    const char *key = "observe: {learning-time: true, thresholds: ";
    char text[400];
    static const char *const answers[][2] = {
        {"[0.02, 0.01]}", "a.yaml:1:51: observe.thresholds: the numbers must ascend"},
        {"[0.01, 0.01]}", "a.yaml:1:51: observe.thresholds: the numbers must ascend"},
        {"[0.01, x]}", "a.yaml:1:51: observe.thresholds: 'x' is not a number"},
        {"0.01}", "a.yaml:1:44: observe.thresholds needs a list of numbers, but there is a single value"},
        {"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}",
         "a.yaml:1:44: observe.thresholds: a list has at most 16 numbers"}};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        snprintf(text, sizeof text, "%s%s", key, answers[i][0]);
        assert_said(text, answers[i][1]);
    }
    snprintf(text, sizeof text, "%s[0.01, 0.1]}", key);
    assert_int_equal(parse(text), RIT_OK);
    struct rit_point point;
    rit_plan_point(&config, 0, &point);
    const double *x;
    assert_int_equal(rit_point_reals(&point, "observe.thresholds", &x), 2);
    assert_true(x[0] == 0.01 && x[1] == 0.1);
    rit_config_release(&config);
}

static void test_what_is_given_twice(void **state)
{
    (void)state;
    assert_said("seed: 1\nseed: 2", "a.yaml:2:1: seed is given twice, first in line 1");
    assert_said("rule: {eta: 1, eta: 2}", "a.yaml:1:16: rule.eta is given twice, first in line 1");
    assert_said("rule: {eta: 1}\nrule: {}",
                "a.yaml:2:1: section 'rule' is given twice; put its keys together");
    assert_said("run: {report: 1, report: 1}", "a.yaml:1:18: run.report is given twice");
    assert_said("grid: {depth: 1, model.depth: 2}", "a.yaml:1:18: the axis 'model.depth' is given twice");
    assert_said("grid: {depth: 1}\nmodel: {depth: 2}",
                "a.yaml:2:9: model.depth is given here and as an axis of the grid; drop one");
    assert_said("grid: {depth: [1, 2, 1]}", "a.yaml:1:22: 1 is twice on the axis 'depth'");
    assert_said("grid: {rule.eta: [0.1, 1e-1]}", "a.yaml:1:24: 1e-1 is twice on the axis 'rule.eta'");
    assert_said("grid: {seed: {from: 1, to: 2, to: 3}}", "a.yaml:1:31: 'to' is given twice");
}

static void test_parameter_of_another_member(void **state)
{
    (void)state;
    assert_said("batch: {size: 3}", "a.yaml:1:9: batch.size has a meaning only with batch.kind: chorales or "
                                    "time-points, but it is full");
    assert_said("data: {file: x}",
                "a.yaml:1:8: data.file has a meaning only with data.source: chorales, but it is composer");
    assert_said("grid: {batch.size: [3]}", "a.yaml:1:8: batch.size has a meaning only with batch.kind: "
                                           "chorales or time-points, but it is full");
    assert_said("observe: {learning-time: false, thresholds: [1]}",
                "a.yaml:1:33: observe.thresholds has a meaning only with observe.learning-time: true, but it "
                "is false");
    /* The member may also come from an axis. */
    assert_points("grid: {batch.kind: [full, chorales]}\nbatch: {size: 3}\n", 2);
    assert_said(
        "grid: {batch.kind: [full]}\nbatch: {size: 3}\n",
        "a.yaml:2:9: batch.size has a meaning only with batch.kind: chorales or time-points, but it is "
        "full");
}

static void test_whole_point(void **state)
{
    (void)state;
    assert_said("batch: {kind: chorales, size: 8}",
                "a.yaml: batch.size: 8 is more than the 5 chorales of the training block");
    assert_said(
        "grid: {chorales: [9, 5, 6], seed: [1, 2]}\nbatch: {kind: chorales, size: 8}",
        "a.yaml: batch.size: 8 is more than the 5 chorales of the training block (at chorales 5, seed 1)");
    assert_said("stop: {tau: 0.001}",
                "a.yaml: observe.first-tau: the first measurement at tau 0.01 is after stop.tau 0.001");
    assert_said("batch: {kind: chorales, size: 3}\nstage2: {enabled: true, at-tau: 1, batch-size: 9}",
                "a.yaml: stage2.batch-size: 9 is more than the 5 chorales of the training block");
    assert_said("stage2: {enabled: true, at-tau: 40}\nstop: {tau: 40}",
                "a.yaml: stage2.at-tau: the second stage would begin at tau = 40, but the run ends at "
                "stop.tau = 40");
    assert_points("stage2: {enabled: true, at-tau: 39}\nstop: {tau: 40}", 1);
}

static void test_too_many_points(void **state)
{
    (void)state;
    assert_said("grid: {depth: [1, 2], seed: {from: 1, to: 500000}}",
                "a.yaml:1:7: the grid has 1000000 points, but a sweep may have at most 200000");
    assert_said("grid:\n  width: {from: 1, to: 1000}\n  seed: {from: 1, to: 1000}\n",
                "a.yaml:2:3: the grid has 1000000 points, but a sweep may have at most 200000");
    assert_said("grid: {seed: {from: 0, to: 9007199254740991}, width: {from: 1, to: 4096}, "
                "rule.warmup: {from: 0, to: 1000000000}}",
                "a.yaml:1:7: the grid has 3.69e+28 points, but a sweep may have at most 200000");
    assert_points("grid: {seed: {from: 1, to: 200000}}", 200000);
}

static void test_no_plain_yaml(void **state)
{
    (void)state;
    assert_said("", "a.yaml: there is nothing in this config");
    assert_said("# only words\n", "a.yaml: there is nothing in this config");
    assert_said("- 1\n", "a.yaml:1:1: a config begins with a section such as `grid:`");
    assert_said("rule:\n\teta: 1\n", "a.yaml:2:1: a tab cannot stand here; YAML is indented with spaces");
    assert_said("rule: {eta: 1\nstop: {tau: 1}\n",
                "a.yaml:2:5: not YAML: did not find expected ',' or '}' while parsing a flow mapping that "
                "begins in line 1");
    assert_said("seed: 1\n---\nseed: 2\n",
                "a.yaml:2:1: a second document begins here; a config is a single one");
    assert_said("seed: &a 1\n", "a.yaml:1:7: anchor &a: anchors, aliases and tags are not used in a config");
    assert_said("seed: !!int 1\n", "a.yaml:1:7: tag tag:yaml.org,2002:int: anchors, aliases and tags are not "
                                   "used in a config");
    assert_said("seed: \xff\n", "a.yaml:1:7: not a text in UTF-8: invalid leading UTF-8 octet");
}

static void test_nesting_and_size_are_limited(void **state)
{
    (void)state;
    size_t n = RIT_ERROR_TEXT * 64; /* would take libyaml minutes to load */
    char *deep = malloc(n + 1);
    memset(deep, '[', n);
    deep[n] = 0;
    assert_said(deep, "a.yaml:1:9: nested more than 8 levels deep");
    free(deep);
    n = 9 << 20;
    char *large = malloc(n);
    memset(large, '#', n);
    assert_int_equal(rit_config_parse("a.yaml", large, n, &config, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "a.yaml: larger than the 8388608 bytes a config may have");
    free(large);
}

static void test_all_errors_at_once_in_order(void **state)
{
    (void)state;
    assert_said(
        "batch: {size: 3}\nseed: x\nmodel: {depth: 31, widht: 3}\n",
        "a.yaml:1:9: batch.size has a meaning only with batch.kind: chorales or time-points, but it is "
        "full\n"
        "a.yaml:2:7: seed: 'x' is not a number\n"
        "a.yaml:3:16: model.depth: 31 is outside the allowed range 0 .. 30\n"
        "a.yaml:3:20: unknown key 'widht' in section 'model' (did you mean 'width'?)");
    /* More than a screen of them is counted. */
    char text[4000] = "";
    for (int i = 0; i < 100; i++)
        strcat(text, "seed: x\n");
    assert_int_equal(parse(text), RIT_BAD_INPUT);
    const char *last = strrchr(err.text, '\n');
    assert_string_equal(last, "\na.yaml: and 68 more");
}

static void test_files(void **state)
{
    (void)state;
    assert_int_equal(rit_config_read("/nonexistent/a.yaml", &config, &err), RIT_IO);
    assert_string_equal(err.text, "/nonexistent/a.yaml: cannot open: No such file or directory");
    char path[] = "/tmp/rit-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(rit_file_write(fd, path, "seed: 3\n", 8, &err), RIT_OK);
    assert_int_equal(rit_config_read(path, &config, &err), RIT_OK);
    assert_int_equal(rit_point_int(&config.base, "seed"), 3);
    rit_config_release(&config);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_files),
        cmocka_unit_test(test_values_arrive),
        cmocka_unit_test(test_overrides_stand_for_the_file),
        cmocka_unit_test(test_overrides_are_answered_like_a_file),
        cmocka_unit_test(test_texts_outlive_the_file),
        cmocka_unit_test(test_misspelt_keys),
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_what_is_given_twice),
        cmocka_unit_test(test_parameter_of_another_member),
        cmocka_unit_test(test_whole_point),
        cmocka_unit_test(test_too_many_points),
        cmocka_unit_test(test_no_plain_yaml),
        cmocka_unit_test(test_nesting_and_size_are_limited),
        cmocka_unit_test(test_all_errors_at_once_in_order),
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
