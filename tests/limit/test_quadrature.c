/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels of the recurrent network between two chorales, against the recursion of ritardando/wide.h with
 * every average a double integral. */
#include "running.h"

#include "base/arena.h"
#include "kernel/gram.h"

#include <math.h>

enum { STEPS = 6, LEVELS = 2, NODES = 121 };

/* < tanh u tanh v > and < tanh' u tanh' v > by the trapezoidal rule in two independent Gaussian variables. */
static void average(double q_1, double q_2, double c, double *value, double *slope)
{
    const double h = 16.0 / (NODES - 1);
    double rho = fmin(1.0, c / sqrt(q_1 * q_2)), rest = sqrt(1.0 - rho * rho);
    *value = *slope = 0.0;
    for (int i = 0; i < NODES; i++) {
        double x = h * i - 8.0, u = tanh(sqrt(q_1) * x);
        for (int j = 0; j < NODES; j++) {
            double y = h * j - 8.0, v = tanh(sqrt(q_2) * (rho * x + rest * y)),
                   w = exp(-0.5 * (x * x + y * y)) * h * h / (2.0 * M_PI);
            *value += w * u * v;
            *slope += w * (1.0 - u * u) * (1.0 - v * v);
        }
    }
}

static double product(const struct rit_block *block, int t, int s)
{
    double off = (0.0 - block->mean) / block->deviation, on = (1.0 - block->mean) / block->deviation,
           sum = 0.0;
    for (int i = 0; i < block->in.port.width; i++)
        sum += rit_rows_value(&block->in, t, i, off, on) * rit_rows_value(&block->in, s, i, off, on);
    return sum;
}

/* Phi, Phi' Theta and Theta of both levels at one pair of times. */
struct entry {
    double sigma[LEVELS], phi[LEVELS], moved[LEVELS];
};

/* From the entry a step before, NULL at the start, and the variances of the two times. */
static struct entry next(const struct rit_wide *wide, double dot, const struct entry *before,
                         const double *q_1, const double *q_2)
{
    struct entry at;
    for (int a = 0; a < LEVELS; a++) {
        double sum = a == 0 ? wide->input * dot : wide->forward * at.phi[a - 1], slope;
        double theta = a == 0 ? 0.0 : wide->forward * at.moved[a - 1];
        if (before) {
            sum += wide->recurrent * before->phi[a];
            theta += wide->recurrent * before->moved[a];
        }
        at.sigma[a] = sum + wide->bias;
        average(q_1 ? q_1[a] : at.sigma[a], q_2 ? q_2[a] : at.sigma[a], at.sigma[a], &at.phi[a], &slope);
        at.moved[a] = slope * (theta + sum + wide->bias_speed);
    }
    return at;
}

/* Sigma(t,t) of the first times of a sequence. */
static void variances(const struct rit_wide *wide, const struct rit_block *block, int first,
                      double q[][LEVELS])
{
    struct entry at = {{0.0}, {0.0}, {0.0}};
    for (int t = 0; t < STEPS; t++) {
        at = next(wide, product(block, first + t, first + t), t ? &at : NULL, NULL, NULL);
        for (int a = 0; a < LEVELS; a++)
            q[t][a] = at.sigma[a];
    }
}

static void compare(const char *source)
{
    const struct setting settings[] = {{"model.parametrisation", "ntk"},
                                       {"model.depth", "2"},
                                       {"model.recurrent-init", "haar"},
                                       {"model.recurrent-gain", "0.9"},
                                       {"model.feedforward-gain", "1.2"},
                                       {"model.feedforward-init", "haar"},
                                       {"model.readout-init", "gaussian"},
                                       {"model.orthogonal", "none"},
                                       {"model.hidden-bias", "true"},
                                       {"data.chorales", "2"},
                                       {"data.source", source},
                                       {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_wide wide;
    make_point(&point, &block, settings);
    assert_int_equal(rit_model_of(&point)->wide(&point, block.in.port, &wide, NULL), RIT_OK);
    struct rit_arena measure = {0}, arena;
    rit_gram_open(&wide, &block, &block, &measure);
    arena = rit_arena_new(measure.used);
    struct rit_gram gram = rit_gram_open(&wide, &block, &block, &arena);
    int other = block.start[1];
    double k[STEPS * STEPS], theta[STEPS * STEPS], q_1[STEPS][LEVELS], q_2[STEPS][LEVELS];
    rit_gram_tile(&gram, 0, STEPS, other, STEPS, k, theta, STEPS);
    variances(&wide, &block, 0, q_1);
    variances(&wide, &block, other, q_2);
    struct entry at[STEPS][STEPS];
    for (int t = 0; t < STEPS; t++)
        for (int s = 0; s < STEPS; s++) {
            double dot = product(&block, t, other + s);
            at[t][s] = next(&wide, dot, t && s ? &at[t - 1][s - 1] : NULL, q_1[t], q_2[s]);
            double phi = at[t][s].phi[LEVELS - 1], moved = at[t][s].moved[LEVELS - 1];
            rit_assert_near(k[t * STEPS + s], wide.output * phi + wide.output_bias, 1e-9);
            rit_assert_near(theta[t * STEPS + s],
                            wide.output * (phi + moved) + wide.output_bias_speed + wide.direct * dot, 1e-9);
        }
    free(arena.base);
    rit_block_release(&block);
}

static void test_composed(void **state)
{
    (void)state;
    compare("composer");
}

static void test_of_bach(void **state)
{
    (void)state;
    if (!getenv("RITARDANDO_DATA"))
        skip(); /* no chorales */
    compare("chorales");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_composed),
        cmocka_unit_test(test_of_bach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
