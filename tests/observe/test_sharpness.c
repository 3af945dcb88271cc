/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lambda_max against closed forms, and against the whole Hessian of small nets by differences of the cost. */
#include "base/random.h"
#include "blocks.h"
#include "running.h"

#include <ritardando/observe.h>

#include <gsl/gsl_eigen.h>

extern const struct rit_observable rit_observable_sharpness;

struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    struct rit_scene scene;
    struct rit_arena net, state, work;
    double *w;
};

static void open_fixture(struct fixture *f, const struct setting *settings, struct rit_port in,
                         struct rit_port asked, double noise)
{
    *f = (struct fixture){0};
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "observe.sharpness", "true");
    rit_point_set(&f->point, "observe.sharpness-accuracy", "0.00001");
    set_all(&f->point, settings);
    f->block = rit_test_block(in, asked);
    const struct rit_model *model = rit_model_of(&f->point);
    assert_int_equal(model->layout(&f->point, in, asked, &f->layout, NULL), RIT_OK);
    assert_int_equal(rit_cost_open(&f->point, &f->block, &f->cost, NULL), RIT_OK);
    f->criterion = rit_cost_criterion(&f->cost);
    f->scene = (struct rit_scene){.point = &f->point,
                                  .layout = &f->layout,
                                  .block = &f->block,
                                  .model = model,
                                  .net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->net),
                                  .grid = {.first = 1.0, .per_decade = 1, .size = 1},
                                  .clock = rit_clock_of(&f->point),
                                  .edge = 2.0};
    f->w = calloc(f->layout.size, sizeof *f->w);
    model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++)
        f->w[i] += noise * rit_random_gauss(&random);
    if (model->retract && model->retract_period(&f->point) > 0)
        assert_true(model->retract(f->scene.net, f->w));
}

static void close_fixture(struct fixture *f)
{
    free(f->w);
    free(f->net.base);
    free(f->state.base);
    free(f->work.base);
    rit_test_free_block(&f->block);
}

/* What the observable finds at the fixture's weights. */
static struct rit_outcome observed(struct fixture *f)
{
    const struct rit_observable *sharpness = &rit_observable_sharpness;
    struct rit_arena state = {0}, work = {0};
    sharpness->open(&f->scene, &state, &work);
    f->state = rit_arena_new(state.used);
    f->work = rit_arena_new(work.used);
    void *self = sharpness->open(&f->scene, &f->state, &f->work);
    const struct rit_moment now = {.w = f->w, .w_before_retraction = f->w};
    f->scene.model->load(f->scene.net, f->w);
    sharpness->measure(self, &now, 0, 0.0);
    struct rit_outcome outcome = {.end = RIT_END_FINISHED};
    sharpness->finish(self, &now, &outcome);
    return outcome;
}

static double found(struct fixture *f)
{
    struct rit_outcome outcome = observed(f);
    double largest = values_of(&outcome, "sharpness")[0];
    assert_true(values_of(&outcome, "sharpness_residual")[0] <=
                rit_point_real(&f->point, "observe.sharpness-accuracy"));
    rit_outcome_release(&outcome);
    return largest;
}

static double largest_of(int n, double *a)
{
    gsl_matrix_view matrix = gsl_matrix_view_array(a, (size_t)n, (size_t)n);
    gsl_vector *value = gsl_vector_alloc((size_t)n);
    gsl_eigen_symm_workspace *space = gsl_eigen_symm_alloc((size_t)n);
    gsl_eigen_symm(&matrix.matrix, value, space);
    double largest = gsl_vector_max(value);
    gsl_eigen_symm_free(space);
    gsl_vector_free(value);
    return largest;
}

static const struct rit_port bits = {RIT_ROW_BITS, 5}, some = {RIT_ROW_BITS, 3}, reals = {RIT_ROW_REALS, 4},
                             numbers = {RIT_ROW_REALS, 2}, number = {RIT_ROW_REALS, 1};

