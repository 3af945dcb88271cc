/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow: what descent comes to at rates that go to zero, where it is known in closed form, and what it
 * refuses. */
#include "running.h"

#include <ritardando/rule.h>

#include "rule/flow/chebyshev.h"
#include "rule/flow/path.h"

/* ---- the stages ---- */

/* One step of dw/dtau = -z w, h = 1, from w = 1, by the recurrence, and its path. */
struct step {
    double end, a, b;
};

static struct step step_of(int s, double z)
{
    const double w = 1.0;
    double before = w, k = w;
    struct rit_chebyshev_ladder ladder = rit_chebyshev_foot(s);
    struct step step = {0};
    for (int j = 1; j <= s; j++) {
        struct rit_chebyshev c = rit_chebyshev_next(&ladder);
        double next = 1.0 - c.mu - c.nu + c.mu * k + c.nu * before - z * (c.slope * k + c.first);
        before = k;
        k = next;
        if (j > 1 && j < s)
            rit_path_add(c.time, j, 1, &k, &step.a, &step.b);
    }
    step.end = k;
    rit_path_close(s, 1, &w, &step.end, &step.a, &step.b);
    return step;
}

static double growth_of(int s, double z)
{
    return step_of(s, z).end;
}

/* The error that the path tells of w = 1, absolute. */
static double told(const struct step *step)
{
    const double w = 1.0;
    return rit_path_error(1.0 / 1.1, 1, &w, &step->b);
}

static void a_path_tells_its_error(void **state)
{
    (void)state;
    for (int s = 4; s <= 250; s = s + 1 + s / 3) {
        struct step step = step_of(s, 0.02);
        double wrong = fabs(step.end - exp(-0.02)), middle;
        const double w = 1.0;
        rit_assert_near(told(&step) / wrong, 1.0, 0.21);
        rit_path_at(0.5, 1, &w, &step.end, &step.a, &step.b, &middle);
        rit_assert_near(middle, exp(-0.01), wrong);
    }
}

/* In a stiff direction the error is what is left there, times a few, and not times h lambda. */
static void stiffness_is_no_error(void **state)
{
    (void)state;
    for (int s = 10; s <= 250; s = s + 1 + s / 3)
        for (int i = 50; i <= 1000; i++) {
            struct step step = step_of(s, rit_chebyshev_reach(s) * i / 1000);
            assert_true(told(&step) < 6.0);
        }
}

static void stages_are_stable_and_of_second_order(void **state)
{
    (void)state;
    for (int s = 4; s <= 250; s = s + 1 + s / 3) {
        double most = rit_chebyshev_reach(s), wrong[2];
        assert_int_equal(rit_chebyshev_stages(most * (1.0 - 1e-12)), s);
        for (int i = 1; i <= 1000; i++)
            assert_true(fabs(growth_of(s, most * i / 1000)) < 1.0);
        for (int i = 0; i < 2; i++)
            wrong[i] = fabs(growth_of(s, 0.01 / (1 + i)) - exp(-0.01 / (1 + i)));
        rit_assert_near(wrong[0] / wrong[1], 8.0, 0.1);
    }
}

/* ---- runs ---- */

static void batches_are_refused(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"rule.name", "flow"}, {"batch.kind", "time-points"}, {"batch.size", "20"}, {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    size_t bytes;
    make_point(&point, &block, settings);
    assert_int_equal(rit_run_memory(&point, &block, &bytes, NULL, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "batch.kind: "));
    assert_non_null(strstr(err.text, "rule.name: sgd"));
    rit_block_release(&block);
}

enum { THRESHOLDS = 3 };

/* Learning times of a small net in float64. */
static uint64_t times_of(const struct setting *settings, double *time)
{
    static const struct setting exact[] = {{"model.precision", "float64"},
                                           {"data.chorales", "2"},
                                           {"model.width", "8"},
                                           {"model.depth", "2"},
                                           {"stop.tau", "60"},
                                           {"observe.thresholds", "[0.15, 0.2, 0.25]"},
                                           {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, exact);
    set_all(&point, settings);
    struct rit_outcome outcome = run_whole(&point, &block);
    uint64_t steps = outcome.steps;
    memcpy(time, values_of(&outcome, "learning_time"), THRESHOLDS * sizeof *time);
    rit_outcome_release(&outcome);
    rit_block_release(&block);
    return steps;
}

/* Descent at a small rate comes to a threshold when the flow does: as near as its steps, and the tolerance,
 * are. */
static void descent_comes_to_the_flow(void **state)
{
    (void)state;
    double flow[THRESHOLDS], descent[THRESHOLDS];
    times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-5"}, {0}}, flow);
    times_of((const struct setting[]){{"rule.eta", "0.0025"}, {0}}, descent);
    for (int i = 0; i < THRESHOLDS; i++)
        rit_assert_near(flow[i], descent[i], 0.003 + 3e-4 * flow[i]);
}

/* A thousand times the tolerance is right to two per cent. */
static void a_coarse_tolerance_is_cheap(void **state)
{
    (void)state;
    double fine[THRESHOLDS], coarse[THRESHOLDS];
    uint64_t many =
        times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-5"}, {0}}, fine);
    uint64_t few =
        times_of((const struct setting[]){{"rule.name", "flow"}, {"rule.tolerance", "1e-2"}, {0}}, coarse);
    for (int i = 0; i < THRESHOLDS; i++)
        rit_assert_near(coarse[i] / fine[i], 1.0, 2e-2);
    assert_true(few < many);
}

/* Patterns fitted until the cost is rounding, which may rise: the run goes on to its end all the same. */
static void the_bottom_is_no_divergence(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"rule.name", "flow"},          {"data.source", "patterns"},
                                              {"data.dimension", "8"},        {"data.labels", "1"},
                                              {"data.chorales", "6"},         {"task.name", "classify"},
                                              {"model.name", "dense"},        {"model.depth", "1"},
                                              {"model.width", "8"},           {"model.precision", "float32"},
                                              {"cost.name", "square"},        {"stop.tau", "2000"},
                                              {"stop.when-learned", "false"}, {0}};
    static const char *const seeds[] = {"1", "2", "3", "4"};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block, settings);
        rit_point_set(&point, "seed", seeds[i]);
        struct rit_outcome outcome = run_whole(&point, &block);
        assert_int_not_equal(outcome.end, RIT_END_DIVERGED);
        assert_true(outcome.steps < 10000);
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
}

