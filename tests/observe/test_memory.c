/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory of a quantum network: what its channel leaves of a difference, and how mixed its state is. */
#include "running.h"

#include <ritardando/observe.h>

static struct rit_outcome run_of(const char *width, const char *history, const char *scale, const char *seed)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block,
               (const struct setting[]){{"model.name", "qrnn"},
                                        {"model.width", width},
                                        {"model.history", history},
                                        {"model.depth", "12"},
                                        {"model.angle-scale", scale},
                                        {"seed", seed},
                                        {"observe.memory", "true"},
                                        {"stop.tau", "0.05"},
                                        {0}});
    struct rit_outcome outcome = run_whole(&point, &block);
    rit_block_release(&block);
    return outcome;
}

/* Mean |lambda_2| over a few random circuits at their start. */
static double second_of(const char *width, const char *history, const char *scale)
{
    static const char *const seed[] = {"1", "2", "3", "4"};
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        struct rit_outcome outcome = run_of(width, history, scale, seed[i]);
        sum += values_of(&outcome, "memory_second")[0] / 4.0;
        rit_outcome_release(&outcome);
    }
    return sum;
}

/* Resetting n qubits leaves about 2^(-n/2); small angles leave more. */
static void each_qubit_reset_forgets(void **state)
{
    (void)state;
    double four = second_of("4", "2", "1"), two = second_of("2", "2", "1"), one = second_of("1", "2", "1");
    rit_assert_near(four, 0.3, 0.1);
    rit_assert_near(two, 0.55, 0.12);
    rit_assert_near(one, 0.72, 0.12);
    assert_true(second_of("4", "2", "0.1") > 2.0 * four);
}

/* A random circuit mixes two history qubits nearly wholly; one qubit less, one bit less; none, none. */
static void entropy_fills_the_register(void **state)
{
    (void)state;
    static const char *const history[] = {"0", "1", "2"};
    for (int h = 0; h < 3; h++) {
        struct rit_outcome outcome = run_of("4", history[h], "1", "1");
        double entropy = values_of(&outcome, "memory_entropy")[0],
               second = values_of(&outcome, "memory_second")[0];
        assert_true(entropy <= h + 1e-12 && entropy >= 0.85 * h);
        assert_true(h > 0 ? second > 0.05 : second == 0.0);
        rit_outcome_release(&outcome);
    }
}

static void others_keep_no_quantum_state(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    struct rit_error err = {.text = ""};
    make_point(&point, &block, (const struct setting[]){{"observe.memory", "true"}, {0}});
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.memory: model.name layered-tanh keeps no quantum state"));
    rit_point_set(&point, "model.name", "qrnn");
    rit_point_set(&point, "observe.memory-per-decade", "1000");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.memory-per-decade: 1000 measurements per decade"));
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_qubit_reset_forgets),
                                       cmocka_unit_test(entropy_fills_the_register),
                                       cmocka_unit_test(others_keep_no_quantum_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
