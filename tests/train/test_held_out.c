/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The held-out block: its loss is that of the network there, and nothing of the training knows of it. */
#include "running.h"

#include "base/hash.h"

#include <string.h>

/* The grid is tau = 0 and the end. */
static const struct setting two_times[] = {
    {"stop.when-learned", "false"}, {"stop.tau", "2"},   {"observe.first-tau", "2"},
    {"rule.eta", "0.05"},           {"data.first", "3"}, {0}};

static struct rit_point point_of(struct rit_block *block, const char *test, const char *first,
                                 const char *model)
{
    struct rit_point point;
    struct rit_error err = {.status = RIT_OK};
    make_point(&point, block, two_times);
    rit_block_release(block);
    rit_point_set(&point, "data.test", test);
    rit_point_set(&point, "data.test-first", first);
    rit_point_set(&point, "model.name", model);
    if (rit_block_load(&point, block, &err) != RIT_OK)
        fail_msg("%s", err.text);
    return point;
}

/* What the network says of a block loaded by itself, with the inputs standardised like those of the other. */
static double loss_there(const struct rit_point *point, const struct rit_block *trained, const double *w,
                         const struct rit_layout *layout)
{
    struct rit_point there = *point;
    struct rit_block block;
    struct rit_arena arena;
    rit_point_set(&there, "data.first", "40");
    rit_point_set(&there, "data.chorales", "3");
    rit_point_set(&there, "data.test", "0");
    assert_int_equal(rit_block_load(&there, &block, NULL), RIT_OK);
    assert_true(block.mean != trained->mean);
    block.mean = trained->mean;
    block.deviation = trained->deviation;
    const struct rit_model *model = rit_model_of(point);
    struct rit_net *net = rit_test_open_net(&there, layout, &block, &arena);
    model->load(net, w);
    struct rit_measure measure = rit_measure_of(&block);
    struct rit_criterion criterion = rit_cost_criterion(&measure.use);
    double loss = rit_test_sum(model, net, &criterion) * measure.scale;
    free(arena.base);
    rit_block_release(&block);
    return loss;
}

static void the_loss_is_that_of_the_network(void **state)
{
    (void)state;
    static const char *const models[] = {"layered-tanh", "dense", "gru"};
    for (int m = 0; m < 3; m++) {
        struct rit_block block;
        struct rit_point point = point_of(&block, "3", "40", models[m]);
        struct rit_run *run = rit_run_new(&point, &block, NULL);
        const struct rit_layout *layout;
        const double *w = rit_run_weights(run, &layout);
        double start = loss_there(&point, &block, w, layout);
        while (!rit_run_advance(run, 1000))
            ;
        double end = loss_there(&point, &block, w, layout);
        struct rit_outcome outcome;
        rit_run_finish(run, &outcome);
        const struct rit_variable *loss = rit_outcome_find(&outcome, "test_loss");
        assert_int_equal(loss->count, 2);
        assert_true(loss->data[0] == start && loss->data[1] == end && start != end);
        assert_string_equal(loss->unit, "bit");
        assert_true(rit_outcome_find(&outcome, "test_pairs")->data[0] == block.held_out->pairs);
        rit_outcome_release(&outcome);
        rit_run_free(run);
        rit_block_release(&block);
    }
}

static void training_knows_nothing_of_it(void **state)
{
    (void)state;
    struct rit_block block, alone;
    struct rit_point with = point_of(&block, "4", "-1", "layered-tanh"),
                     without = point_of(&alone, "0", "-1", "layered-tanh");
    assert_null(alone.held_out);
    assert_true(block.mean == alone.mean && block.deviation == alone.deviation);
    struct rit_outcome a = run_whole(&with, &block), b = run_whole(&without, &alone);
    for (int i = 0; i < b.variables; i++) {
        const struct rit_variable *x = rit_outcome_find(&a, b.variable[i]->name);
        assert_memory_equal(x->data, b.variable[i]->data, x->count * sizeof *x->data);
    }
    assert_null(rit_outcome_find(&b, "test_loss"));
    rit_outcome_release(&a);
    rit_outcome_release(&b);

    struct rit_hash one = rit_block_digest(&block), other = rit_block_digest(&alone);
    assert_false(rit_hash_equal(&one, &other)); /* another held-out block, another point */
    rit_block_release(&block);
    rit_block_release(&alone);
}

/* Numbers are standardised by the moments of what is trained on. */
static void numbers_are_standardised_alike(void **state)
{
    (void)state;
    struct rit_corpus corpus = {.port = {RIT_ROW_REALS, 1}};
    const float trained[] = {1, 3, 1, 3}, test[] = {5, 7, 2};
    struct rit_point point;
    struct rit_block block;
    rit_corpus_append(&corpus, trained, NULL, 4);
    rit_corpus_append(&corpus, test, NULL, 3);
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.chorales", "1");
    rit_point_set(&point, "data.test", "1");
    assert_int_equal(rit_block_cut(&point, &corpus, &block, NULL), RIT_OK);
    const float in[] = {3, 5}, asked[] = {5, 0};
    assert_memory_equal(block.held_out->in.real, in, sizeof in);
    assert_memory_equal(block.held_out->asked.real, asked, sizeof asked);
    rit_block_release(&block);
    rit_corpus_release(&corpus);
}

static void refuses(const char *test, const char *first, const char *sentence)
{
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.first", "3");
    rit_point_set(&point, "data.chorales", "5");
    rit_point_set(&point, "data.test", test);
    rit_point_set(&point, "data.test-first", first);
    assert_int_equal(rit_block_load(&point, &block, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, sentence);
    assert_null(block.memory);
}

static void an_overlap_is_refused(void **state)
{
    (void)state;
    refuses("2", "7",
            "data.test, data.test-first: the chorales 7 .. 8 that are held out and 3 .. 7 that are trained "
            "on overlap");
    refuses("4", "0",
            "data.test, data.test-first: the chorales 0 .. 3 that are held out and 3 .. 7 that are trained "
            "on overlap");
    struct rit_block block;
    point_of(&block, "3", "0", "gru");
    rit_block_release(&block);
    point_of(&block, "1", "-1", "gru");
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loss_is_that_of_the_network),
        cmocka_unit_test(training_knows_nothing_of_it),
        cmocka_unit_test(numbers_are_standardised_alike),
        cmocka_unit_test(an_overlap_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