/* ---- a linear net, whose flow is known ---- */

enum { N = 12 };

typedef double matrix[N + 1][N + 1];

static void multiply(matrix a, matrix b, matrix c)
{
    matrix product = {{0.0}};
    for (int i = 0; i <= N; i++)
        for (int k = 0; k <= N; k++)
            for (int j = 0; j <= N; j++)
                product[i][j] += a[i][k] * b[k][j];
    memcpy(c, product, sizeof product);
}

/* exp(a), by halving a twenty times and squaring as often. */
static void exponential(matrix a, matrix e)
{
    matrix term = {{0.0}};
    memset(e, 0, sizeof(matrix));
    for (int i = 0; i <= N; i++)
        e[i][i] = term[i][i] = 1.0;
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++)
            a[i][j] = ldexp(a[i][j], -20);
    for (int k = 1; k <= 8; k++) {
        multiply(term, a, term);
        for (int i = 0; i <= N; i++)
            for (int j = 0; j <= N; j++)
                e[i][j] += term[i][j] /= k;
    }
    for (int k = 0; k < 20; k++)
        multiply(e, e, e);
}

static void gradient_at(const struct rit_point *point, const struct rit_layout *layout,
                        const struct rit_block *block, const double *w, double *g)
{
    struct rit_arena arena;
    struct rit_cost_use cost;
    struct rit_pass found;
    struct rit_net *net = rit_test_open_net(point, layout, block, &arena);
    assert_int_equal(rit_cost_open(point, block, &cost, NULL), RIT_OK);
    struct rit_criterion criterion = rit_cost_criterion(&cost);
    rit_model_of(point)->load(net, w);
    rit_model_of(point)->pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, g,
                              &found);
    free(arena.base);
}

/* w(tau) = exp(-H tau) w(0) + ... with the slope H w + b, as the exponential of one matrix. */
static void exact_weights(const struct rit_point *point, const struct rit_layout *layout,
                          const struct rit_block *block, double tau, double *w)
{
    matrix a = {{0.0}}, e;
    double zero[N] = {0.0}, b[N], g[N], start[N];
    memcpy(start, w, sizeof start);
    gradient_at(point, layout, block, zero, b);
    for (int j = 0; j < N; j++) {
        double unit[N] = {0.0};
        unit[j] = 1.0;
        gradient_at(point, layout, block, unit, g);
        for (int i = 0; i < N; i++)
            a[i][j] = -tau * (g[i] - b[i]);
    }
    for (int i = 0; i < N; i++)
        a[i][N] = -tau * b[i];
    exponential(a, e);
    for (int i = 0; i < N; i++) {
        w[i] = e[i][N];
        for (int j = 0; j < N; j++)
            w[i] += e[i][j] * start[j];
    }
}

/* The distance of the end of a run, by dense output, from what is exact. */
static double error_of_run(const char *tolerance)
{
    static const struct setting linear[] = {{"data.source", "patterns"},
                                            {"task.name", "classify"},
                                            {"data.dimension", "5"},
                                            {"data.labels", "2"},
                                            {"data.separation", "6"},
                                            {"data.chorales", "30"},
                                            {"model.name", "dense"},
                                            {"model.depth", "0"},
                                            {"model.precision", "float64"},
                                            {"cost.name", "square"},
                                            {"observe.learning-time", "false"},
                                            {"rule.name", "flow"},
                                            {"stop.tau", "3"},
                                            {0}};
    const struct rit_layout *layout;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, linear);
    rit_point_set(&point, "rule.tolerance", tolerance);
    struct rit_run *run = start(&point, &block);
    double exact[N], error = 0.0;
    const double *w = rit_run_weights(run, &layout);
    assert_int_equal(layout->size, N);
    memcpy(exact, w, sizeof exact);
    exact_weights(&point, layout, &block, 3.0, exact);
    while (!rit_run_advance(run, 1000000))
        continue;
    for (int i = 0; i < N; i++)
        error = fmax(error, fabs(w[i] - exact[i]));
    rit_run_free(run);
    rit_block_release(&block);
    return error;
}

/* An eighth of the tolerance halves the steps, and quarters the error: second order. */
static void the_order_is_the_second(void **state)
{
    (void)state;
    double coarse = error_of_run("1e-4"), fine = error_of_run("1e-7");
    rit_assert_near(log(coarse / fine) / log(1e3), 2.0 / 3.0, 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_path_tells_its_error),
                                       cmocka_unit_test(stiffness_is_no_error),
                                       cmocka_unit_test(stages_are_stable_and_of_second_order),
                                       cmocka_unit_test(batches_are_refused),
                                       cmocka_unit_test(descent_comes_to_the_flow),
                                       cmocka_unit_test(the_bottom_is_no_divergence),
                                       cmocka_unit_test(the_order_is_the_second),
                                       cmocka_unit_test(a_coarse_tolerance_is_cheap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
