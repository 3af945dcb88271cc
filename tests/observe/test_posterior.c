/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Posteriors of infinite width against check values, against each other, and against ensembles that are
 * trained. */
#include "circle.h"
#include "functions.h"
#include "running.h"

#include <math.h>

/* Five points trained on, three not, one layer of erf, x_1 x_2. */
static const double trained_at[] = {0.2, 0.9, 1.7, 2.6, 3.3}, other_at[] = {0.5, 2.1, 4.6};

struct example {
    struct circle circle, test;
    struct rit_point point;
};

static void make_example(struct example *e, const struct setting *settings)
{
    make_circle(&e->circle, 5, trained_at);
    make_circle(&e->test, 3, other_at);
    e->circle.block.held_out = &e->test.block;
    e->test.block.trained = &e->circle.block;
    set_circle(&e->point, (const struct setting[]){{"model.depth", "1"},
                                                   {"rule.name", "flow"},
                                                   {"rule.tolerance", "1e-6"},
                                                   {"data.test", "3"},
                                                   {"stop.tau", "5"},
                                                   {"observe.posterior", "true"},
                                                   {"observe.posterior-times", "[1, 5]"},
                                                   {0}});
    set_all(&e->point, settings);
}

/* Values of the three points, at noise or time i. */
static void assert_values(const struct rit_outcome *outcome, const char *name, int i, const double *wanted,
                          double bound)
{
    const struct rit_variable *v = rit_outcome_find(outcome, name);
    assert_non_null(v);
    assert_int_equal(v->length[1], 8);
    for (int p = 0; p < 3; p++)
        rit_assert_near(v->data[i * 8 + 5 + p], wanted[p], bound);
}

static void check_values(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int i;
        double value[3];
    } known[] = {
        {"nngp_mean", 0, {.61576317, -.91577462, .40250011}},
        {"nngp_variance", 0, {.01460825, .03118518, .19515875}},
        {"nngp_mean", 1, {.60998404, -.86200085, .39992452}},
        {"nngp_variance", 1, {.02091133, .03980435, .21583729}},
        {"ntk_gp_mean", 0, {.63762643, -.8152227, .21831897}},
        {"ntk_gp_variance", 0, {.13208545, .26703194, .97161672}},
        {"ntk_gp_mean", 1, {.6343792, -.80586014, .2147104}},
        {"ntk_gp_variance", 1, {.13839726, .27474312, .98229546}},
        {"anchored_mean", 1, {.6343792, -.80586014, .2147104}},
        {"anchored_variance", 1, {.0213886, .0402869, .27274418}},
        {"ensemble_mean", 0, {.36352433, -.22257561, -.02429152}},
        {"ensemble_variance", 0, {.13617213, .21051842, .68471018}},
        {"ensemble_mean", 1, {.53808912, -.49893658, .0863558}},
        {"ensemble_variance", 1, {.02788117, .04921841, .4328041}},
        {"ensemble_mean", 2, {.63762643, -.8152227, .21831897}},
        {"ensemble_variance", 2, {.0151539, .032386, .25876287}},
    };
    struct example e;
    make_example(&e, (const struct setting[]){{0}});
    struct rit_outcome outcome = run_whole(&e.point, &e.circle.block);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) /* targets are floats: 6e-8 */
        assert_values(&outcome, known[i].name, known[i].i, known[i].value,
                      strstr(known[i].name, "mean") ? 1.5e-7 : 6e-9);
    const struct rit_variable *pair = rit_outcome_find(&outcome, "posterior_pair"),
                              *out = rit_outcome_find(&outcome, "posterior_held_out"),
                              *time = rit_outcome_find(&outcome, "posterior_time"),
                              *error = rit_outcome_find(&outcome, "ensemble_error");
    assert_true(pair->data[4] == 4 && pair->data[5] == 0 && out->data[4] == 0 && out->data[5] == 1);
    assert_true(time->count == 3 && time->data[1] == 5 && isinf(time->data[2]));
    assert_true(rit_outcome_find(&outcome, "ntk_gp_rank")->data[0] == 5);
    assert_true(error->data[4] < 1e-9); /* without noise the targets are met at last */
    double loss = rit_outcome_find(&outcome, "nll_last")->data[0];
    char time_of_loss[40];
    snprintf(time_of_loss, sizeof time_of_loss, "[%.17g]",
             rit_outcome_find(&outcome, "nll_last_tau")->data[0]);
    rit_outcome_release(&outcome);
    /* The mean of ensembles is the function that begins with the mean: what the run has trained. */
    make_example(&e, (const struct setting[]){{"observe.posterior-times", time_of_loss}, {0}});
    outcome = run_whole(&e.point, &e.circle.block);
    error = rit_outcome_find(&outcome, "ensemble_error");
    rit_assert_near(error->data[0] * error->data[0], loss, 3e-5 * loss);
    rit_outcome_release(&outcome);
}

