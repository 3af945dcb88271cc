/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/scan.h"

#include "example.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const double eps[] = {0.01, 0.1};

/* Two depths, each with its own rate; two widths; two seeds; rows in no order. */
enum { ROWS = 8 };
static const double depth[ROWS] = {2, 1, 1, 2, 1, 2, 2, 1};
static const double width[ROWS] = {20, 10, 20, 10, 10, 20, 10, 20};
static const double seed[ROWS] = {1, 1, 1, 1, 2, 2, 2, 2};
static const double rate[ROWS] = {.05, .1, .1, .05, .1, .05, .05, .1};
static const double times[2 * ROWS] = {30, 3, NAN, 40, 60, 6, NAN, 20, NAN, NAN, 33, 4, 90, 9, 66, 7};

static struct rit_dataset two_depths(void)
{
    struct rit_dataset d = example_new(ROWS, eps, 2);
    example_add(&d, "seed", "seed", seed);
    example_add(&d, "rule_eta", "rule.eta", rate);
    example_add(&d, "width", "model.width", width);
    example_add(&d, "depth", "model.depth", depth);
    example_add_times(&d, times, 1000);
    return d;
}

static void lines_and_cells(void **state)
{
    (void)state;
    struct rit_dataset d = two_depths();
    struct rit_scan scan;
    assert_int_equal(rit_scan_make(&d, NULL, &scan, NULL), RIT_OK);
    assert_int_equal(scan.axes, 1);
    assert_string_equal(scan.axis[0].name, "depth");
    assert_int_equal(scan.followers, 1);
    assert_string_equal(scan.follower[0], "rule_eta");
    assert_int_equal(scan.lines, 2);
    assert_int_equal(scan.thresholds, 2);
    assert_int_equal(scan.widths, 2);
    const struct rit_scan_line *line = &scan.line[0];
    assert_int_equal(line->place[0], 0); /* depth 1 */
    assert_int_equal(line->cells, 2);
    assert_int_equal(line->runs, 4);
    assert_true(line->width[0] == 10 && line->width[1] == 20);
    assert_true(line->start[0] == 0 && line->start[1] == 2 && line->start[2] == 4);
    assert_true(line->row[0] == 1 && line->row[1] == 4 && line->row[2] == 2 && line->row[3] == 7);
    assert_true(line->life[0][0].censored && line->life[0][0].tau == 1000);
    assert_true(!line->life[1][0].censored && line->life[1][0].tau == 40);
    assert_true(!line->life[0][3].censored && line->life[0][3].tau == 66);
    char label[64];
    rit_scan_label(&scan, &scan.line[1], label, sizeof label);
    assert_string_equal(label, "depth 2");
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

/* A second rate at one depth makes the rate an axis; a text is one as well. */
static void what_does_not_follow_is_an_axis(void **state)
{
    (void)state;
    static const char *const cost[ROWS] = {"nll", "nll", "hinge", "nll", "nll", "nll", "nll", "hinge"};
    struct rit_dataset d = two_depths();
    for (int i = 0; i < d.arrays; i++)
        if (strcmp(d.array[i].name, "rule_eta") == 0)
            d.array[i].value[0] = 0.07;
    example_add_texts(&d, "cost_name", "cost.name", cost);
    struct rit_scan scan;
    assert_int_equal(rit_scan_make(&d, NULL, &scan, NULL), RIT_OK);
    assert_int_equal(scan.axes, 2); /* the cost follows from depth and width here */
    assert_string_equal(scan.axis[0].name, "depth");
    assert_string_equal(scan.axis[1].name, "rule_eta");
    assert_int_equal(scan.axis[1].n, 3);
    assert_string_equal(scan.follower[0], "cost_name");
    assert_int_equal(scan.lines, 3);
    assert_int_equal(rit_scan_axis_find(&scan, "rule_eta"), 1);
    assert_int_equal(rit_scan_axis_find(&scan, "chorales"), -1);
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

static void failed_runs_are_counted_but_say_nothing(void **state)
{
    (void)state;
    struct rit_dataset d = two_depths();
    double *end = NULL;
    for (int i = 0; i < d.arrays; i++)
        if (strcmp(d.array[i].name, "end") == 0)
            end = d.array[i].value;
    end[1] = RIT_END_FAILED;
    end[4] = RIT_END_DIVERGED;
    struct rit_scan scan;
    assert_int_equal(rit_scan_make(&d, NULL, &scan, NULL), RIT_OK);
    assert_int_equal(scan.line[0].failed, 1);
    assert_int_equal(scan.line[0].diverged, 1);
    assert_int_equal(scan.line[0].runs, 3);
    assert_int_equal(scan.line[0].cells, 2);
    assert_int_equal(scan.line[0].start[1], 1);
    assert_true(scan.line[0].life[0][0].censored);
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

/* Lines along the depth: the width is an axis then, and a rate by depth follows from nothing. */
static void lines_along_another_size(void **state)
{
    (void)state;
    struct rit_dataset d = two_depths();
    struct rit_scan scan;
    struct rit_error err;
    assert_int_equal(rit_scan_make(&d, "depth", &scan, NULL), RIT_OK);
    assert_string_equal(scan.size, "depth");
    assert_int_equal(scan.axes, 1);
    assert_string_equal(scan.axis[0].name, "width");
    assert_string_equal(scan.follower[0], "rule_eta");
    assert_int_equal(scan.lines, 2);
    assert_true(scan.line[1].cells == 2 && scan.line[1].width[0] == 1 && scan.line[1].width[1] == 2);
    assert_true(!scan.line[1].life[0][0].censored == !isnan(times[2 * 2]));
    rit_scan_release(&scan);
    static const char *const no_size[] = {"learning_time", "tau", "seed", "nothing"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(rit_scan_make(&d, no_size[i], &scan, &err), RIT_BAD_INPUT);
        assert_non_null(strstr(err.text, no_size[i]));
        assert_non_null(strstr(err.text, "is no size"));
        rit_scan_release(&scan);
    }
    rit_dataset_release(&d);
}

static void empty_and_incomplete(void **state)
{
    (void)state;
    struct rit_dataset d = example_new(0, eps, 2);
    struct rit_scan scan;
    struct rit_error err;
    assert_int_equal(rit_scan_make(&d, NULL, &scan, &err), RIT_OK);
    assert_int_equal(scan.lines, 0);
    rit_scan_release(&scan);
    rit_dataset_release(&d);

    d = example_new(ROWS, eps, 2);
    example_add(&d, "width", "model.width", width);
    assert_int_equal(rit_scan_make(&d, NULL, &scan, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "neither learning times nor aging"));
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

/* Infinite width is a cell, but of no law. */
static void infinite_width_ends_a_line(void **state)
{
    (void)state;
    static const double last[ROWS] = {20, 10, 20, 10, 10, 20, 10, INFINITY};
    struct rit_dataset d = example_new(ROWS, eps, 2);
    struct rit_scan scan;
    example_add(&d, "seed", "seed", seed);
    example_add(&d, "width", "model.width", last);
    example_add(&d, "depth", "model.depth", depth);
    example_add_times(&d, times, 1000);
    assert_int_equal(rit_scan_make(&d, "width", &scan, NULL), RIT_OK);
    assert_int_equal(scan.lines, 2);
    assert_true(scan.line[0].cells == 3 && scan.line[0].finite == 2 && isinf(scan.line[0].width[2]));
    assert_true(scan.line[1].cells == 2 && scan.line[1].finite == 2);
    assert_true(scan.widths == 3 && isinf(scan.width[2]));
    rit_scan_release(&scan);
    rit_dataset_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_cells),
        cmocka_unit_test(what_does_not_follow_is_an_axis),
        cmocka_unit_test(failed_runs_are_counted_but_say_nothing),
        cmocka_unit_test(lines_along_another_size),
        cmocka_unit_test(empty_and_incomplete),
        cmocka_unit_test(infinite_width_ends_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
