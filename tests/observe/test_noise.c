/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gamma against brute force: every example's gradient written out, the variance taken weight by weight. */
#include "base/random.h"
#include "observe/noise/gamma.h"
#include "running.h"

#include <string.h>

enum { CHORALES = 5, SLOTS = 54 };

struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    struct rit_classes classes;
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_arena arena;
    double *w, *g;
};

/* A float64 network with random weights on chorales of these lengths in chords. */
static void set_up(struct fixture *f, const int length[CHORALES])
{
    struct rit_error err;
    struct rit_random random = rit_random_open(7, RIT_FOR_TEST, 0, 0);
    int start[CHORALES + 1] = {0};
    for (int c = 0; c < CHORALES; c++)
        start[c + 1] = start[c] + length[c];
    uint64_t chord[200];
    for (int t = 0; t < start[CHORALES]; t++)
        chord[t] = rit_random_bits(&random) & rit_random_bits(&random) & rit_random_bits(&random) &
                   ((UINT64_C(1) << SLOTS) - 1);
    const struct rit_corpus corpus = {
        .port = {RIT_ROW_BITS, SLOTS}, .sequences = CHORALES, .start = start, .bits = chord};
    assert_int_equal(rit_test_cut(&corpus, 0, CHORALES, &f->block, &err), RIT_OK);
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "model.precision", "float64");
    rit_point_set(&f->point, "model.depth", "2");
    rit_point_set(&f->point, "model.width", "5");
    f->model = rit_model_of(&f->point);
    assert_int_equal(f->model->layout(&f->point, f->block.in.port, f->block.asked.port, &f->layout, &err),
                     RIT_OK);
    assert_int_equal(rit_cost_open(&f->point, &f->block, &f->cost, NULL), RIT_OK);
    f->criterion = rit_cost_criterion(&f->cost);
    f->classes = rit_classes_of(&f->layout);
    f->net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->g = calloc(f->layout.size, sizeof *f->g);
    for (size_t i = 0; i < f->layout.size; i++)
        f->w[i] = 0.3 * rit_random_gauss(&random);
    f->model->load(f->net, f->w);
}

static void tear_down(struct fixture *f)
{
    free(f->w);
    free(f->g);
    free(f->arena.base);
    rit_block_release(&f->block);
}

static struct rit_gamma gamma_of(struct fixture *f, const struct rit_batch *batch)
{
    struct rit_pass sweep;
    struct rit_gamma gamma;
    f->model->pass(f->net, batch, RIT_WANT_NOISE, &f->criterion, f->g, &sweep);
    struct rit_moment now = {.batch = batch, .g = f->g, .sweep = &sweep};
    rit_gamma_of(&f->classes, &f->layout, &f->block, &now, &gamma);
    return gamma;
}

/* < var_mu(dE_mu/dw_ij) >_ij of every class: two passes over the gradients of single examples. */
static void brute_force(struct fixture *f, enum rit_batch_kind kind, double *variance)
{
    int examples = kind == RIT_SEQUENCES ? f->block.sequences : f->block.pairs;
    size_t size = f->layout.size;
    double *each = calloc((size_t)examples * size, sizeof *each), *square = calloc(size, sizeof *square);
    for (int mu = 0; mu < examples; mu++) {
        struct rit_pass sweep;
        const struct rit_batch one = {.kind = kind, .n = 1, .index = &mu};
        f->model->pass(f->net, &one, RIT_WANT_NOTHING, &f->criterion, each + (size_t)mu * size, &sweep);
    }
    for (size_t i = 0; i < size; i++) {
        double mean = 0.0;
        for (int mu = 0; mu < examples; mu++)
            mean += each[(size_t)mu * size + i] / examples;
        for (int mu = 0; mu < examples; mu++)
            square[i] += pow(each[(size_t)mu * size + i] - mean, 2) / examples;
    }
    double all = 0.0, weights = 0.0;
    for (int c = 1; c < f->classes.n; c++) {
        const struct rit_weights *block = &f->layout.block[f->classes.block[c]];
        size_t n = (size_t)block->rows * (size_t)block->cols;
        double sum = 0.0;
        for (size_t i = 0; i < n; i++)
            sum += square[block->offset + i];
        variance[c] = sum / (double)n;
        all += sum;
        weights += (double)n;
    }
    variance[0] = all / weights;
    free(each);
    free(square);
}

static void assert_classes(const struct fixture *f, const double *got, const double *wanted, double relative)
{
    for (int c = 0; c < f->classes.n; c++)
        rit_assert_near(got[c], wanted[c], relative * wanted[c]);
}

/* Full batch: no estimate is left, both kinds of example equal brute force. */
static void full_batch_equals_brute_force(void **state)
{
    (void)state;
    static const int length[CHORALES] = {5, 9, 2, 12, 7};
    struct fixture f;
    double pair[RIT_MAX_BLOCKS], chorale[RIT_MAX_BLOCKS];
    set_up(&f, length);
    struct rit_gamma gamma = gamma_of(&f, &(struct rit_batch){.kind = RIT_FULL});
    brute_force(&f, RIT_TIME_POINTS, pair);
    brute_force(&f, RIT_SEQUENCES, chorale);
    for (int c = 0; c < f.classes.n; c++) {
        pair[c] /= f.block.pairs;
        chorale[c] /= f.block.sequences;
    }
    assert_classes(&f, gamma.pair, pair, 1e-12);
    assert_classes(&f, gamma.sequence, chorale, 1e-12);
    tear_down(&f);
}