/* cov NNGP <= cov ensemble <= cov NTK-GP, of chords with equal pasts among them, where kernels lose rank. */
static void variances_are_ordered(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"limit.name", "tangent"},
                                              {"model.parametrisation", "ntk"},
                                              {"model.recurrent-init", "haar"},
                                              {"model.readout-init", "gaussian"},
                                              {"model.orthogonal", "none"},
                                              {"cost.name", "square"},
                                              {"data.chorales", "2"},
                                              {"data.test", "2"},
                                              {"stop.tau", "0.2"},
                                              {"observe.posterior", "true"},
                                              {"observe.posterior-noise", "[0, 0.1, 10]"},
                                              {"observe.posterior-pairs", "1000"},
                                              {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    struct rit_outcome outcome = run_whole(&point, &block);
    const struct rit_variable *nngp = rit_outcome_find(&outcome, "nngp_variance"),
                              *ntk = rit_outcome_find(&outcome, "ntk_gp_variance"),
                              *ensemble = rit_outcome_find(&outcome, "ensemble_variance"),
                              *anchored = rit_outcome_find(&outcome, "anchored_variance");
    size_t rows = nngp->length[1];
    assert_int_equal(rows, block.pairs + block.held_out->pairs);
    for (size_t r = 0; r < rows; r++) {
        double last = ensemble->data[3 * rows + r];
        assert_true(nngp->data[r] <= last + 1e-7 && last <= ntk->data[r] + 1e-7);
        assert_true((int)r >= block.pairs ||
                    ntk->data[r] < 1e-6); /* nothing is open where there is no noise */
        for (int i = 0; i < 3; i++) {     /* noise leaves more open, and less is gained by training less */
            assert_true(i == 0 ||
                        nngp->data[(size_t)i * rows + r] >= nngp->data[(size_t)(i - 1) * rows + r] - 1e-9);
            assert_true(anchored->data[(size_t)i * rows + r] >= nngp->data[(size_t)i * rows + r] - 1e-7);
        }
    }
    const struct rit_variable *error = rit_outcome_find(&outcome, "ensemble_error");
    for (int i = 1; i < 4; i++)
        assert_true(error->data[2 * i] < error->data[2 * (i - 1)]); /* of what is trained on */
    rit_outcome_release(&outcome);
    rit_block_release(&block);
}

/* Functions drawn from the process and trained to tau = 5: mean and variance of many within four errors. */
static void ensembles_are_what_is_trained(void **state)
{
    (void)state;
    static const double mean[] = {.53808912, -.49893658, .0863558},
                        variance[] = {.02788117, .04921841, .4328041};
    enum { SEEDS = 60 };
    double sum[3] = {0.0}, squares[3] = {0.0};
    struct example e;
    for (int s = 0; s < SEEDS; s++) {
        char seed[8];
        double f[3];
        snprintf(seed, sizeof seed, "%d", s + 1);
        make_example(&e, (const struct setting[]){
                             {"limit.start", "drawn"}, {"seed", seed}, {"observe.posterior", "false"}, {0}});
        trained_functions(&e.point, &e.circle.block, &e.test.block, f);
        for (int p = 0; p < 3; p++) {
            sum[p] += f[p] / SEEDS;
            squares[p] += (f[p] - mean[p]) * (f[p] - mean[p]) / SEEDS;
        }
    }
    for (int p = 0; p < 3; p++) {
        rit_assert_near(sum[p], mean[p], 4.0 * sqrt(variance[p] / SEEDS));
        rit_assert_near(squares[p], variance[p], 4.0 * variance[p] * sqrt(2.0 / SEEDS));
    }
}

static void what_is_refused(void **state)
{
    (void)state;
    struct example e;
    struct rit_error err;
    make_example(&e, (const struct setting[]){{0}});
    assert_int_equal(rit_run_check(&e.point, &e.circle.block, &err), RIT_OK);
    rit_point_set(&e.point, "cost.name", "logistic");
    assert_int_equal(rit_run_check(&e.point, &e.circle.block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.posterior"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_values),
        cmocka_unit_test(variances_are_ordered),
        cmocka_unit_test(ensembles_are_what_is_trained),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
