/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every learning rule and every observable keeps to, whatever it is: the lists are walked. */
#include "running.h"

#include <ritardando/rule.h>

static const struct setting usual[] = {{"stop.when-learned", "false"},
                                       {"stop.tau", "4"},
                                       {"rule.eta", "0.02"},
                                       {"observe.waiting-times", "[1, 2]"},
                                       {"observe.lag-first", "0.1"},
                                       {"data.test", "2"},
                                       {0}};

static const char *switch_of(int observable)
{
    return rit_observables[observable]->params[0].key;
}

static struct rit_point point_of(struct rit_block *block, const char *key, const char *value)
{
    struct rit_point point;
    make_point(&point, block, usual);
    if (key)
        rit_point_set(&point, key, value);
    return point;
}

/* A run that is killed again and again makes the same outcome as one that is not: all a member keeps between
 * steps lies where it is saved. */
static void check_pieces(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_outcome whole = run_whole(point, block), pieces = run_in_pieces(point, block, 17);
    assert_same(&whole, &pieces);
}

/* A rule may refuse a network with orthogonal matrices, in a sentence; not one without. */
static void refusal_is_said(struct rit_point *point, const struct rit_block *block)
{
    struct rit_error err = {.text = ""};
    struct rit_run *run = rit_run_new(point, block, &err);
    if (!run) {
        assert_non_null(strstr(err.text, "orthogonal"));
        rit_point_set(point, "model.orthogonal", "none");
    }
    rit_run_free(run);
}

/* An observable may be of networks of one kind only, and says so; what it says names one. */
static void move_where_it_can_look(struct rit_point *point, int observable)
{
    const struct rit_observable *o = (const struct rit_observable *)rit_observables[observable];
    struct rit_error err = {.text = ""};
    if (!o->check || o->check(point, &err) == RIT_OK)
        return;
    assert_non_null(strstr(err.text, switch_of(observable)));
    assert_non_null(strstr(err.text, "qrnn"));
    rit_point_set(point, "model.name", "qrnn");
    rit_point_set(point, "model.width", "2");
    assert_int_equal(o->check(point, &err), RIT_OK);
}

/* A run that an observable can look at: one that looks at every pair of weights gets few of them, and one of
 * infinite width gets that. */
static struct rit_point looked_at(struct rit_block *block, int observable)
{
    static const struct setting little[] = {{"stop.when-learned", "false"}, {"stop.tau", "4"},
                                            {"rule.eta", "0.02"},           {"data.source", "patterns"},
                                            {"task.name", "classify"},      {"data.chorales", "40"},
                                            {"data.dimension", "6"},        {"model.name", "dense"},
                                            {"model.width", "5"},           {0}};
    static const struct setting wide[] = {
        {"limit.name", "tangent"}, {"model.name", "dense"}, {"model.parametrisation", "ntk"},
        {"cost.name", "square"},   {"data.chorales", "2"},  {"stop.tau", "4"},
        {"rule.eta", "0.02"},      {"data.test", "2"},      {0}};
    static const struct {
        const char *name;
        const struct setting *settings;
    } own[] = {{"observe.hessian", little}, {"observe.posterior", wide}, {"observe.kernel-spectrum", wide}};
    struct rit_point point;
    const struct setting *settings = NULL;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(switch_of(observable), own[i].name) == 0)
            settings = own[i].settings;
    if (!settings)
        return point_of(block, switch_of(observable), "true");
    make_point(&point, block, settings);
    rit_point_set(&point, switch_of(observable), "true");
    return point;
}

/* A rule that looks at the gradient goes down. */
static void rules_go_down(void **state)
{
    (void)state;
    for (int r = 0; rit_rules[r]; r++) {
        struct rit_block block;
        struct rit_point point = point_of(&block, "rule.name", rit_rules[r]->name);
        refusal_is_said(&point, &block);
        check_pieces(&point, &block);
        struct rit_outcome outcome = run_whole(&point, &block);
        const struct rit_variable *nll = rit_outcome_find(&outcome, "nll");
        double first = nll->data[0], last = NAN;
        for (size_t k = 1; k < nll->count; k++)
            last = isnan(nll->data[k]) ? last : nll->data[k];
        if (!((const struct rit_rule *)rit_rules[r])->blind && !(last < 0.95 * first))
            fail_msg("%s: the NLL went from %g to %g", rit_rules[r]->name, first, last);
        rit_outcome_release(&outcome);
        rit_block_release(&block);
    }
}

/* Weights after a run of 100 steps. */
static double *weights_after(const struct rit_point *point, const struct rit_block *block, size_t *n)
{
    const struct rit_layout *layout;
    struct rit_run *run = start(point, block);
    rit_run_advance(run, 100);
    const double *w = rit_run_weights(run, &layout);
    double *copy = calloc(layout->size, sizeof *copy);
    memcpy(copy, w, sizeof *copy * layout->size);
    *n = layout->size;
    rit_run_free(run);
    return copy;
}

/* An observable tells something, survives kills, and changes nothing. */
static void observables_only_look(void **state)
{
    (void)state;
    for (int o = 0; rit_observables[o]; o++) {
        struct rit_block block, same;
        size_t n, m;
        struct rit_point with = looked_at(&block, o), without = looked_at(&same, o);
        move_where_it_can_look(&with, o);
        move_where_it_can_look(&without, o);
        rit_point_set(&without, switch_of(o), "false");
        check_pieces(&with, &block);
        struct rit_outcome told = run_whole(&with, &block), untold = run_whole(&without, &same);
        if (told.variables <= untold.variables)
            fail_msg("%s tells nothing", rit_observables[o]->name);
        double *a = weights_after(&with, &block, &n), *b = weights_after(&without, &same, &m);
        assert_int_equal(n, m);
        assert_memory_equal(a, b, n * sizeof *a);
        free(a);
        free(b);
        rit_outcome_release(&told);
        rit_outcome_release(&untold);
        rit_block_release(&block);
        rit_block_release(&same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rules_go_down),
                                       cmocka_unit_test(observables_only_look)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
