/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ensembles of networks at their start: known moments within four errors, and what a run of draws is. */
#include "points.h"

#include <math.h>

static struct rit_outcome draw(struct rit_point *point, const struct rit_block *block, const char *draws,
                               const char *pairs)
{
    rit_point_set(point, "limit.name", "draws");
    rit_point_set(point, "limit.draws", draws);
    rit_point_set(point, "limit.pairs", pairs);
    return run_whole(point, block);
}

/* Number k of a variable against what is known of it, times `scale`, with an error of its own. */
static void check(const struct rit_outcome *outcome, const char *name, int k, double scale, double known,
                  double known_error)
{
    char error_name[64];
    snprintf(error_name, sizeof error_name, "%s_error", name);
    double value = scale * values_of(outcome, name)[k], error = scale * values_of(outcome, error_name)[k];
    if (!(fabs(value - known) <= 4.0 * hypot(error, known_error) + 1e-6 * fabs(known)))
        print_error("%s[%d]: %g +- %g, known %g +- %g\n", name, k, value, error, known, known_error);
    assert_true(fabs(value - known) <= 4.0 * hypot(error, known_error) + 1e-6 * fabs(known));
}

/* ---- one hidden layer: the mean of Theta is that of infinite width, n times its variance one number ---- */

static void test_tangent_kernel(void **state)
{
    (void)state;
    static const struct {
        const char *activation, *draws;
        int width;
        double mean, variance;
    } known[] = {{"erf", "4000", 8, .8022900836, .674224836},
                 {"erf", "2000", 32, .8022900836, .674224836},
                 {"tanh", "4000", 8, .6954069592, .456407587},
                 {"identity", "4000", 8, 1.525, 3.14859375}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, known[i].activation, 1, known[i].width, 1.5, 0.1);
        struct rit_outcome outcome = draw(&point, &two.block, known[i].draws, "2");
        check(&outcome, "start_tangent_mean", 1, 1.0, known[i].mean, 0.0);
        check(&outcome, "start_tangent_variance", 1, known[i].width, known[i].variance, 0.0);
        rit_outcome_release(&outcome);
    }
}

/* ---- how far outputs are from Gaussian ---- */

static void test_kurtosis(void **state)
{
    (void)state;
    static const struct {
        const char *draws;
        int width, depth;
        double value, error; /* n times the excess kurtosis */
    } known[] = {{"10000", 10, 2, 2.747, .009}, {"4000", 40, 2, 2.698, .017}, {"2000", 40, 3, 3.085, .020}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, "erf", known[i].depth, known[i].width, 1.5, 0.0);
        struct rit_outcome outcome = draw(&point, &two.block, known[i].draws, "1");
        check(&outcome, "start_kernel_kurtosis", 0, known[i].width, known[i].value, known[i].error);
        check(&outcome, "start_output_kurtosis", 0, known[i].width, known[i].value, known[i].error);
        check(&outcome, "start_output_variance", 0, 1.0, values_of(&outcome, "start_kernel_mean")[0], 0.0);
        check(&outcome, "start_output_mean", 0, 1.0, 0.0, 0.0);
        rit_outcome_release(&outcome);
    }
}

/* ---- depth over width ---- */

static void test_depth_over_width(void **state)
{
    (void)state;
    static const struct {
        int width, depth;
        double ratio, error;
    } known[] = {{16, 2, 1.431, .015},
                 {16, 4, 2.28, .12},
                 {16, 8, 4.85, .32},
                 {32, 8, 2.18, .06},
                 {64, 8, 1.544, .032}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, "relu", known[i].depth, known[i].width, 2.0, 0.0);
        struct rit_outcome outcome = draw(&point, &two.block, known[i].width > 16 ? "1000" : "4000", "1");
        check(&outcome, "start_tangent_ratio", 0, 1.0, known[i].ratio, known[i].error);
        check(&outcome, "start_tangent_mean", 0, 1.0, known[i].depth + 1.0, 0.0);
        rit_outcome_release(&outcome);
    }
}

/* ---- the distance from infinite width ---- */

static void test_distance(void **state)
{
    (void)state;
    static const struct {
        const char *draws;
        int width;
        double distance; /* of forty networks */
    } known[] = {
        {"400", 16, .419}, {"400", 32, .300}, {"200", 64, .255}, {"100", 128, .170}, {"40", 256, .149}};
    double first = NAN;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct points ring;
        struct rit_point point;
        make_ring(&ring, 8);
        set_dense(&point, "erf", 2, known[i].width, 2.0, 0.1);
        struct rit_outcome outcome = draw(&point, &ring.block, known[i].draws, "8");
        check(&outcome, "start_tangent_distance", 0, 1.0, known[i].distance, 0.06 * known[i].distance);
        double here = values_of(&outcome, "start_tangent_distance")[0] * sqrt(known[i].width);
        first = i == 0 ? here : first;
        rit_assert_near(here, first, 0.2 * first); /* n^(-1/2) */
        rit_outcome_release(&outcome);
    }
}

