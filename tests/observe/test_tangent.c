/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tangent kernel against finite differences, known values, and an eigensolver of another house. */
#include "base/exact.h"
#include "blocks.h"
#include "observe/tangent/spectrum.h"
#include "running.h"
#include "slope/jacobian.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_sort_vector.h>

/* A net with random weights on a block of random rows, and the Jacobian of some of its outputs. */
struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_arena arena, work;
    struct rit_scene scene;
    struct rit_jacobian jacobian;
    double *w, *f, *other;
};

enum { PAIRS = 6, OUTPUTS = 3, ROWS = PAIRS * OUTPUTS };

static void open_fixture(struct fixture *f, const char *model, const char *precision, struct rit_port in,
                         struct rit_port asked, double noise)
{
    struct rit_error err;
    *f = (struct fixture){0};
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.name", model);
    rit_point_set(&f->point, "model.width", "5");
    rit_point_set(&f->point, "model.precision", precision);
    f->block = rit_test_block(in, asked);
    f->scene = (struct rit_scene){
        .point = &f->point, .layout = &f->layout, .block = &f->block, .model = rit_model_of(&f->point)};
    assert_int_equal(f->scene.model->layout(&f->point, in, asked, &f->layout, &err), RIT_OK);
    f->scene.net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    struct rit_arena measure = {0};
    rit_jacobian_open(&f->scene, PAIRS, OUTPUTS, &measure);
    f->work = rit_arena_new(measure.used);
    f->jacobian = rit_jacobian_open(&f->scene, PAIRS, OUTPUTS, &f->work);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->f = calloc(ROWS, sizeof *f->f);
    f->other = calloc(ROWS, sizeof *f->other);
    f->scene.model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++)
        f->w[i] += noise * rit_random_gauss(&random);
}

static void close_fixture(struct fixture *f)
{
    free(f->w);
    free(f->f);
    free(f->other);
    free(f->arena.base);
    free(f->work.base);
    rit_test_free_block(&f->block);
}

static const struct rit_port bits = {RIT_ROW_BITS, 6}, reals = {RIT_ROW_REALS, 3};

/* The chosen outputs at other weights. */
static void outputs_at(struct fixture *f, const double *w, double *y)
{
    rit_jacobian_fill(&f->jacobian, w, y);
}

static void check_differences(const char *model, struct rit_port in, struct rit_port asked)
{
    struct fixture f;
    open_fixture(&f, model, "float64", in, asked, 0.2);
    outputs_at(&f, f.w, f.f);
    size_t n = f.layout.size;
    double *row = malloc(sizeof *row * ROWS * n), above[ROWS], below[ROWS], h = 1e-5;
    memcpy(row, f.jacobian.row, sizeof *row * ROWS * n);
    for (size_t i = 0; i < n; i++) {
        double keep = f.w[i];
        f.w[i] = keep + h;
        outputs_at(&f, f.w, above);
        f.w[i] = keep - h;
        outputs_at(&f, f.w, below);
        f.w[i] = keep;
        for (int r = 0; r < ROWS; r++)
            rit_assert_near(row[(size_t)r * n + i], (above[r] - below[r]) / (2 * h), 1e-6);
    }
    free(row);
    close_fixture(&f);
}

static void rows_are_finite_differences(void **state)
{
    (void)state;
    for (int m = 0; rit_models[m]; m++) {
        struct rit_port few = {RIT_ROW_BITS, 5}; /* as many as units, which a circuit needs */
        check_differences(rit_models[m]->name, few, few);
        check_differences(rit_models[m]->name, reals, reals);
    }
}

static void float32_agrees(void **state)
{
    (void)state;
    struct fixture a, b;
    open_fixture(&a, "layered-tanh", "float64", bits, bits, 0.2);
    open_fixture(&b, "layered-tanh", "float32", bits, bits, 0.2);
    outputs_at(&a, a.w, a.f);
    outputs_at(&b, b.w, b.f);
    for (int r = 0; r < ROWS; r++)
        rit_assert_near(b.f[r], a.f[r], 1e-5);
    for (size_t i = 0; i < ROWS * a.layout.size; i++)
        rit_assert_near(b.jacobian.row[i], a.jacobian.row[i], 1e-5);
    close_fixture(&a);
    close_fixture(&b);
}