/* Without hidden layer the squares have the Hessian <x x^T> for each output, at all weights. */
static void a_linear_net_has_the_moments_of_its_inputs(void **state)
{
    (void)state;
    static const struct setting linear[] = {{"model.name", "dense"}, {"model.precision", "float64"},
                                            {"model.depth", "0"},    {"model.biases", "false"},
                                            {"cost.name", "square"}, {0}};
    struct fixture f;
    open_fixture(&f, linear, reals, numbers, 1.0);
    double moment[16] = {0.0};
    for (int t = 0; t < f.block.pairs; t++)
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                moment[4 * i + j] +=
                    (double)f.block.in.real[4 * t + i] * (double)f.block.in.real[4 * t + j] / f.block.pairs;
    double wanted = largest_of(4, moment);
    rit_assert_near(found(&f), wanted, 2e-5 * wanted);
    close_fixture(&f);
}

/* y = k j x: the Hessian of <(k j x - s)^2>/2 in (j, k) is written down. */
static void two_linear_layers_have_a_hessian_that_changes(void **state)
{
    (void)state;
    static const struct setting linear[] = {{"model.name", "dense"},   {"model.precision", "float64"},
                                            {"model.depth", "1"},      {"model.width", "1"},
                                            {"model.biases", "false"}, {"model.activation", "identity"},
                                            {"cost.name", "square"},   {0}};
    struct fixture f;
    open_fixture(&f, linear, number, number, 1.0);
    assert_int_equal(f.layout.size, 2);
    double xx = 0.0, xs = 0.0, j = f.w[0], k = f.w[1];
    for (int t = 0; t < f.block.pairs; t++) {
        xx += (double)f.block.in.real[t] * (double)f.block.in.real[t] / f.block.pairs;
        xs += (double)f.block.in.real[t] * (double)f.block.asked.real[t] / f.block.pairs;
    }
    double hessian[] = {k * k * xx, 2 * k * j * xx - xs, 2 * k * j * xx - xs, j * j * xx};
    double wanted = largest_of(2, hessian);
    rit_assert_near(found(&f), wanted, 1e-4 * wanted);
    close_fixture(&f);
}

/* ---- the whole Hessian: second differences of the cost along curves on the group ---- */

/* The cost at w + h v, put back on the group. */
static double cost_at(struct fixture *f, double h, const double *v, bool retracts)
{
    size_t n = f->layout.size;
    double *w = malloc(n * sizeof *w);
    struct rit_pass pass;
    for (size_t i = 0; i < n; i++)
        w[i] = f->w[i] + h * v[i];
    if (retracts)
        assert_true(f->scene.model->retract(f->scene.net, w));
    f->scene.model->load(f->scene.net, w);
    f->scene.model->pass(f->scene.net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &f->criterion,
                         NULL, &pass);
    free(w);
    return pass.loss;
}

static double bend(struct fixture *f, const double *v, bool retracts)
{
    double h = 2e-4;
    return (cost_at(f, h, v, retracts) - 2.0 * cost_at(f, 0.0, v, retracts) + cost_at(f, -h, v, retracts)) /
           (h * h);
}

/* P applied to every unit vector, by where retraction puts w + h e: rows of `basis`. */
static void fill_basis(struct fixture *f, double *basis, bool retracts)
{
    size_t n = f->layout.size;
    double h = 1e-5;
    for (size_t i = 0; i < n; i++) {
        double *row = basis + i * n;
        for (int side = 1; side >= -1; side -= 2) {
            double *w = malloc(n * sizeof *w);
            memcpy(w, f->w, n * sizeof *w);
            w[i] += side * h;
            if (retracts)
                assert_true(f->scene.model->retract(f->scene.net, w));
            for (size_t k = 0; k < n; k++)
                row[k] = (side > 0 ? 0.0 : row[k]) + side * w[k] / (2 * h);
            free(w);
        }
    }
}

