/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fluctuations of wide networks: known numbers to all their digits, closed forms, and networks that are
 * drawn. */
#include "points.h"

#include "kernel/average.h"

#include <math.h>

static struct rit_outcome tell(struct rit_point *point, const struct rit_block *block, const char *limit,
                               const char *draws, const char *pairs)
{
    rit_point_set(point, "limit.name", limit);
    rit_point_set(point, "limit.pairs", pairs);
    if (draws)
        rit_point_set(point, "limit.draws", draws);
    return run_whole(point, block);
}

/* ---- one input, erf: K, V and 3 V / K^2 ---- */

static void test_one_input(void **state)
{
    (void)state;
    static const double known[3][3] = {{.61449829, .24621923, 1.95614869},
                                       {.55768149, .27690806, 2.67106457},
                                       {.53035071, .28313832, 3.01990720}};
    for (int depth = 1; depth <= 3; depth++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, "erf", depth, 20, 1.5, 0.0);
        struct rit_outcome outcome = tell(&point, &two.block, "cumulants", NULL, "1");
        rit_assert_near(values_of(&outcome, "start_kernel_infinite")[0], known[depth - 1][0], 6e-9);
        rit_assert_near(values_of(&outcome, "start_kernel_vertex")[0], known[depth - 1][1], 6e-9);
        rit_assert_near(20.0 * values_of(&outcome, "start_output_kurtosis")[0], known[depth - 1][2],
                        5e-8); /* found from what is rounded above */
        rit_assert_near(20.0 * values_of(&outcome, "start_kernel_covariance")[0], known[depth - 1][1], 6e-9);
        rit_outcome_release(&outcome);
    }
}

/* ---- the tangent kernel of one hidden layer ---- */

static void test_tangent_kernel(void **state)
{
    (void)state;
    static const struct {
        const char *activation;
        double mean, variance;
    } known[] = {
        {"erf", .8022900836, .674224836}, {"tanh", .6954069592, .456407587}, {"identity", 1.525, 3.14859375}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct points two;
        struct rit_point point;
        make_two(&two);
        set_dense(&point, known[i].activation, 1, 8, 1.5, 0.1);
        struct rit_outcome outcome = tell(&point, &two.block, "cumulants", NULL, "2");
        rit_assert_near(values_of(&outcome, "start_tangent_mean")[1], known[i].mean,
                        3e-8); /* of float rows */
        rit_assert_near(8.0 * values_of(&outcome, "start_tangent_variance")[1], known[i].variance, 3e-7);
        rit_outcome_release(&outcome);
    }
}

/* ---- linear networks: V^L is a sum over layers of K_13 K_24 + K_14 K_23 ---- */

static void test_identity(void **state)
{
    (void)state;
    struct points ring;
    struct rit_point point;
    make_ring(&ring, 8);
    set_dense(&point, "identity", 3, 10, 1.0, 0.0);
    struct rit_outcome outcome = tell(&point, &ring.block, "cumulants", NULL, "4");
    const double *k = values_of(&outcome, "start_kernel_infinite"),
                 *v = values_of(&outcome, "start_kernel_vertex"),
                 *row = values_of(&outcome, "start_entry_row"),
                 *column = values_of(&outcome, "start_entry_column"),
                 *c = values_of(&outcome, "start_kernel_correction");
    int at[4][4];
    for (int e = 0; e < 10; e++)
        at[(int)row[e]][(int)column[e]] = at[(int)column[e]][(int)row[e]] = e;
    for (int a = 0; a < 10; a++)
        for (int b = 0; b < 10; b++) {
            int i = (int)row[a], j = (int)column[a], m = (int)row[b], n = (int)column[b];
            rit_assert_near(v[a * 10 + b], 3.0 * (k[at[i][m]] * k[at[j][n]] + k[at[i][n]] * k[at[j][m]]),
                            1e-12);
        }
    for (int a = 0; a < 10; a++)
        rit_assert_near(c[a], 0.0, 1e-15);
    rit_outcome_release(&outcome);
}

/* ---- averages that are closed, and Wick's theorem for small inputs ---- */