/* States of the one hidden layer, by the formula; mu [T][5]. */
static void states_of(const struct fixture *f, double *mu)
{
    const struct rit_block *block = &f->block;
    const double *j = f->w + f->layout.block[0].offset, *m = f->w + f->layout.block[1].offset;
    double off = (0.0 - block->mean) / block->deviation, on = (1.0 - block->mean) / block->deviation;
    for (int c = 0; c < block->sequences; c++)
        for (int t = block->start[c]; t < block->start[c + 1]; t++)
            for (int a = 0; a < 5; a++) {
                double sum = 0.0;
                for (int i = 0; i < 6; i++)
                    sum += j[a * 6 + i] * rit_rows_value(&block->in, t, i, off, on);
                for (int b = 0; t > block->start[c] && b < 5; b++)
                    sum += m[a * 5 + b] * mu[(t - 1) * 5 + b];
                mu[t * 5 + a] = rit_tanh(sum);
            }
}

/* As long as the read-out is zero: 1 + mu.mu' + x.x' for two outputs of one unit, 0 of two. */
static void layered_starts_as_it_must(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, "layered-tanh", "float64", bits, bits, 0.0);
    const struct rit_block *block = &f.block;
    double off = (0.0 - block->mean) / block->deviation, on = (1.0 - block->mean) / block->deviation;
    double mu[RIT_TEST_PAIRS * 5], *theta = calloc(ROWS * (size_t)f.jacobian.ld, sizeof *theta);
    states_of(&f, mu);
    outputs_at(&f, f.w, f.f);
    rit_jacobian_kernel(&f.jacobian, theta);
    for (int r = 0; r < ROWS; r++)
        for (int q = 0; q < ROWS; q++) {
            int t = rit_jacobian_pair(&f.jacobian, r), s = rit_jacobian_pair(&f.jacobian, q);
            double wanted = 1.0;
            for (int a = 0; a < 5; a++)
                wanted += mu[t * 5 + a] * mu[s * 5 + a];
            for (int i = 0; i < 6; i++)
                wanted +=
                    rit_rows_value(&block->in, t, i, off, on) * rit_rows_value(&block->in, s, i, off, on);
            bool same = rit_jacobian_unit(&f.jacobian, r) == rit_jacobian_unit(&f.jacobian, q);
            rit_assert_near(theta[r * f.jacobian.ld + q], same ? wanted : 0.0, 1e-12);
            assert_true(theta[r * f.jacobian.ld + q] == theta[q * f.jacobian.ld + r]);
        }
    free(theta);
    close_fixture(&f);
}

/* The estimate of the trace over the whole block is within its error of the sum over all rows. */
static void probes_tell_the_trace(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, "layered-tanh", "float64", bits, bits, 0.3);
    struct rit_arena measure = {0};
    rit_jacobian_open(&f.scene, 1000, 1000, &measure);
    struct rit_arena work = rit_arena_new(measure.used);
    struct rit_jacobian all = rit_jacobian_open(&f.scene, 1000, 1000, &work);
    assert_int_equal(all.rows, RIT_TEST_PAIRS * 6);
    double *y = calloc((size_t)all.rows, sizeof *y), *g = calloc(f.layout.size, sizeof *g), sum = 0.0;
    rit_jacobian_fill(&all, f.w, y);
    for (size_t i = 0; i < (size_t)all.rows * f.layout.size; i++)
        sum += all.row[i] * all.row[i] / all.rows;
    double estimate = rit_jacobian_trace(&f.scene, 1000, g);
    rit_assert_near(estimate, sum, 0.03 * sum);
    assert_true(estimate == rit_jacobian_trace(&f.scene, 1000, g));
    free(y);
    free(g);
    free(work.base);
    close_fixture(&f);
}