/* The next subset of n out of `of` in lexicographic order; false after the last. */
static bool next_subset(int *index, int n, int of)
{
    int i = n - 1;
    while (i >= 0 && index[i] == of - n + i)
        i--;
    if (i < 0)
        return false;
    index[i]++;
    for (int k = i + 1; k < n; k++)
        index[k] = index[k - 1] + 1;
    return true;
}

/* The mean of Gamma over all batches of n examples: what an unbiased estimate has to get right. */
static struct rit_gamma mean_over_batches(struct fixture *f, enum rit_batch_kind kind, int n, int of)
{
    int index[CHORALES] = {0, 1, 2, 3, 4}, batches = 0;
    struct rit_gamma mean = {.pair = {0.0}};
    do {
        struct rit_gamma one = gamma_of(f, &(struct rit_batch){.kind = kind, .n = n, .index = index});
        for (int c = 0; c < f->classes.n; c++) {
            mean.pair[c] += one.pair[c];
            mean.sequence[c] += one.sequence[c];
        }
        batches++;
    } while (next_subset(index, n, of));
    for (int c = 0; c < f->classes.n; c++) {
        mean.pair[c] /= batches;
        mean.sequence[c] /= batches;
    }
    return mean;
}

/* All 10 batches of 2 and of 3 chorales, all 300 of 2 time points: the mean is the truth to rounding. */
static void estimates_are_unbiased(void **state)
{
    (void)state;
    static const int length[CHORALES] = {6, 6, 6, 6, 6};
    struct fixture f;
    double pair[RIT_MAX_BLOCKS], chorale[RIT_MAX_BLOCKS], wanted[RIT_MAX_BLOCKS];
    set_up(&f, length);
    brute_force(&f, RIT_TIME_POINTS, pair);
    brute_force(&f, RIT_SEQUENCES, chorale);
    for (int n = 2; n <= CHORALES; n++) {
        struct rit_gamma mean = mean_over_batches(&f, RIT_SEQUENCES, n, CHORALES);
        for (int c = 0; c < f.classes.n; c++)
            wanted[c] = chorale[c] / n;
        assert_classes(&f, mean.sequence, wanted, 1e-12);
        for (int c = 0; c < f.classes.n; c++)
            wanted[c] = pair[c] / (5.0 * n);
        assert_classes(&f, mean.pair, wanted, 1e-12);
    }
    struct rit_gamma mean = mean_over_batches(&f, RIT_TIME_POINTS, 2, f.block.pairs);
    for (int c = 0; c < f.classes.n; c++)
        wanted[c] = pair[c] / 2;
    assert_classes(&f, mean.pair, wanted, 1e-12);
    assert_true(isnan(mean.sequence[0]));
    tear_down(&f);
}

/* Chorales of unequal length: chorale examples stay unbiased, the ratio in M_pair costs a few per cent. */
static void unequal_lengths_bias_pairs_little(void **state)
{
    (void)state;
    static const int length[CHORALES] = {20, 30, 25, 35, 28};
    struct fixture f;
    double pair[RIT_MAX_BLOCKS], chorale[RIT_MAX_BLOCKS];
    set_up(&f, length);
    brute_force(&f, RIT_TIME_POINTS, pair);
    brute_force(&f, RIT_SEQUENCES, chorale);
    struct rit_gamma mean = mean_over_batches(&f, RIT_SEQUENCES, 3, CHORALES);
    for (int c = 0; c < f.classes.n; c++) {
        rit_assert_near(mean.sequence[c], chorale[c] / 3, 1e-12 * chorale[c]);
        rit_assert_near(mean.pair[c] * 3.0 * f.block.pairs / CHORALES, pair[c], 0.02 * pair[c]);
    }
    tear_down(&f);
}

/* A single example has no variance. */
static void one_example_is_refused(void **state)
{
    (void)state;
    static const struct setting settings[] = {
        {"batch.kind", "chorales"}, {"batch.size", "1"}, {"observe.noise", "true"}, {0}};
    struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    make_point(&point, &block, settings);
    assert_null(rit_run_new(&point, &block, &err));
    assert_non_null(strstr(err.text, "batch.size: observe.noise measures the variance"));
    rit_block_release(&block);
}

/* Along a run: Gamma at every grid time that was reached, the same however the run is cut into pieces. */
static void noise_survives_a_kill(void **state)
{
    (void)state;
    static const struct setting settings[] = {{"batch.kind", "chorales"}, {"batch.size", "2"},
                                              {"observe.noise", "true"},  {"stop.tau", "5"},
                                              {"model.depth", "2"},       {0}};
    struct rit_point point;
    struct rit_block block;
    make_point(&point, &block, settings);
    struct rit_outcome whole = run_whole(&point, &block), pieces = run_in_pieces(&point, &block, 11);
    const struct rit_variable *gamma = rit_outcome_find(&whole, "noise_chorales");
    assert_int_equal(gamma->dims, 2);
    assert_int_equal(gamma->length[1], 1 + 6); /* all, K, W, J1, M1, J2, M2 */
    const double *nll = values_of(&whole, "nll"), *pairs = values_of(&whole, "noise_time_points");
    for (size_t k = 1; k < gamma->length[0]; k++) {
        for (size_t c = 0; c < 7; c++) {
            assert_int_equal(isnan(nll[k]), isnan(gamma->data[7 * k + c]));
            assert_false(gamma->data[7 * k + c] < 0.0); /* 0 for J and M as long as K is 0 */
            assert_false(pairs[7 * k + c] < 0.0);
        }
    }
    assert_same(&whole, &pieces);
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_batch_equals_brute_force),
        cmocka_unit_test(estimates_are_unbiased),
        cmocka_unit_test(unequal_lengths_bias_pairs_little),
        cmocka_unit_test(one_example_is_refused),
        cmocka_unit_test(noise_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
