/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training at infinite width: closed forms, check values of predictions, the process that it begins with. */
#include "circle.h"
#include "functions.h"
#include "running.h"

#include "base/random.h"
#include "kernel/gram.h"
#include "limit/functions/functions.h"

#include <math.h>

/* ---- x_1 x_2 is a mode of eight evenly spread points, of lambda = 1.02364049 at L = 2 ---- */

static const double lambda = 1.02364049;

static void check_curve(const struct setting *settings, double (*share)(double tau), double bound)
{
    double angle[8];
    struct circle circle;
    struct rit_point point;
    for (int p = 0; p < 8; p++)
        angle[p] = M_PI * (p + 0.5) / 4.0;
    make_circle(&circle, 8, angle);
    set_circle(&point, settings);
    struct rit_outcome outcome = run_whole(&point, &circle.block);
    const struct rit_variable *nll = rit_outcome_find(&outcome, "nll"),
                              *tau = rit_outcome_find(&outcome, "nll_tau");
    int seen = 0;
    for (size_t k = 0; k < nll->count; k++)
        if (isfinite(nll->data[k]) && nll->data[k] > 1e-9) {
            double wanted = nll->data[0] * share(tau->data[k]);
            rit_assert_near(nll->data[k], wanted, bound * wanted);
            seen++;
        }
    assert_true(seen > 10);
    rit_outcome_release(&outcome);
}

static double of_steps(double tau)
{
    return pow(1.0 - 0.34 * lambda / 8.0, 2.0 * rint(tau / 0.34));
}

static double of_flow(double tau)
{
    return exp(-2.0 * lambda * tau / 8.0);
}

static void test_square_cost(void **state)
{
    (void)state;
    check_curve(
        (const struct setting[]){{"model.depth", "2"}, {"rule.eta", "0.34"}, {"stop.tau", "46.92"}, {0}},
        of_steps, 1e-7);
    check_curve(
        (const struct setting[]){
            {"model.depth", "2"}, {"rule.name", "flow"}, {"rule.tolerance", "1e-8"}, {"stop.tau", "40"}, {0}},
        of_flow, 1e-3);
}

/* ---- predictions at points that are not trained on ---- */

static void predict(const char *tau, double *f)
{
    static const double angle[] = {0.2, 0.9, 1.7, 2.6, 3.3}, other[] = {0.5, 2.1, 4.6};
    struct circle circle, test;
    struct rit_point point;
    make_circle(&circle, 5, angle);
    make_circle(&test, 3, other);
    circle.block.held_out = &test.block;
    test.block.trained = &circle.block;
    set_circle(&point, (const struct setting[]){{"model.depth", "1"},
                                                {"rule.name", "flow"},
                                                {"rule.tolerance", "1e-8"},
                                                {"data.test", "3"},
                                                {"stop.tau", tau},
                                                {0}});
    trained_functions(&point, &circle.block, &test.block, f);
}

static void test_predictions(void **state)
{
    (void)state;
    static const struct {
        const char *tau;
        double mean[3];
    } known[] = {{"1", {.36352433, -.22257561, -.02429152}},
                 {"5", {.53808912, -.49893658, .0863558}},
                 {"400", {.63762643, -.8152227, .21831897}}};
    for (int i = 0; i < 3; i++) {
        double f[3];
        predict(known[i].tau, f);
        for (int p = 0; p < 3; p++)
            rit_assert_near(f[p], known[i].mean[p], 2e-6);
    }
}

/* ---- late times ---- */

/* Where targets can be told apart, the negative log-likelihood goes as 1/tau: here of twenty random patterns.
 */