static void eigenvalues_are_those_of_gsl(void **state)
{
    (void)state;
    struct fixture f;
    double value[40], work[40];
    open_fixture(&f, "gru", "float64", reals, reals, 0.2);
    double *theta = calloc(ROWS * (size_t)f.jacobian.ld, sizeof *theta), trace = 0.0, sum = 0.0;
    outputs_at(&f, f.w, f.f);
    rit_jacobian_kernel(&f.jacobian, theta);
    gsl_matrix *a = gsl_matrix_alloc(ROWS, ROWS);
    gsl_vector *wanted = gsl_vector_alloc(ROWS);
    gsl_eigen_symm_workspace *space = gsl_eigen_symm_alloc(ROWS);
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < ROWS; k++)
            gsl_matrix_set(a, (size_t)i, (size_t)k, theta[i * f.jacobian.ld + k]);
    gsl_eigen_symm(a, wanted, space);
    gsl_sort_vector(wanted);
    for (int i = 0; i < ROWS; i++)
        trace += theta[i * f.jacobian.ld + i];
    assert_true(rit_eigenvalues(ROWS, theta, f.jacobian.ld, value, work));
    for (int i = 0; i < ROWS; i++) {
        rit_assert_near(value[i], gsl_vector_get(wanted, (size_t)(ROWS - 1 - i)), 1e-13 * trace);
        assert_true(value[i] > -1e-13 * trace);
        sum += value[i];
    }
    rit_assert_near(sum, trace, 1e-13 * trace);
    gsl_matrix_free(a);
    gsl_vector_free(wanted);
    gsl_eigen_symm_free(space);
    free(theta);
    close_fixture(&f);
}

/* Matrices that are their own answer, or have none. */
static void simple_spectra(void **state)
{
    (void)state;
    double value[3], work[3], zero[9] = {0}, diagonal[9] = {2, 0, 0, 0, 5, 0, 0, 0, -1},
                              ones[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, bad[9] = {1, 0, 0, NAN, 1, 0, 0, 0, 1};
    assert_true(rit_eigenvalues(3, zero, 3, value, work));
    assert_true(value[0] == 0.0 && value[2] == 0.0);
    assert_true(rit_eigenvalues(3, diagonal, 3, value, work));
    assert_true(value[0] == 5.0 && value[1] == 2.0 && value[2] == -1.0);
    assert_true(rit_eigenvalues(3, ones, 3, value, work));
    rit_assert_near(value[0], 3.0, 1e-14);
    rit_assert_near(value[2], 0.0, 1e-14);
    assert_false(rit_eigenvalues(3, bad, 3, value, work));
    assert_true(rit_eigenvalues(1, (double[]){7.0}, 1, value, work));
    assert_true(value[0] == 7.0);
}

/* Of a kernel that loses rank most eigenvalues are less than the rounding of the largest: they are found all
 * the same. */
static void a_spectrum_that_vanishes(void **state)
{
    (void)state;
    enum { SIDE = 300 };
    static double a[SIDE * SIDE], value[SIDE], work[SIDE];
    double trace = 0.0, sum = 0.0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            a[i * SIDE + j] = 1e3 * (cos(0.7 * (i - j)) + 0.3 * cos(1.9 * (i - j)) + 0.1);
    for (int i = 0; i < SIDE; i++)
        trace += a[i * SIDE + i];
    assert_true(rit_eigenvalues(SIDE, a, SIDE, value, work));
    for (int i = 0; i < SIDE; i++) {
        sum += value[i];
        assert_true(i < 5 ? value[i] > 1e3 : fabs(value[i]) < 1e-12 * value[0]);
    }
    rit_assert_near(sum, trace, 1e-12 * trace);
}

/* ---- along runs ---- */

#define TANGENT                                                                                              \
    {"observe.tangent", "true"},                                                                             \
    {                                                                                                        \
        "observe.tangent-pairs", "8"                                                                         \
    }

static struct rit_outcome run_of(const struct setting *settings)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    struct rit_outcome outcome = run_whole(&point, &block);
    rit_block_release(&block);
    return outcome;
}

/* The last value that is there. */
static double last_of(const struct rit_outcome *outcome, const char *name)
{
    const struct rit_variable *v = rit_outcome_find(outcome, name);
    assert_non_null(v);
    double last = NAN;
    for (size_t i = 0; i < v->count; i++)
        if (!isnan(v->data[i]))
            last = v->data[i];
    return last;
}