static void test_averages(void **state)
{
    (void)state;
    static const double k[4][4] = {
        {0.9, 0.3, -0.2, 0.1}, {0.3, 1.1, 0.4, 0.2}, {-0.2, 0.4, 0.8, -0.3}, {0.1, 0.2, -0.3, 1.2}};
    struct rit_product product = {.inputs = 4};
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        rit_product_add(&product, i, 0);
        for (int j = 0; j < 4; j++)
            product.k[i][j] = k[i][j];
    }
    for (int sign = 0; sign < 8; sign++) { /* sin a sin b sin c sin d is a sum of cosines of +-a+-b+-c+-d */
        double s[4] = {1.0, sign & 1 ? -1.0 : 1.0, sign & 2 ? -1.0 : 1.0, sign & 4 ? -1.0 : 1.0}, q = 0.0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                q += s[i] * s[j] * k[i][j];
        sum += s[1] * s[2] * s[3] * exp(-0.5 * q) / 8.0;
    }
    rit_assert_near(rit_average(RIT_SIN, &product), sum, 1e-11);
    /* 16 orthants: relu(u) - relu(-u) = u */
    double odd = 0.0;
    for (int sign = 0; sign < 16; sign++) {
        struct rit_product turned = product;
        double s[4];
        for (int i = 0; i < 4; i++)
            s[i] = sign >> i & 1 ? -1.0 : 1.0;
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                turned.k[i][j] = s[i] * s[j] * k[i][j];
        odd += s[0] * s[1] * s[2] * s[3] * rit_average(RIT_RELU, &turned);
    }
    rit_assert_near(odd, k[0][1] * k[2][3] + k[0][2] * k[1][3] + k[0][3] * k[1][2], 1e-8);
    rit_assert_near(rit_average(RIT_IDENTITY, &product), odd, 1e-8);
    /* < relu(u)^2 relu(v)^2 > of two inputs of variance one and correlation 1/2 */
    struct rit_product two = {.inputs = 2, .k = {{1.0, 0.5}, {0.5, 1.0}}, .power = {{2}, {2}}};
    double angle = M_PI / 3.0;
    rit_assert_near(rit_average(RIT_RELU, &two),
                    (3.0 * sin(angle) * cos(angle) + (M_PI - angle) * (1.0 + 2.0 * 0.25)) / (2.0 * M_PI),
                    1e-10);
    two.k[0][1] = two.k[1][0] = 1.0;
    assert_true(isnan(rit_average(RIT_RELU, &two)));
}

/* Derivatives of Phi against differences. */
static void test_curves(void **state)
{
    (void)state;
    const double q[3] = {0.9, 1.3, 0.4}, h = 1e-4;
    for (int phi = RIT_TANH; phi <= RIT_IDENTITY; phi++) {
        struct rit_curve at = rit_dual_curve((enum rit_activation)phi, q[0], q[1], q[2]);
        for (int a = 0; a < RIT_BY; a++) {
            struct rit_curve side[2];
            for (int s = 0; s < 2; s++) {
                double moved[3] = {q[0], q[1], q[2]};
                moved[a] += s ? h : -h;
                side[s] = rit_dual_curve((enum rit_activation)phi, moved[0], moved[1], moved[2]);
            }
            rit_assert_near(at.slope[a], (side[1].value - side[0].value) / (2.0 * h), 1e-7);
            for (int b = 0; b < RIT_BY; b++)
                rit_assert_near(at.bend[a][b], (side[1].slope[b] - side[0].slope[b]) / (2.0 * h), 1e-7);
        }
        struct rit_curve alone = rit_dual_curve_alone((enum rit_activation)phi, q[0]),
                         more = rit_dual_curve_alone((enum rit_activation)phi, q[0] + h),
                         less = rit_dual_curve_alone((enum rit_activation)phi, q[0] - h);
        rit_assert_near(alone.slope[0], (more.value - less.value) / (2.0 * h), 1e-7);
        rit_assert_near(alone.bend[0][0], (more.slope[0] - less.slope[0]) / (2.0 * h), 1e-7);
    }
}

/* ---- networks that are drawn ---- */