static void test_late_times(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"limit.name", "tangent"},      {"model.name", "dense"},     {"model.parametrisation", "ntk"},
        {"model.activation", "erf"},    {"data.source", "patterns"}, {"data.chorales", "20"},
        {"data.dimension", "20"},       {"task.name", "classify"},   {"rule.name", "flow"},
        {"stop.when-learned", "false"}, {"stop.tau", "30000"},       {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    struct rit_outcome outcome = run_whole(&point, &block);
    const struct rit_variable *nll = rit_outcome_find(&outcome, "nll"),
                              *tau = rit_outcome_find(&outcome, "nll_tau");
    double first = NAN, last = NAN;
    for (size_t k = 0; k < nll->count; k++) {
        if (isnan(first) && tau->data[k] >= 3000.0)
            first = nll->data[k] * tau->data[k];
        last = isfinite(nll->data[k]) ? nll->data[k] * tau->data[k] : last;
    }
    rit_assert_near(last, first, 0.01 * first);
    rit_outcome_release(&outcome);
    rit_block_release(&block);
}

/* ---- sequences of bits ---- */

static const struct setting recurrent[] = {{"limit.name", "tangent"},
                                           {"model.parametrisation", "ntk"},
                                           {"model.recurrent-init", "haar"},
                                           {"model.readout-init", "gaussian"},
                                           {"model.orthogonal", "none"},
                                           {"data.test", "2"},
                                           {0}};

static struct rit_net *open_functions(const struct rit_point *point, const struct rit_block *block,
                                      const struct rit_block *trained, struct rit_layout *layout,
                                      struct rit_arena *arena)
{
    struct rit_arena measure = {0};
    rit_functions_layout(trained, layout);
    rit_functions_model.open(point, layout, block, &measure);
    *arena = rit_arena_new(measure.used);
    return rit_functions_model.open(point, layout, block, arena);
}

static void test_gradient(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_cost_use cost;
    struct rit_pass found;
    make_point(&point, &block, recurrent);
    struct rit_net *net = open_functions(&point, &block, &block, &layout, &arena);
    assert_int_equal(rit_cost_open(&point, &block, &cost, &err), RIT_OK);
    struct rit_criterion criterion = rit_cost_criterion(&cost);
    double *w = calloc(layout.size, sizeof *w), *g = calloc(layout.size, sizeof *g);
    struct rit_random random = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < layout.size; i++)
        w[i] = 0.05 * rit_random_gauss(&random);
    const int chosen[] = {0, 2};
    const struct rit_batch batch[] = {{.kind = RIT_FULL}, {.kind = RIT_SEQUENCES, .n = 2, .index = chosen}};
    for (int b = 0; b < 2; b++) {
        rit_functions_model.load(net, w);
        rit_functions_model.pass(net, &batch[b], RIT_WANT_NOISE, &criterion, g, &found);
        assert_true(found.second_pair[0] > 0.0 && found.second_sequence[0] > 0.0);
        for (size_t i = 0; i < layout.size; i += 97) {
            double keep = w[i], sum[2], h = 1e-4;
            for (int k = 0; k < 2; k++) {
                w[i] = keep + (k ? h : -h);
                rit_functions_model.load(net, w);
                rit_functions_model.pass(net, &batch[b], RIT_WANT_NOTHING, &criterion, NULL, &found);
                sum[k] = found.sum;
            }
            w[i] = keep;
            double share = b ? 4.0 / (2.0 * block.pairs) : 1.0 / block.pairs;
            rit_assert_near(g[i], share * (sum[1] - sum[0]) / (2.0 * h), 1e-7);
        }
    }
    free(w);
    free(g);
    free(arena.base);
    rit_block_release(&block);
}