static double largest_by_costs(struct fixture *f)
{
    size_t n = f->layout.size;
    const struct rit_model *model = f->scene.model;
    bool retracts = model->retract && model->retract_period(&f->point) > 0;
    double *basis = calloc(n * n, sizeof *basis), *a = calloc(n * n, sizeof *a),
           *sum = calloc(n, sizeof *sum);
    fill_basis(f, basis, retracts);
    for (size_t i = 0; i < n; i++)
        a[i * n + i] = bend(f, basis + i * n, retracts);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            for (size_t k = 0; k < n; k++)
                sum[k] = basis[i * n + k] + basis[j * n + k];
            a[i * n + j] = a[j * n + i] = 0.5 * (bend(f, sum, retracts) - a[i * n + i] - a[j * n + j]);
        }
    double largest = largest_of((int)n, a);
    free(basis);
    free(a);
    free(sum);
    return largest;
}

static void check_whole(const char *model, const char *cost, struct rit_port in, struct rit_port asked)
{
    const struct setting small[] = {{"model.name", model}, {"cost.name", cost},
                                    {"model.depth", "2"},  {"model.precision", "float64"},
                                    {"model.width", "3"},  {0}};
    struct fixture f;
    open_fixture(&f, small, in, asked, 0.4);
    double wanted = largest_by_costs(&f);
    rit_assert_near(found(&f), wanted, 2e-4 * wanted);
    close_fixture(&f);
}

static void it_is_the_largest_of_the_whole_hessian(void **state)
{
    (void)state;
    for (int m = 0; rit_models[m]; m++) {
        check_whole(rit_models[m]->name, "nll", bits, some);
        check_whole(rit_models[m]->name, "square", reals, numbers);
    }
}

static void float32_agrees(void **state)
{
    (void)state;
    struct setting settings[] = {
        {"model.depth", "2"}, {"model.width", "8"}, {"model.precision", "float64"}, {0}};
    double value[2];
    for (int i = 0; i < 2; i++) {
        struct fixture f;
        settings[2].value = i == 0 ? "float64" : "float32";
        open_fixture(&f, settings, bits, some, 0.4);
        rit_point_set(&f.point, "observe.sharpness-accuracy", "0.001");
        value[i] = found(&f);
        close_fixture(&f);
    }
    rit_assert_near(value[1], value[0], 1e-3 * value[0]);
}

/* ---- the edge ---- */

static const struct setting short_run[] = {{"observe.sharpness", "true"},
                                           {"stop.tau", "3"},
                                           {"stop.when-learned", "false"},
                                           {"observe.per-decade", "4"},
                                           {0}};

static struct rit_outcome run_at(const char *rule, const char *eta)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, short_run);
    rit_point_set(&point, "rule.name", rule);
    rit_point_set(&point, "rule.eta", eta);
    struct rit_outcome outcome = run_whole(&point, &block);
    rit_block_release(&block);
    return outcome;
}

static void the_edge_is_told_by_the_rule(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *eta;
        double edge;
        bool beyond;
    } cases[] = {{"sgd", "0.001", 2.0, false},
                 {"sgd", "0.5", 2.0, true},
                 {"momentum", "0.001", 2.0 * 1.9, false},
                 {"midpoint", "0.5", 2.0, true},
                 {"adam", "0.01", NAN, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rit_outcome outcome = run_at(cases[i].rule, cases[i].eta);
        double edge = values_of(&outcome, "edge")[0], tau = values_of(&outcome, "edge_tau")[0];
        assert_true(isnan(cases[i].edge) ? isnan(edge) : fabs(edge - cases[i].edge) < 1e-12);
        assert_int_equal(isfinite(tau), cases[i].beyond);
        const double *sharpness = values_of(&outcome, "sharpness"),
                     *stability = values_of(&outcome, "stability");
        rit_assert_near(stability[0], strtod(cases[i].eta, NULL) * sharpness[0], 1e-12);
        rit_outcome_release(&outcome);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_linear_net_has_the_moments_of_its_inputs),
        cmocka_unit_test(two_linear_layers_have_a_hessian_that_changes),
        cmocka_unit_test(it_is_the_largest_of_the_whole_hessian),
        cmocka_unit_test(float32_agrees),
        cmocka_unit_test(the_edge_is_told_by_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
