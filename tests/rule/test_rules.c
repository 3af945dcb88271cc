/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules against what is known of them: moments of Langevin dynamics, Adam's first step, decay and momentum
 * alone. */
#include <ritardando/rule.h>

#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum { N = 400 };

static struct rit_layout layout_of(void)
{
    struct rit_layout layout = {.blocks = 1, .size = N};
    layout.block[0] = (struct rit_weights){.name = "J1", .rows = N, .cols = 1, .in_all = true};
    return layout;
}

static const struct rit_rule *rule_of(struct rit_point *point, const char *name)
{
    rit_point_init(point, rit_registry());
    rit_point_set(point, "rule.name", name);
    return rit_rule_of(point);
}

/* In E = w^2/2 the mean square weight is T, whatever the rate: the scheme is exact there. */
static void langevin_samples_the_temperature(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_layout layout = layout_of();
    const struct rit_rule *rule = rule_of(&point, "langevin");
    rit_point_set(&point, "rule.temperature", "0.3");
    for (int k = 0; k < 2; k++) {
        static double w[N];
        double eta = k == 0 ? 0.1 : 1.0, sum = 0.0;
        int measured = 0;
        memset(w, 0, sizeof w);
        for (uint64_t step = 1; step <= 1500; step++) {
            static double g[N];
            memcpy(g, w, sizeof g);
            rule->update(&point, &layout, 1, step, eta, g, w, NULL);
            for (int i = 0; step > 100 && i < N; i++, measured++)
                sum += w[i] * w[i];
        }
        rit_assert_near(sum / measured, 0.3, 0.01);
    }
}

static void adam_steps_by_the_rate(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_layout layout = layout_of();
    struct rit_error err;
    const struct rit_rule *rule = rule_of(&point, "adam");
    double *memory = calloc(rule->state(&layout), sizeof *memory), w[N] = {0}, g[N];
    for (int i = 0; i < N; i++)
        g[i] = (i % 2 ? -1.0 : 1.0) * pow(10.0, i % 7 - 3);
    for (uint64_t step = 1; step <= 3; step++) { /* a gradient that stays the same */
        rule->update(&point, &layout, 1, step, 0.01, g, w, memory);
        for (int i = 0; i < N; i++)
            rit_assert_near(w[i], (i % 2 ? 0.01 : -0.01) * (double)step, 1e-6);
    }
    assert_int_equal(rule->check(&point, &layout, &err), RIT_OK);
    layout.block[0].orthogonal = true;
    assert_int_equal(rule->check(&point, &layout, &err), RIT_BAD_INPUT);
    free(memory);
}

static void weights_decay_and_velocities_stay(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_layout layout = layout_of();
    const double no_gradient[N] = {0};
    double w[N], velocity[N] = {0};
    for (int i = 0; i < N; i++)
        w[i] = i;
    const struct rit_rule *rule = rule_of(&point, "weight-decay");
    rit_point_set(&point, "rule.decay", "0.5");
    rule->update(&point, &layout, 1, 1, 0.1, no_gradient, w, NULL);
    for (int i = 0; i < N; i++)
        rit_assert_near(w[i], 0.95 * i, 1e-12);
    layout.block[0].in_all = false; /* output biases do not decay */
    rule->update(&point, &layout, 1, 2, 0.1, no_gradient, w, NULL);
    rit_assert_near(w[100], 95.0, 1e-12);

    rule = rule_of(&point, "momentum");
    memset(w, 0, sizeof w);
    velocity[7] = 1.0;
    for (uint64_t step = 1; step <= 200; step++)
        rule->update(&point, &layout, 1, step, 0.1, no_gradient, w, velocity);
    rit_assert_near(w[7], 0.9 / (1.0 - 0.9), 1e-8);
    assert_true(w[8] == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(langevin_samples_the_temperature),
                                       cmocka_unit_test(adam_steps_by_the_rate),
                                       cmocka_unit_test(weights_decay_and_velocities_stay)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
