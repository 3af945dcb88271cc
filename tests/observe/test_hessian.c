/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All eigenvalues of the Hessian along a run: those of the matrix itself, the largest being the sharpness;
 * whole and in pieces, and of a run that was asked for more, the same; batches of all pairs see what the
 * block has; too large is refused. */
#include "running.h"

#include <ritardando/observe.h>

static const struct setting asked[] = {{"data.source", "patterns"},
                                       {"task.name", "classify"},
                                       {"data.chorales", "40"},
                                       {"data.dimension", "6"},
                                       {"model.name", "dense"},
                                       {"model.depth", "2"},
                                       {"model.width", "5"},
                                       {"rule.eta", "0.1"},
                                       {"observe.learning-time", "false"},
                                       {"observe.sharpness", "true"},
                                       {"observe.sharpness-accuracy", "1e-5"},
                                       {"model.precision", "float64"},
                                       {"observe.hessian", "true"},
                                       {"observe.hessian-at", "[0, 1, 5, 1000]"},
                                       {"observe.hessian-draws", "3"},
                                       {"observe.hessian-batches", "[10, 40, 1000]"},
                                       {"stop.tau", "12"},
                                       {0}};

static double at(const struct rit_outcome *outcome, const char *name, size_t i)
{
    const struct rit_variable *variable = rit_outcome_find(outcome, name);
    assert_non_null(variable);
    assert_true(i < variable->count);
    return variable->data[i];
}

static struct rit_outcome trained(const struct setting *more, uint64_t piece)
{
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, asked);
    set_all(&point, more);
    struct rit_run *run = start(&point, &block);
    while (!rit_run_advance(run, piece))
        ;
    struct rit_outcome outcome = outcome_of(run);
    rit_block_release(&block);
    return outcome;
}

static void the_largest_is_the_sharpness(void **state)
{
    (void)state;
    struct rit_outcome outcome = trained(NULL, 1000000);
    const struct rit_variable *value = rit_outcome_find(&outcome, "hessian_eigenvalue"),
                              *grid = rit_outcome_find(&outcome, "grid_tau"),
                              *sharpness = rit_outcome_find(&outcome, "sharpness");
    size_t side = value->length[1];
    for (size_t j = 0; j < 3; j++) {
        size_t k = 0;
        while (grid->data[k] < at(&outcome, "hessian_at", j) - 1e-9)
            k++;
        double largest = at(&outcome, "hessian_largest", j);
        rit_assert_near(largest, sharpness->data[k], 1e-4 * largest);
        for (size_t i = 1; i < side; i++)
            assert_true(value->data[j * side + i] <= value->data[j * side + i - 1]);
        assert_true(largest == value->data[j * side]);
        assert_true(at(&outcome, "hessian_smallest", j) == value->data[(j + 1) * side - 1]);
        double spacing = at(&outcome, "hessian_spacing_ratio", j);
        assert_true(0.0 < spacing && spacing < 1.0);
        assert_true(at(&outcome, "hessian_floor", j) < 1e-5 * largest);
    }
    assert_true(isnan(at(&outcome, "hessian_largest", 3))); /* the run ended before */
    assert_true(isnan(value->data[3 * side]));
    rit_outcome_release(&outcome);
}

/* All pairs are no draw: lambda_max of the block, without scatter; and few pairs see a larger one. */
static void batches_of_all_pairs_are_the_block(void **state)
{
    (void)state;
    struct rit_outcome outcome = trained(NULL, 1000000);
    for (size_t j = 0; j < 3; j++) {
        double largest = at(&outcome, "hessian_largest", j);
        rit_assert_near(at(&outcome, "hessian_batch_largest", 3 * j + 1), largest, 2e-3 * largest);
        rit_assert_near(at(&outcome, "hessian_batch_largest", 3 * j + 2), largest, 2e-3 * largest);
        assert_true(at(&outcome, "hessian_batch_largest", 3 * j) > largest);
        assert_true(at(&outcome, "hessian_batch_error", 3 * j) > 0.0);
    }
    rit_outcome_release(&outcome);
}

static void assert_alike(const struct rit_outcome *a, const struct rit_outcome *b)
{
    for (int v = 0; v < a->variables; v++) {
        const struct rit_variable *x = a->variable[v], *y = rit_outcome_find(b, x->name);
        assert_non_null(y);
        assert_int_equal(x->count, y->count);
        assert_memory_equal(x->data, y->data, x->count * sizeof *x->data);
    }
}

static void pieces_make_the_whole(void **state)
{
    (void)state;
    struct rit_outcome whole = trained(NULL, 1000000), pieces = trained(NULL, 3);
    assert_alike(&whole, &pieces);
    rit_outcome_release(&whole);
    rit_outcome_release(&pieces);
}

/* Also one that trains in float32 differentiates in float64: the floor is as low. */
static void float32_runs_have_exact_hessians(void **state)
{
    (void)state;
    static const struct setting fast[] = {{"model.precision", "float32"}, {0}};
    struct rit_outcome outcome = trained(fast, 1000000);
    for (size_t j = 0; j < 3; j++)
        assert_true(at(&outcome, "hessian_floor", j) < 1e-5 * at(&outcome, "hessian_largest", j));
    rit_outcome_release(&outcome);
}

static void the_price_grows_with_what_is_asked(void **state)
{
    (void)state;
    static const struct setting none[] = {{"observe.hessian", "false"}, {0}},
                                few[] = {{"observe.hessian-at", "[1]"}, {"observe.hessian-draws", "0"}, {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, asked);
    double all = rit_run_price(&point, &block);
    set_all(&point, few);
    double one = rit_run_price(&point, &block);
    set_all(&point, none);
    assert_true(rit_run_price(&point, &block) < one && one < all);
    rit_block_release(&block);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    struct rit_point point;
    struct rit_block block;
    struct rit_error err = {0};
    make_point(&point, &block, asked);
    rit_point_set(&point, "model.width", "70");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "observe.hessian: this network has "));
    assert_non_null(strstr(err.text, "ritardando spectrum"));
    rit_point_set(&point, "observe.hessian", "false");
    assert_int_equal(rit_run_check(&point, &block, &err), RIT_OK);
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_the_sharpness),
        cmocka_unit_test(batches_of_all_pairs_are_the_block),
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(float32_runs_have_exact_hessians),
        cmocka_unit_test(the_price_grows_with_what_is_asked),
        cmocka_unit_test(what_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
