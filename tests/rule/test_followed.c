/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The flow is what descent becomes at rates that go to zero: for every model and cost, in the weights, in
 * learning times and in aging. Descent is off by a term of first order in eta, so that twice what a half of
 * eta gives less what eta gives is off by one of second order; that, and the tolerance, is what the flow may
 * differ by.
 */
#include "running.h"

#include <ritardando/model.h>

static double extrapolated(double coarse, double fine)
{
    return 2.0 * fine - coarse;
}

/* ---- every model and cost ---- */

static double *weights_by(struct rit_point *point, const struct rit_block *block, const char *rule,
                          const char *eta, size_t *n)
{
    const struct rit_layout *layout;
    rit_point_set(point, "rule.name", rule);
    rit_point_set(point, "rule.eta", eta);
    struct rit_run *run = start(point, block);
    while (!rit_run_advance(run, 1000000))
        ;
    const double *w = rit_run_weights(run, &layout);
    double *copy = calloc(layout->size, sizeof *copy);
    *n = layout->size;
    memcpy(copy, w, sizeof *copy * *n);
    rit_run_free(run);
    return copy;
}

static void follow(struct rit_point *point, const struct rit_block *block, const char *what)
{
    size_t n;
    double *flow = weights_by(point, block, "flow", "0.05", &n);
    double *coarse = weights_by(point, block, "sgd", "0.00390625", &n);
    double *fine = weights_by(point, block, "sgd", "0.001953125", &n);
    double far = 0.0, left = 0.0;
    for (size_t i = 0; i < n; i++) {
        double rest = extrapolated(coarse[i], fine[i]) - flow[i];
        far += (coarse[i] - flow[i]) * (coarse[i] - flow[i]);
        left += rest * rest;
    }
    if (!(left < 0.0025 * far))
        fail_msg("%s: descent is off by %g, and extrapolated by %g", what, sqrt(far), sqrt(left));
    free(flow);
    free(coarse);
    free(fine);
}

/* With what can be asked of it: a circuit of three qubits has no output for 54 notes. */
static const struct setting chorale[] = {{"data.chorales", "1"}, {0}};
static const struct setting pattern[] = {{"data.source", "patterns"}, {"data.dimension", "3"},
                                         {"data.labels", "2"},        {"data.chorales", "20"},
                                         {"task.name", "classify"},   {0}};

static int follow_with_every_cost(const struct setting *data, const char *model)
{
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    int followed = 0;
    make_point(&point, &block, data);
    set_all(&point, (const struct setting[]){{"model.name", model},
                                             {"model.width", "3"},
                                             {"model.precision", "float64"},
                                             {"observe.learning-time", "false"},
                                             {"rule.tolerance", "1e-7"},
                                             {"stop.tau", "0.25"},
                                             {0}});
    for (int c = 0; rit_costs[c]; c++) {
        char what[64];
        rit_point_set(&point, "cost.name", rit_costs[c]->name);
        if (rit_run_check(&point, &block, &err) != RIT_OK)
            continue;
        snprintf(what, sizeof what, "%s, %s", model, rit_costs[c]->name);
        follow(&point, &block, what);
        followed++;
    }
    rit_block_release(&block);
    return followed;
}

static void every_model_and_cost_follows(void **state)
{
    (void)state;
    for (int m = 0; rit_models[m]; m++)
        assert_true(follow_with_every_cost(chorale, rit_models[m]->name) +
                        follow_with_every_cost(pattern, rit_models[m]->name) >
                    0);
}

/* ---- what is told of a run, as long as descent is stable: lambda_max is 140 at tau = 6 ---- */

static struct rit_outcome outcome_by(const char *rule, const char *eta)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block,
               (const struct setting[]){{"data.chorales", "2"},
                                        {"model.depth", "2"},
                                        {"model.precision", "float64"},
                                        {"stop.tau", "6"},
                                        {"stop.when-learned", "false"},
                                        {"observe.thresholds", "[0.15, 0.18, 0.2]"},
                                        {"observe.aging", "true"},
                                        {"observe.waiting-times", "[0.5, 1]"},
                                        {"observe.lag-first", "0.25"},
                                        {"rule.name", rule},
                                        {"rule.eta", eta},
                                        {"rule.tolerance", "1e-6"},
                                        {0}});
    struct rit_outcome outcome = run_whole(&point, &block);
    rit_block_release(&block);
    return outcome;
}

/* The outcomes of the flow and of descent at eta and half of it. */
struct race {
    struct rit_outcome flow, coarse, fine;
};

static struct race race;
static const double eta = 1.0 / 128.0;

enum { THRESHOLDS = 3, CLASSES = 7 };

static int have_raced(void **state)
{
    (void)state;
    race = (struct race){outcome_by("flow", "0.05"), outcome_by("sgd", "0.0078125"),
                         outcome_by("sgd", "0.00390625")};
    return 0;
}

static int forget(void **state)
{
    (void)state;
    rit_outcome_release(&race.flow);
    rit_outcome_release(&race.coarse);
    rit_outcome_release(&race.fine);
    return 0;
}

/* To the step and by what is of first order in eta: 0.7 % at 1/128. */
static void learning_times_follow(void **state)
{
    (void)state;
    const double *flow = values_of(&race.flow, "learning_time");
    const double *coarse = values_of(&race.coarse, "learning_time");
    const double *fine = values_of(&race.fine, "learning_time");
    for (int i = 0; i < THRESHOLDS; i++) {
        rit_assert_near(coarse[i], flow[i], eta + 0.007 * flow[i]);
        rit_assert_near(fine[i], flow[i], 0.5 * eta + 0.0035 * flow[i]);
    }
}

/* Of all weights, at a lag of the grid. Descent records at the first step after it: its value is brought back
 * along the flow's own curve. */
static double at_lag(const struct rit_outcome *outcome, const char *name, size_t lag, double slope)
{
    double late = values_of(outcome, "lag_tau")[lag] / values_of(&race.flow, "lag_tau")[lag];
    return values_of(outcome, name)[lag * CLASSES] / pow(late, slope);
}

/* The distance of descent from the flow is halved with eta, and what is left of it in the limit is at most
 * `rest`. */
static void aging_follows(const char *name, double earliest, double rest)
{
    const struct rit_variable *tau = rit_outcome_find(&race.flow, "lag_tau");
    const double *flow = values_of(&race.flow, name);
    int compared = 0;
    for (size_t i = 1; i < tau->count; i++) {
        double was = tau->data[i - 1], lag = tau->data[i];
        if (!(lag > was && lag >= earliest))
            continue;
        double here = flow[i * CLASSES], slope = log(here / flow[(i - 1) * CLASSES]) / log(lag / was);
        double coarse = at_lag(&race.coarse, name, i, slope), fine = at_lag(&race.fine, name, i, slope);
        rit_assert_near(coarse / here, 1.0, 0.01);
        rit_assert_near(extrapolated(coarse, fine) / here, 1.0, rest);
        compared++;
    }
    assert_true(compared > 20);
}

static void displacements_follow(void **state)
{
    (void)state;
    aging_follows("displacement", 0.0, 4e-4);
}

/* Between two lags Delta takes the mean of 1/Gamma at both, and D grows as t^2 first: the first lags are off
 * by more. */
static void delta_follows(void **state)
{
    (void)state;
    aging_follows("delta", 1.0, 1.5e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_and_cost_follows), cmocka_unit_test(learning_times_follow),
        cmocka_unit_test(displacements_follow), cmocka_unit_test(delta_follows)};
    return cmocka_run_group_tests(tests, have_raced, forget);
}