/* What is told of them to leading order, against an ensemble of width 60; what is left out is a few in 60. */
static void check_drawn(const char *activation)
{
    struct points ring;
    struct rit_point point;
    make_ring(&ring, 8);
    set_dense(&point, activation, 2, 60, 1.5, 0.2);
    struct rit_outcome told = tell(&point, &ring.block, "cumulants", NULL, "3"),
                       drawn = tell(&point, &ring.block, "draws", "4000", "3");
    static const char *const name[] = {"start_kernel_mean", "start_kernel_covariance",
                                       "start_output_variance", "start_kernel_kurtosis"};
    for (int i = 0; i < 4; i++) {
        char error_name[48];
        snprintf(error_name, sizeof error_name, "%s_error", name[i]);
        const struct rit_variable *a = rit_outcome_find(&told, name[i]),
                                  *b = rit_outcome_find(&drawn, name[i]),
                                  *error = rit_outcome_find(&drawn, error_name);
        for (size_t k = 0; k < a->count; k++) {
            double bound = 4.0 * error->data[k] + (i % 2 ? 0.12 * fabs(a->data[k]) : 0.0);
            if (!(fabs(a->data[k] - b->data[k]) <= bound))
                print_error("%s, %s[%zu]: told %g, drawn %g +- %g\n", activation, name[i], k, a->data[k],
                            b->data[k], error->data[k]);
            assert_true(fabs(a->data[k] - b->data[k]) <= bound);
        }
    }
    rit_assert_near(values_of(&told, "start_kernel_distance")[0],
                    values_of(&drawn, "start_kernel_distance")[0],
                    0.05 * values_of(&told, "start_kernel_distance")[0]);
    rit_outcome_release(&told);
    rit_outcome_release(&drawn);
}

static void test_drawn(void **state)
{
    (void)state;
    static const char *const activation[] = {"tanh", "erf", "relu", "sin", "cos", "identity"};
    for (int i = 0; i < 6; i++)
        check_drawn(activation[i]);
}

/* ---- what it is as a run ---- */

static void test_a_kill_changes_nothing(void **state)
{
    (void)state;
    struct points ring;
    struct rit_point point;
    make_ring(&ring, 8);
    set_dense(&point, "tanh", 3, 9, 1.5, 0.2);
    rit_point_set(&point, "limit.name", "cumulants");
    rit_point_set(&point, "limit.pairs", "2");
    struct rit_outcome whole = run_whole(&point, &ring.block), pieces = run_in_pieces(&point, &ring.block, 1);
    assert_int_equal(whole.end, RIT_END_FINISHED);
    assert_int_equal(whole.steps, 3);
    assert_same(&whole, &pieces);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct setting unlike[][2] = {{{"model.name", "layered-tanh"}, {0}},
                                               {{"model.name", "gru"}, {0}},
                                               {{"model.parametrisation", "standard"}, {0}},
                                               {{"model.depth", "0"}, {0}},
                                               {{"model.width", "inf"}, {0}}};
    for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++) {
        struct points two;
        struct rit_point point;
        struct rit_error err = {.text = ""};
        make_two(&two);
        set_dense(&point, "tanh", 1, 8, 1.5, 0.1);
        rit_point_set(&point, "limit.name", "cumulants");
        assert_int_equal(rit_run_check(&point, &two.block, &err), RIT_OK);
        set_all(&point, unlike[i]);
        assert_int_equal(rit_run_check(&point, &two.block, &err), RIT_BAD_INPUT);
        print_message("%s\n", err.text);
    }
    /* inputs that are one are one; nearly one, relu gives up, and the others do not mind */
    const double x[3][2] = {{1.0, 0.5}, {1.0, 0.5}, {1.0, 0.5003}};
    struct points near;
    struct rit_point point;
    for (int relu = 0; relu < 2; relu++)
        for (int n = 2; n <= 3; n++) {
            make_points(&near, n, x);
            set_dense(&point, relu ? "relu" : "erf", 1, 8, 1.5, 0.1);
            struct rit_outcome outcome = tell(&point, &near.block, "cumulants", NULL, "3");
            bool failed = relu && n == 3;
            assert_int_equal(outcome.end, failed ? RIT_END_FAILED : RIT_END_FINISHED);
            assert_true(!failed || strstr(outcome.reason, "limit.pairs"));
            const double *v = values_of(&outcome, "start_kernel_vertex");
            assert_true(failed || fabs(v[0] - v[1]) < 1e-12);
            rit_outcome_release(&outcome);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_input),
        cmocka_unit_test(test_tangent_kernel),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_averages),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_drawn),
        cmocka_unit_test(test_a_kill_changes_nothing),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