static void a_linear_model_stays_itself(void **state)
{
    (void)state;
    struct rit_outcome outcome = run_of((const struct setting[]){{"model.name", "dense"},
                                                                 {"model.depth", "0"},
                                                                 {"model.precision", "float64"},
                                                                 {"model.activation", "identity"},
                                                                 {"observe.learning-time", "false"},
                                                                 {"stop.tau", "2"},
                                                                 TANGENT,
                                                                 {0}});
    const struct rit_variable *drift = rit_outcome_find(&outcome, "tangent_drift"),
                              *error = rit_outcome_find(&outcome, "tangent_linearisation");
    for (size_t i = 0; i < drift->count; i++) {
        assert_false(drift->data[i] > 1e-14);
        assert_false(error->data[i] > 1e-10);
    }
    assert_true(drift->data[0] == 0.0 && isnan(error->data[0]));
    assert_true(last_of(&outcome, "tangent_outputs_moved") > 0.01);
    rit_outcome_release(&outcome);
}

/* Wide networks stay near their start: the mean drift of three seeds falls with the width. */
static void wide_networks_drift_less(void **state)
{
    (void)state;
    static const char *const widths[] = {"4", "16", "64"}, *const seeds[] = {"1", "2", "3"};
    double before = INFINITY, error_before = INFINITY;
    for (int i = 0; i < 3; i++) {
        double drift = 0.0, error = 0.0;
        for (int s = 0; s < 3; s++) {
            struct rit_outcome outcome = run_of((const struct setting[]){{"model.name", "dense"},
                                                                         {"model.parametrisation", "ntk"},
                                                                         {"model.width", widths[i]},
                                                                         {"seed", seeds[s]},
                                                                         {"data.source", "patterns"},
                                                                         {"task.name", "classify"},
                                                                         {"data.chorales", "12"},
                                                                         {"cost.name", "square"},
                                                                         {"stop.tau", "10"},
                                                                         {"observe.per-decade", "4"},
                                                                         TANGENT,
                                                                         {0}});
            drift += last_of(&outcome, "tangent_drift") / 3;
            error += last_of(&outcome, "tangent_linearisation") / 3;
            rit_outcome_release(&outcome);
        }
        assert_true(drift < before && error < error_before);
        before = drift;
        error_before = error;
    }
}

/*
 * The kernel at the start comes near that of infinite width, by N^(-1/2) in the mean square of the seeds, and
 * training takes it away from there; at infinite width it is that kernel.
 */
static void wide_networks_are_near_the_limit(void **state)
{
    (void)state;
    static const char *const widths[] = {"8", "128"}, *const seeds[] = {"1", "2", "3", "4"};
    double start[2] = {0.0, 0.0};
    struct rit_outcome outcome;
#define RECURRENT                                                                                            \
    {"model.parametrisation", "ntk"}, {"model.recurrent-init", "haar"}, {"model.readout-init", "gaussian"},  \
        {"model.orthogonal", "none"}, {"data.chorales", "2"}, {"stop.tau", "1"}, TANGENT
    for (int i = 0; i < 2; i++)
        for (int s = 0; s < 4; s++) {
            outcome = run_of(
                (const struct setting[]){{"model.width", widths[i]}, {"seed", seeds[s]}, RECURRENT, {0}});
            double at_start = rit_outcome_find(&outcome, "tangent_distance")->data[0];
            assert_true(at_start > 0.0 && last_of(&outcome, "tangent_distance") != at_start);
            start[i] += at_start * at_start / 4;
            rit_outcome_release(&outcome);
        }
    double power = log(start[0] / start[1]) / 2.0 / log(16.0);
    assert_true(power > 0.35 && power < 0.65);
    outcome = run_of((const struct setting[]){{"limit.name", "tangent"}, RECURRENT, {0}});
    assert_true(last_of(&outcome, "tangent_distance") < 1e-9);
    rit_outcome_release(&outcome);
    outcome = run_of((const struct setting[]){{"stop.tau", "1"}, TANGENT, {0}});
    assert_null(rit_outcome_find(&outcome, "tangent_distance")); /* a read-out from zero has no limit */
    rit_outcome_release(&outcome);
}