/* f_0 over seeds has the variance of the kernel, on what is trained on and on what is held out. */
static void test_start_is_the_process(void **state)
{
    (void)state;
    enum { SEEDS = 30 };
    struct rit_point point;
    struct rit_block block;
    struct rit_wide wide;
    make_point(&point, &block, recurrent);
    assert_int_equal(rit_model_of(&point)->wide(&point, block.in.port, &wide, NULL), RIT_OK);
    const struct rit_block *both[] = {&block, block.held_out};
    double mean = rit_model_of(&point) && block.asked.bits ? atanh(block.target_mean) : 0.0;
    for (int b = 0; b < 2; b++) {
        int units = block.asked.port.width, last = both[b]->pairs - 1;
        struct rit_arena measure = {0}, arena;
        rit_gram_open(&wide, both[b], both[b], &measure);
        arena = rit_arena_new(measure.used);
        struct rit_gram gram = rit_gram_open(&wide, both[b], both[b], &arena);
        double variance, covariance, square = 0.0, product = 0.0;
        rit_gram_tile(&gram, last, 1, last, 1, &variance, NULL, 1);
        rit_gram_tile(&gram, last - 1, 1, last, 1, &covariance, NULL, 1);
        free(arena.base);
        float *y = calloc((size_t)both[b]->pairs * (size_t)units, sizeof *y);
        for (int s = 0; s < SEEDS; s++) {
            struct rit_layout layout;
            char seed[8];
            snprintf(seed, sizeof seed, "%d", s + 1);
            rit_point_set(&point, "seed", seed);
            struct rit_net *net = open_functions(&point, both[b], &block, &layout, &arena);
            double *w = calloc(layout.size, sizeof *w);
            struct rit_criterion criterion = rit_keeping(&(struct rit_keep){units, y});
            struct rit_pass found;
            rit_functions_model.load(net, w);
            rit_functions_model.pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion,
                                     NULL, &found);
            for (int i = 0; i < units; i++) {
                double at = (double)y[last * units + i] - mean,
                       before = (double)y[(last - 1) * units + i] - mean;
                square += at * at / (SEEDS * units);
                product += at * before / (SEEDS * units);
            }
            free(w);
            free(arena.base);
        }
        rit_assert_near(square, variance, 4.0 * variance * sqrt(2.0 / (SEEDS * units)));
        rit_assert_near(product, covariance, 4.0 * variance * sqrt(2.0 / (SEEDS * units)));
        free(y);
    }
    rit_block_release(&block);
}

/* A run in two pieces. */
static void test_a_kill_changes_nothing(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, recurrent);
    struct rit_outcome whole = run_whole(&point, &block);
    struct rit_run *first = start(&point, &block), *second = start(&point, &block);
    rit_run_advance(first, 17);
    struct rit_saved from = rit_run_save(first), to = rit_run_save(second);
    memcpy(to.state, from.state, from.size);
    rit_run_resume(second);
    while (!rit_run_advance(second, 10))
        ;
    struct rit_outcome pieces = outcome_of(second);
    const struct rit_variable *a = rit_outcome_find(&whole, "nll"), *b = rit_outcome_find(&pieces, "nll");
    assert_memory_equal(a->data, b->data, a->count * sizeof *a->data);
    a = rit_outcome_find(&whole, "test_loss");
    b = rit_outcome_find(&pieces, "test_loss");
    assert_memory_equal(a->data, b->data, a->count * sizeof *a->data);
    assert_true(isinf(rit_outcome_find(&whole, "weights")->data[0]));
    rit_run_free(first);
    rit_outcome_release(&whole);
    rit_outcome_release(&pieces);
    rit_block_release(&block);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const unlike[][2] = {
        {"model.name", "gru"},         {"model.parametrisation", "standard"},
        {"rule.name", "adam"},         {"rule.weight-decay", "0.001"},
        {"batch.kind", "time-points"}, {"model.recurrent-gain", "90"}};
    for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++) {
        struct rit_point point;
        struct rit_block block;
        struct rit_error err;
        make_point(&point, &block, recurrent);
        assert_int_equal(rit_run_check(&point, &block, &err), RIT_OK);
        rit_point_set(&point, unlike[i][0], unlike[i][1]);
        assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
        rit_block_release(&block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_square_cost),
        cmocka_unit_test(test_predictions),
        cmocka_unit_test(test_late_times),
        cmocka_unit_test(test_gradient),
        cmocka_unit_test(test_start_is_the_process),
        cmocka_unit_test(test_a_kill_changes_nothing),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
