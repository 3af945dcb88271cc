/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path kernel, the machines it is given to, and exclusive or, which they are asked about. */
#include "running.h"

#include "observe/path/machine.h"

/* Four points with the kernel 1 + p p', p the product of a point's numbers, and so a machine that is known.
 */
static void a_machine_by_hand(void **state)
{
    (void)state;
    static const double x[4][2] = {{1, 1}, {-1, -1}, {1, -1}, {-1, 1}}, sign[4] = {1, 1, -1, -1};
    double k[16], a[4], slope[4], row[4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            k[4 * i + j] = x[i][0] * x[i][1] * x[j][0] * x[j][1] + 1.0;
    struct rit_machine m = {.n = 4, .k = k, .sign = sign, .a = a, .slope = slope};
    rit_machine_train(&m, 10.0);
    rit_assert_near(a[0] + a[1], 0.5, 1e-6); /* sum_j a_j s_j K_ij = s_i (a_1 + a_2 + a_3 + a_4) = s_i */
    rit_assert_near(a[2] + a[3], 0.5, 1e-6);
    rit_assert_near(m.b, 0.0, 1e-6);
    for (int i = 0; i < 4; i++)
        row[i] = 0.5 * x[i][0] * x[i][1] + 1.0;
    rit_assert_near(rit_machine_ask(&m, row), 0.5, 1e-6);
    rit_machine_train(&m, 0.1); /* all at the border */
    for (int i = 0; i < 4; i++)
        assert_true(a[i] == 0.1);
    static const double one_label[4] = {-1, -1, -1, -1};
    m.sign = one_label;
    rit_machine_train(&m, 1.0);
    assert_true(rit_machine_ask(&m, row) < 0.0);
}

static void exclusive_or(void **state)
{
    (void)state;
    static const char *const kinds[] = {"xor", "xor-uniform"};
    for (int c = 0; c < 2; c++) {
        struct rit_point point;
        struct rit_block block;
        make_point(&point, &block,
                   (const struct setting[]){{"data.source", "patterns"},
                                            {"data.patterns", kinds[c]},
                                            {"data.spread", "0.05"},
                                            {"data.dimension", "3"},
                                            {"data.chorales", "40"},
                                            {"task.name", "classify"},
                                            {0}});
        int quadrant[2][2] = {{0}};
        for (int t = 0; t < 40; t++) {
            double x = rit_rows_value(&block.in, t, 0, 0.0, 1.0),
                   y = rit_rows_value(&block.in, t, 1, 0.0, 1.0);
            quadrant[x > 0.0][y > 0.0]++;
            assert_true((x * y > 0.0) == (rit_rows_target(&block.asked, t, 0) > 0.0));
            assert_true(rit_rows_value(&block.in, t, 2, 0.0, 1.0) == 0.0);
            if (c == 1)
                assert_true(fabs(fabs(x) - 0.5) <= 0.0500001 && fabs(fabs(y) - 0.5) <= 0.0500001);
        }
        for (int i = 0; i < 4; i++)
            assert_int_equal(quadrant[i / 2][i % 2], 10);
        rit_block_release(&block);
    }
}

static struct rit_point circuit(struct rit_block *block, const char *width, const char *seed,
                                const char *test)
{
    struct rit_point point;
    make_point(&point, block,
               (const struct setting[]){{"data.source", "patterns"},
                                        {"data.patterns", "xor-uniform"},
                                        {"data.spread", "0"},
                                        {"data.dimension", "4"},
                                        {"data.chorales", "8"},
                                        {"data.test", test},
                                        {"task.name", "classify"},
                                        {"model.name", "circuit"},
                                        {"model.ansatz", "path"},
                                        {"model.width", width},
                                        {"model.depth", "12"},
                                        {"cost.name", "square"},
                                        {"rule.name", "adam"},
                                        {"rule.eta", "0.1"},
                                        {"seed", seed},
                                        {"stop.tau", "6"},
                                        {"stop.when-learned", "false"},
                                        {"observe.path-kernel", "true"},
                                        {0}});
    return point;
}

/* Part of exclusive or in the first output of a circuit at its start: mean of s f over the four quadrants. */
static double part_of_xor(const char *width, const char *seed)
{
    struct rit_block block;
    struct rit_point point = circuit(&block, width, seed, "4");
    struct rit_run *run = start(&point, &block);
    float y[8];
    struct rit_keep keep = {1, y};
    struct rit_criterion criterion = rit_keeping(&keep);
    struct rit_pass pass;
    const struct rit_layout *layout;
    const struct rit_model *model = rit_model_of(&point);
    model->load(rit_run_net(run), rit_run_weights(run, &layout));
    model->pass(rit_run_net(run), &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, NULL,
                &pass);
    double sum = 0.0;
    for (int t = 0; t < 8; t++)
        sum += rit_rows_target(&block.asked, t, 0) * (double)y[t] / 8.0;
    rit_run_free(run);
    rit_block_release(&block);
    return fabs(sum);
}

/* All that two qubits can say through Z_0 anticommutes with X X, and exclusive or is a mean of what commutes.
 */
static void two_qubits_cannot(void **state)
{
    (void)state;
    static const char *const seed[] = {"1", "2", "3", "4", "5", "6"};
    double most = 0.0;
    for (int i = 0; i < 6; i++) {
        assert_true(part_of_xor("2", seed[i]) < 1e-7); /* outputs are written down as floats */
        most = fmax(most, part_of_xor("3", seed[i]));
    }
    assert_true(most > 0.03);
}

static void machines_learn_it(void **state)
{
    (void)state;
    struct rit_block block;
    struct rit_point point = circuit(&block, "3", "2", "8");
    struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 7);
    assert_true(values_of(&whole, "path_points")[0] > 3.0);
    assert_true(values_of(&whole, "accuracy_linear")[0] <= 0.75);
    assert_true(values_of(&whole, "accuracy_path")[0] >= 0.75);
    assert_same(&whole, &pieces); /* releases both */
    rit_block_release(&block);
}

