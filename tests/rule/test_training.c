/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole runs: what a rule refuses, and how near its runs are to the gradient flow. */
#include "running.h"

static void noise_on_the_group_is_refused(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"rule.name", "langevin"}, {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    size_t bytes;
    make_point(&point, &block, settings);
    assert_int_equal(rit_run_memory(&point, &block, &bytes, NULL, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "rule.name: langevin is for free weights, and M1 is kept orthogonal; set "
                                  "model.orthogonal: none");
    assert_null(rit_run_new(&point, &block, &err));
    rit_point_set(&point, "model.orthogonal", "none");
    assert_int_equal(rit_run_memory(&point, &block, &bytes, NULL, &err), RIT_OK);
    rit_block_release(&block);
}

enum { MOST = 4096 };

/* Weights at tau = 1 in float64, matrices M kept on the group. */
static size_t weights_at(const char *rule, const char *eta, double *w)
{
    const struct setting settings[] = {{"rule.name", rule},    {"rule.eta", eta},
                                       {"stop.tau", "1"},      {"model.precision", "float64"},
                                       {"data.chorales", "2"}, {"observe.learning-time", "false"},
                                       {"model.depth", "2"},   {"model.recurrent-gain", "0.8"},
                                       {"model.width", "4"},   {0}};
    const struct rit_layout *layout;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    struct rit_run *run = start(&point, &block);
    while (!rit_run_advance(run, 1000000))
        ;
    const double *end = rit_run_weights(run, &layout);
    size_t size = layout->size;
    assert_true(size <= MOST);
    memcpy(w, end, size * sizeof *w);
    rit_run_free(run);
    rit_block_release(&block);
    return size;
}

static double distance(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* Halving eta divides the distance from the flow by 4 for midpoint, by 2 for descent: both come to one flow.
 */
static void midpoint_is_of_second_order(void **state)
{
    (void)state;
    static double flow[MOST], w[MOST];
    size_t n = weights_at("midpoint", "0.001953125", flow);
    double far[2], near[2];
    static const char *const rules[] = {"midpoint", "sgd"};
    for (int r = 0; r < 2; r++) {
        weights_at(rules[r], "0.015625", w);
        far[r] = distance(n, w, flow);
        weights_at(rules[r], "0.0078125", w);
        near[r] = distance(n, w, flow);
    }
    rit_assert_near(far[0] / near[0], 4.0, 0.5);
    rit_assert_near(far[1] / near[1], 2.0, 0.5);
    assert_true(near[0] < 0.1 * near[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_on_the_group_is_refused),
        cmocka_unit_test(midpoint_is_of_second_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