/* ---- real chorales ---- */

/* The distance of both kernels from infinite width falls as n^(-1/2). */
static void test_chorales(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"data.source", "chorales"},      {"data.first", "100"},
        {"data.chorales", "2"},           {"model.parametrisation", "ntk"},
        {"model.recurrent-init", "haar"}, {"model.readout-init", "gaussian"},
        {"model.orthogonal", "none"},     {0}};
    static const char *const width[] = {"25", "100", "400"};
    double distance[3][2];
    if (!getenv("RITARDANDO_DATA"))
        skip(); /* no chorales */
    for (int i = 0; i < 3; i++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block, settings);
        rit_point_set(&point, "model.width", width[i]);
        struct rit_outcome outcome = draw(&point, &block, i < 2 ? "60" : "20", "4");
        distance[i][0] = values_of(&outcome, "start_kernel_distance")[0];
        distance[i][1] = values_of(&outcome, "start_tangent_distance")[0];
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
    for (int k = 0; k < 2; k++)
        rit_assert_near(log(distance[2][k] / distance[0][k]) / log(16.0), -0.5, 0.12);
}

/* ---- what is drawn ---- */

static const struct setting recurrent[] = {
    {"limit.name", "draws"}, {"limit.draws", "60"}, {"limit.pairs", "3"}, {0}};

static void test_a_kill_changes_nothing(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, recurrent);
    struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 7);
    assert_int_equal(whole.end, RIT_END_FINISHED);
    assert_int_equal(whole.steps, 60);
    assert_null(rit_outcome_find(&whole, "start_kernel_mean")); /* no limit, no kernel of its own */
    assert_true(isfinite(values_of(&whole, "start_tangent_mean")[0]));
    assert_same(&whole, &pieces);
    rit_block_release(&block);
}

/* Other numbers of draws, other seeds and other pairs have other means. */
static void test_draws_are_counted(void **state)
{
    (void)state;
    static const char *const setting[][2] = {
        {"limit.draws", "20"}, {"limit.draws", "40"}, {"seed", "2"}, {"limit.pairs", "1"}};
    double mean[4];
    for (int i = 0; i < 4; i++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, "tanh", 1, 5, 1.5, 0.1);
        rit_point_set(&point, "limit.name", "draws");
        rit_point_set(&point, "limit.draws", "20");
        rit_point_set(&point, setting[i][0], setting[i][1]);
        struct rit_outcome outcome = run_whole(&point, &two.block);
        mean[i] = values_of(&outcome, "start_output_mean")[0];
        rit_outcome_release(&outcome);
    }
    assert_true(mean[0] != mean[1] && mean[0] != mean[2] && mean[0] != mean[3]);
}

/* Entries are told by row and column. */
static void test_entries(void **state)
{
    (void)state;
    struct points two;
    struct rit_point point;
    make_two(&two);
    set_dense(&point, "tanh", 1, 5, 1.5, 0.1);
    struct rit_outcome outcome = draw(&point, &two.block, "20", "2");
    double theta = values_of(&outcome, "start_tangent_mean")[1],
           pair = values_of(&outcome, "start_entry_column")[1];
    rit_assert_near(pair, 1.0, 0.0);
    rit_assert_near(theta, .6954069592, 4.0 * sqrt(.456407587 / 5.0 / 20.0));
    rit_outcome_release(&outcome);
}

/* Every model can be drawn, but what is noisy. */
static void test_models(void **state)
{
    (void)state;
    for (int i = 0; rit_models[i]; i++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block, recurrent);
        rit_point_set(&point, "model.name", rit_models[i]->name);
        rit_point_set(&point, "model.width", "2");
        struct rit_error err;
        if (rit_run_check(&point, &block, &err) == RIT_OK) {
            struct rit_outcome outcome = run_whole(&point, &block);
            assert_true(values_of(&outcome, "start_tangent_mean")[0] > 0.0);
            rit_outcome_release(&outcome);
        } else
            print_message("%s: %s\n", rit_models[i]->name, err.text);
        rit_block_release(&block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tangent_kernel),
        cmocka_unit_test(test_kurtosis),
        cmocka_unit_test(test_depth_over_width),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_chorales),
        cmocka_unit_test(test_a_kill_changes_nothing),
        cmocka_unit_test(test_draws_are_counted),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