static void the_price_counts_points_of_the_path(void **state)
{
    (void)state;
    static const struct setting off[] = {{"observe.path-kernel", "false"}, {0}},
                                fine[] = {{"observe.path-distance", "0.01"}, {0}};
    struct rit_block block;
    struct rit_point point = circuit(&block, "3", "2", "8");
    double coarse = rit_run_price(&point, &block);
    set_all(&point, fine);
    double all = rit_run_price(&point, &block);
    set_all(&point, off);
    double none = rit_run_price(&point, &block);
    assert_true(none < coarse && coarse < all);
    assert_true(all - none > 5.0 * (coarse - none));
    rit_block_release(&block);
}

static void what_it_needs_is_said(void **state)
{
    (void)state;
    struct rit_block block;
    struct rit_error err = {.text = ""};
    struct rit_point point = circuit(&block, "3", "1", "0");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.path-kernel: machines are asked about a held-out block"));
    rit_point_set(&point, "data.test", "2000");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "at most 1024 of each"));
    rit_block_release(&block);
    struct rit_point numbers;
    make_point(&numbers, &block,
               (const struct setting[]){{"data.source", "series"},
                                        {"data.table", RIT_TEST_FOLDER "/../source/table.csv"},
                                        {"data.length", "8"},
                                        {"data.chorales", "1"},
                                        {"data.test", "1"},
                                        {"cost.name", "square"},
                                        {"observe.path-kernel", "true"},
                                        {0}});
    assert_int_equal(rit_run_check(&numbers, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.path-kernel: machines tell labels"));
    rit_block_release(&block);
    rit_point_set(&point, "data.dimension", "1");
    rit_point_set(&point, "data.test", "4");
    assert_int_equal(rit_block_load(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "data.dimension: exclusive or is of two numbers or more, not 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_machine_by_hand),
                                       cmocka_unit_test(exclusive_or),
                                       cmocka_unit_test(two_qubits_cannot),
                                       cmocka_unit_test(machines_learn_it),
                                       cmocka_unit_test(the_price_counts_points_of_the_path),
                                       cmocka_unit_test(what_it_needs_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