/* The same however a run is cut into pieces; and what was trained does not depend on being looked at. */
static void kills_and_looks_change_nothing(void **state)
{
    (void)state;
    static const char *const precisions[] = {"float32", "float64"};
    for (int i = 0; i < 2; i++) {
        const struct setting settings[] = {{"batch.kind", "chorales"},
                                           {"batch.size", "2"},
                                           {"model.precision", precisions[i]},
                                           {"stop.tau", "2"},
                                           {"model.depth", "2"},
                                           {"observe.tangent", "true"},
                                           {"observe.tangent-pairs", "3"},
                                           {"data.chorales", "3"},
                                           {"observe.tangent-per-decade", "5"},
                                           {0}};
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block, settings);
        struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 11);
        rit_point_set(&point, "observe.tangent", "false");
        struct rit_outcome blind = run_whole(&point, &block);
        const struct rit_variable *nll = rit_outcome_find(&blind, "nll");
        assert_memory_equal(nll->data, values_of(&whole, "nll"), nll->count * sizeof *nll->data);
        assert_same(&whole, &pieces);
        rit_outcome_release(&blind);
        rit_block_release(&block);
    }
}

/* A measurement is made at the first grid time of its place that a step reaches. */
static void the_coarse_grid_lies_in_the_common_one(void **state)
{
    (void)state;
    struct rit_outcome outcome =
        run_of((const struct setting[]){{"stop.tau", "4"}, {"observe.per-decade", "10"}, TANGENT, {0}});
    const struct rit_variable *place = rit_outcome_find(&outcome, "tangent_tau"),
                              *at = rit_outcome_find(&outcome, "tangent_at"),
                              *common = rit_outcome_find(&outcome, "grid_tau");
    assert_true(at->data[0] == 0.0 && place->count > 5);
    for (size_t j = 0; j < place->count; j++) {
        bool found = false;
        for (size_t k = 0; k < common->count; k++)
            found = found || common->data[k] == place->data[j];
        assert_true(found);
        assert_false(at->data[j] < place->data[j] * (1 - 1e-9));
    }
    assert_true(at->data[place->count - 1] > 0.0);
    rit_outcome_release(&outcome);
}

static void refused(const struct setting *settings, const char *sentence)
{
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    make_point(&point, &block, settings);
    assert_null(rit_run_new(&point, &block, &err));
    if (!strstr(err.text, sentence))
        fail_msg("%s", err.text);
    rit_block_release(&block);
}

static void absurd_kernels_are_refused(void **state)
{
    (void)state;
    refused(
        (const struct setting[]){
            TANGENT, {"observe.tangent-pairs", "1000"}, {"observe.tangent-outputs", "50"}, {0}},
        "observe.tangent-pairs: 1000 pairs with 50 outputs each are a kernel of 50000 rows, but at most "
        "4096");
    refused(
        (const struct setting[]){TANGENT, {"observe.tangent-per-decade", "33"}, {0}},
        "observe.tangent-per-decade: 33 measurements per decade, but the common grid observe.per-decade has "
        "only 32");
}

/* What measurements cost is in the forecast. */
static void the_forecast_knows_the_cost(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, (const struct setting[]){TANGENT, {0}});
    double with = rit_run_price(&point, &block);
    rit_point_set(&point, "observe.tangent", "false");
    assert_true(with > 1.2 * rit_run_price(&point, &block));
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_finite_differences),
        cmocka_unit_test(float32_agrees),
        cmocka_unit_test(layered_starts_as_it_must),
        cmocka_unit_test(probes_tell_the_trace),
        cmocka_unit_test(eigenvalues_are_those_of_gsl),
        cmocka_unit_test(simple_spectra),
        cmocka_unit_test(a_spectrum_that_vanishes),
        cmocka_unit_test(a_linear_model_stays_itself),
        cmocka_unit_test(wide_networks_drift_less),
        cmocka_unit_test(wide_networks_are_near_the_limit),
        cmocka_unit_test(kills_and_looks_change_nothing),
        cmocka_unit_test(the_coarse_grid_lies_in_the_common_one),
        cmocka_unit_test(absurd_kernels_are_refused),
        cmocka_unit_test(the_forecast_knows_the_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
