/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The analysis of datasets with known and with degenerate answers. */
#include "phase/analysis.h"

#include "base/random.h"
#include "example.h"
#include "phase/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double eps[] = {0.01, 0.03, 0.05};
enum { THRESHOLDS = 3, WIDTHS = 8, SEEDS = 4, BLOCKS = 3, ROWS = WIDTHS * SEEDS * BLOCKS };

struct work {
    struct rit_dataset dataset;
    struct rit_scan scan;
    struct rit_analysis analysis;
    struct rit_buffer text;
};

static void analyse(struct work *w)
{
    struct rit_analysis_options options = rit_analysis_defaults();
    options.resamples = 200;
    assert_int_equal(rit_scan_make(&w->dataset, NULL, &w->scan, NULL), RIT_OK);
    rit_analysis_make(&w->scan, &options, &w->analysis);
    w->text = (struct rit_buffer){0};
    rit_report_tables(&w->analysis, true, &w->text);
    rit_pack_bytes(&w->text, "", 1);
}

static void release(struct work *w)
{
    rit_buffer_release(&w->text);
    rit_analysis_release(&w->analysis);
    rit_scan_release(&w->scan);
    rit_dataset_release(&w->dataset);
}

static bool says(const struct work *w, const char *what)
{
    return strstr((const char *)w->text.data, what) != NULL;
}

/* N_c(eps, P) = (12 - 40 eps) (P/5)^.4, T = 60 P, weights 3 n^2 + 108 n + 2970. */
static double true_critical(double threshold, double p)
{
    return (12.0 - 40.0 * threshold) * pow(p / 5.0, 0.4);
}

static void three_blocks(struct rit_dataset *d)
{
    static double width[ROWS], seed[ROWS], chorales[ROWS], pairs[ROWS], outputs[ROWS], weights[ROWS],
        times[ROWS * THRESHOLDS];
    static const double blocks[BLOCKS] = {5, 10, 20},
                        factor[WIDTHS] = {.6, .8, .95, 1.05, 1.2, 1.4, 1.6, 1.9};
    struct rit_random random = rit_random_open(3, RIT_FOR_SYNTHETIC, 0, 0);
    int row = 0;
    for (int b = 0; b < BLOCKS; b++) {
        for (int w = 0; w < WIDTHS; w++) {
            for (int s = 0; s < SEEDS; s++, row++) {
                chorales[row] = blocks[b];
                width[row] = round(factor[w] * true_critical(0.0, blocks[b]));
                seed[row] = s;
                pairs[row] = 60.0 * blocks[b];
                outputs[row] = 54.0;
                weights[row] = 3.0 * width[row] * width[row] + 108.0 * width[row] + 2970.0;
                double scatter = exp(0.1 * rit_random_gauss(&random));
                for (int t = 0; t < THRESHOLDS; t++) {
                    double gap = width[row] - true_critical(eps[t], blocks[b]);
                    double tau = gap > 0.0 ? scatter / (0.003 * gap) : NAN;
                    times[row * THRESHOLDS + t] = tau < 5000.0 ? tau : NAN;
                }
            }
        }
    }
    *d = example_new(ROWS, eps, THRESHOLDS);
    example_add(d, "chorales", "data.chorales", chorales);
    example_add(d, "width", "model.width", width);
    example_add(d, "seed", "seed", seed);
    example_add(d, "pairs", NULL, pairs);
    example_add(d, "outputs", NULL, outputs);
    example_add(d, "weights", NULL, weights);
    example_add_times(d, times, 5000.0);
}

static void assert_within(struct rit_estimate e, double truth, double widths)
{
    double error = 0.5 * (e.high - e.low);
    assert_true(error > 0.0);
    assert_float_equal(e.value, truth, widths * error);
}

static void a_whole_phase_diagram(void **state)
{
    (void)state;
    struct work w;
    three_blocks(&w.dataset);
    analyse(&w);
    assert_int_equal(w.scan.lines, BLOCKS);
    for (int l = 0; l < BLOCKS; l++) {
        double p = w.scan.axis[0].number[l];
        for (int t = 0; t < THRESHOLDS; t++) {
            const struct rit_critical *c = &w.analysis.line[l].transition.at[t];
            assert_int_equal(c->known, RIT_KNOWN_VALUE);
            assert_true(c->bracketed);
            assert_within(c->critical, true_critical(eps[t], p), 4.0);
            assert_within(c->exponent, 1.0, 3.0);
            double n = c->critical.value;
            assert_float_equal(rit_analysis_weights(&w.scan.line[l], &w.analysis.line[l], n),
                               3.0 * n * n + 108.0 * n + 2970.0, 1e-6);
            assert_float_equal(w.analysis.line[l].capacity[t].value,
                               60.0 * p * 54.0 / (3.0 * n * n + 108.0 * n + 2970.0), 1e-9);
            assert_true(w.analysis.line[l].capacity[t].low < w.analysis.line[l].capacity[t].high);
        }
        const struct rit_zero *zero = &w.analysis.line[l].transition.zero;
        assert_int_equal(zero->points, THRESHOLDS);
        assert_within(zero->critical[RIT_ZERO_LINEAR], true_critical(0.0, p), 4.0);
    }
    assert_int_equal(w.analysis.families, 1);
    for (int t = 0; t < THRESHOLDS; t++) {
        assert_int_equal(w.analysis.growth[t].lines, BLOCKS);
        assert_within(w.analysis.growth[t].power, 0.4, 3.0);
    }
    assert_true(says(&w, "Critical widths") && says(&w, "Growth") && says(&w, "96 runs in 3 lines"));
    release(&w);
}

/* The same dataset and key give the same bits, another key other errors but the same values. */
static void the_key_decides_the_errors(void **state)
{
    (void)state;
    struct work a, b;
    three_blocks(&a.dataset);
    three_blocks(&b.dataset);
    analyse(&a);
    analyse(&b);
    assert_int_equal(a.text.size, b.text.size);
    assert_memory_equal(a.text.data, b.text.data, a.text.size);
    struct rit_analysis other;
    struct rit_analysis_options options = a.analysis.options;
    options.key = 2;
    rit_analysis_make(&a.scan, &options, &other);
    struct rit_estimate mine = a.analysis.line[0].transition.zero.critical[0],
                        theirs = other.line[0].transition.zero.critical[0];
    assert_true(mine.value == theirs.value && mine.low != theirs.low);
    mine = a.analysis.line[0].transition.at[0].critical, theirs = other.line[0].transition.at[0].critical;
    assert_true(mine.value == theirs.value && mine.low == theirs.low); /* by the likelihood: no key in it */
    rit_analysis_release(&other);
    release(&a);
    release(&b);
}

/* widths x 2 seeds, times from `law`, NaN after tau_max. */
static void simple(struct rit_dataset *d, int widths, double (*law)(double width), double tau_max)
{
    static double width[32], seed[32], times[32 * THRESHOLDS];
    int n = 0;
    for (int w = 0; w < widths; w++) {
        for (int s = 0; s < 2; s++, n++) {
            width[n] = 6 + 2 * w;
            seed[n] = s;
            for (int t = 0; t < THRESHOLDS; t++) {
                double tau = law(width[n]);
                times[n * THRESHOLDS + t] = tau <= tau_max ? tau : NAN;
            }
        }
    }
    *d = example_new((size_t)n, eps, THRESHOLDS);
    example_add(d, "width", "model.width", width);
    example_add(d, "seed", "seed", seed);
    example_add_times(d, times, tau_max);
}

static double never(double width)
{
    (void)width;
    return INFINITY;
}

static double at_once(double width)
{
    (void)width;
    return 0.0;
}

static double widest_only(double width)
{
    return width > 18 ? 10.0 : INFINITY;
}

static void no_runs(void **state)
{
    (void)state;
    struct work w = {.dataset = example_new(0, eps, THRESHOLDS)};
    analyse(&w);
    assert_true(says(&w, "no runs yet"));
    release(&w);
}

static void nothing_learned(void **state)
{
    (void)state;
    struct work w;
    simple(&w.dataset, 8, never, 700.0);
    analyse(&w);
    const struct rit_critical *c = &w.analysis.line[0].transition.at[0];
    assert_int_equal(c->known, RIT_KNOWN_ABOVE);
    assert_true(c->critical.low == 20.0 && isinf(c->critical.high) && isnan(c->critical.value));
    assert_true(says(&w, "> 20 (none learns)") && says(&w, "> 700 (0 of 2)"));
    assert_int_equal(w.analysis.line[0].transition.zero.points, 0);
    release(&w);
}

static double bent_at_once(double width)
{
    return 1000.0 / pow(width + 1.0, 1.6);
}

/* A bent law may begin below no width at all: that is given as 0, and no limit is above its value. */
static void no_width_is_negative(void **state)
{
    (void)state;
    struct work w;
    simple(&w.dataset, 8, bent_at_once, 700.0);
    analyse(&w);
    const struct rit_estimate *free_critical = &w.analysis.line[0].transition.at[0].free_critical;
    assert_true(w.analysis.line[0].transition.at[0].known == RIT_KNOWN_VALUE);
    assert_true(free_critical->value == 0.0 && free_critical->low == 0.0 && free_critical->high >= 0.0);
    release(&w);
}

static void everything_learned_at_once(void **state)
{
    (void)state;
    struct work w;
    simple(&w.dataset, 8, at_once, 700.0);
    analyse(&w);
    const struct rit_critical *c = &w.analysis.line[0].transition.at[0];
    assert_int_equal(c->known, RIT_KNOWN_BELOW);
    assert_true(c->critical.high == 6.0 && isnan(c->critical.value));
    assert_true(says(&w, "< 6 (all learn)"));
    release(&w);
}

static void one_width_learned(void **state)
{
    (void)state;
    struct work w;
    simple(&w.dataset, 8, widest_only, 700.0);
    analyse(&w);
    const struct rit_critical *c = &w.analysis.line[0].transition.at[0];
    assert_int_equal(c->known, RIT_KNOWN_BETWEEN);
    assert_true(c->critical.low == 18.0 && c->critical.high == 20.0);
    assert_true(says(&w, "18 .. 20 (few learn)"));
    release(&w);
}

static void one_cell(void **state)
{
    (void)state;
    struct work w;
    simple(&w.dataset, 1, at_once, 700.0);
    analyse(&w);
    assert_int_equal(w.analysis.line[0].transition.at[0].known, RIT_KNOWN_BELOW);
    assert_true(isnan(rit_analysis_weights(&w.scan.line[0], &w.analysis.line[0], 6.0)));
    assert_true(says(&w, "2 runs in 1 line;"));
    release(&w);
}

/* One seed everywhere: runs are resampled across widths, and there is an interval. */
static void single_seeds(void **state)
{
    (void)state;
    enum { N = 12 };
    static double width[N], seed[N], times[N * THRESHOLDS];
    struct rit_random random = rit_random_open(4, RIT_FOR_SYNTHETIC, 0, 0);
    for (int i = 0; i < N; i++) {
        width[i] = 8 + i;
        double scatter = exp(0.1 * rit_random_gauss(&random));
        for (int t = 0; t < THRESHOLDS; t++)
            times[i * THRESHOLDS + t] = width[i] > 10.5 ? scatter / (0.003 * (width[i] - 10.5)) : NAN;
    }
    struct work w = {.dataset = example_new(N, eps, THRESHOLDS)};
    example_add(&w.dataset, "width", "model.width", width);
    example_add(&w.dataset, "seed", "seed", seed);
    example_add_times(&w.dataset, times, 5000.0);
    analyse(&w);
    assert_int_equal(w.analysis.line[0].transition.at[0].known, RIT_KNOWN_VALUE);
    assert_within(w.analysis.line[0].transition.at[0].critical, 10.5, 3.0);
    release(&w);
}

static bool holds(struct rit_estimate e)
{
    return isnan(e.value) || isnan(e.low) || (e.low <= e.value && e.value <= e.high);
}

/* Few seeds, whatever they are: estimates lie within their intervals, and no number has two signs. */
static void estimates_lie_within_their_intervals(void **state)
{
    (void)state;
    enum { WIDTH = 7, N = 2 * WIDTH, REPEAT = 40 };
    static double width[N], seed[N], times[N * THRESHOLDS];
    for (uint64_t k = 0; k < REPEAT; k++) {
        struct rit_random random = rit_random_open(k, RIT_FOR_SYNTHETIC, 1, 0);
        for (int i = 0; i < N; i++) {
            width[i] = 8 + 2 * (i / 2);
            seed[i] = i % 2;
            double scatter = exp(0.3 * rit_random_gauss(&random));
            for (int t = 0; t < THRESHOLDS; t++) {
                double gap = width[i] - 10.5 + 20.0 * eps[t];
                times[i * THRESHOLDS + t] = gap > 0.0 ? scatter / (0.003 * gap) : NAN;
            }
        }
        struct work w = {.dataset = example_new(N, eps, THRESHOLDS)};
        example_add(&w.dataset, "width", "model.width", width);
        example_add(&w.dataset, "seed", "seed", seed);
        example_add_times(&w.dataset, times, 5000.0);
        analyse(&w);
        const struct rit_transition *t = &w.analysis.line[0].transition;
        for (int i = 0; i < THRESHOLDS; i++)
            assert_true(holds(t->at[i].critical) && holds(t->at[i].rate) && holds(t->at[i].exponent) &&
                        holds(t->at[i].free_critical) && holds(t->at[i].straight));
        for (int form = 0; form < RIT_ZEROS; form++)
            assert_true(holds(t->zero.critical[form]) && holds(t->zero.slope[form]));
        assert_false(says(&w, "+-") || says(&w, "--0") || says(&w, "--1") || says(&w, "-+"));
        release(&w);
    }
}

/* widths 10, 12, ... with `seeds` runs, of which `learned` learned at every width. */
static void share(struct rit_dataset *d, int widths, int seeds, int learned)
{
    static double width[64], seed[64], times[64 * THRESHOLDS];
    int n = 0;
    for (int w = 0; w < widths; w++)
        for (int s = 0; s < seeds; s++, n++) {
            width[n] = 10 + 2 * w;
            seed[n] = s;
            for (int t = 0; t < THRESHOLDS; t++)
                times[n * THRESHOLDS + t] = s < learned ? 100.0 + s : NAN;
        }
    *d = example_new((size_t)n, eps, THRESHOLDS);
    example_add(d, "width", "model.width", width);
    example_add(d, "seed", "seed", seed);
    example_add_times(d, times, 700.0);
}

/* A width learns where half of its runs do: not with a third, but with exactly half. */
static void a_third_is_not_all(void **state)
{
    (void)state;
    struct work w;
    share(&w.dataset, 2, 3, 1);
    analyse(&w);
    assert_int_equal(w.analysis.line[0].transition.at[0].known, RIT_KNOWN_BETWEEN);
    assert_true(says(&w, "few learn") && !says(&w, "all learn"));
    release(&w);
    share(&w.dataset, 2, 2, 1);
    analyse(&w);
    assert_int_equal(w.analysis.line[0].transition.at[0].known, RIT_KNOWN_BELOW);
    assert_true(w.analysis.line[0].cell[0].median[0].value == 100.0 && says(&w, "< 10 (half or more learn)"));
    release(&w);
}

/* The slowest width by far is the lowest that learned: N_c lies just below it, and there is no estimate. */
static void a_maximum_at_the_edge_is_a_bound(void **state)
{
    (void)state;
    enum { WIDTH = 6, N = 2 * WIDTH };
    static double width[N], seed[N], times[N * THRESHOLDS];
    for (int i = 0; i < N; i++) {
        width[i] = 10 + 2 * (i / 2);
        seed[i] = i % 2;
        for (int t = 0; t < THRESHOLDS; t++)
            times[i * THRESHOLDS + t] = i / 2 == 0 ? NAN : i / 2 == 1 ? 4e6 : 400.0 / (width[i] - 12.0);
    }
    struct work w = {.dataset = example_new(N, eps, THRESHOLDS)};
    example_add(&w.dataset, "width", "model.width", width);
    example_add(&w.dataset, "seed", "seed", seed);
    example_add_times(&w.dataset, times, 5e6);
    analyse(&w);
    const struct rit_critical *c = &w.analysis.line[0].transition.at[0];
    assert_int_equal(c->known, RIT_KNOWN_EDGE);
    assert_true(isnan(c->critical.value) && c->critical.low == 10.0 && c->critical.high == 12.0);
    assert_true(says(&w, "< 12 (just below)"));
    release(&w);
}

/*
 * Two widths of networks without memory and two of networks with it; the floor of one row is .07. Below it
 * the former never learn; of the latter one stands still above it, one is on its way, one got below it, and
 * one learned.
 */
static void cannot_and_too_slow_are_told_apart(void **state)
{
    (void)state;
    enum { N = 6, TIMES = 3 };
    static const double levels[] = {0.06, 0.1};
    static const double history[N] = {0, 0, 1, 1, 1, 1}, width[N] = {4, 5, 4, 4, 5, 5},
                        seed[N] = {1, 1, 1, 2, 1, 2};
    static const double network[N] = {.07, .07, .001, .001, .001, .001};
    static const double floor[2 * N] = {.07, .001, .07, .001, .07, .001, .07, .001, .07, .001, .07, .001};
    static const double nll[TIMES * N] = {.3,  .0706, .0705, .3, .2,  .09,  .3, .0751, .0750,
                                          .35, .25,   .15,   .3, .09, .065, .3, .08,   .05};
    static const double at[TIMES * N] = {1, 25, 100, 1, 25, 100, 1, 25, 100,
                                         1, 25, 100, 1, 25, 100, 1, 25, 100};
    static const double times[2 * N] = {NAN, 10, NAN, 90, NAN, 12, NAN, NAN, NAN, 20, 80, 20};
    double lowest[N];
    for (int i = 0; i < N; i++)
        lowest[i] = nll[i * TIMES + TIMES - 1];
    struct work w = {.dataset = example_new(N, levels, 2)};
    example_add(&w.dataset, "width", "model.width", width);
    example_add(&w.dataset, "model_history", "model.history", history);
    example_add(&w.dataset, "seed", "seed", seed);
    example_add(&w.dataset, "floor_network", NULL, network);
    example_add(&w.dataset, "nll_lowest", NULL, lowest);
    example_add_rows(&w.dataset, "floor", "known_rows", 2, floor);
    example_add_rows(&w.dataset, "nll", "grid_tau", TIMES, nll);
    example_add_rows(&w.dataset, "nll_tau", "grid_tau", TIMES, at);
    example_add_times(&w.dataset, times, 100);
    analyse(&w);
    const struct rit_line_result *without = &w.analysis.line[0], *with = &w.analysis.line[1];
    assert_int_equal(without->transition.at[0].known, RIT_KNOWN_NEVER);
    assert_true(isnan(without->transition.at[0].critical.low));
    assert_int_equal(without->transition.at[1].known, RIT_KNOWN_BELOW);
    assert_int_equal(without->cell[0].never[0] + without->cell[1].never[0], 2);
    assert_int_equal(without->cell[0].never[1] + without->cell[0].stuck[0] + without->cell[0].slow[0], 0);
    assert_int_not_equal(with->transition.at[0].known, RIT_KNOWN_NEVER);
    assert_int_equal(with->cell[0].stuck[0], 1); /* flat at .075 */
    assert_int_equal(with->cell[0].slow[0], 1);  /* on its way at .15 */
    assert_int_equal(with->cell[0].stuck[1], 0); /* of a threshold above the floor there is only time */
    assert_int_equal(with->cell[0].slow[1], 1);
    assert_int_equal(with->cell[1].slow[0], 1); /* at .065 it does remember */
    assert_int_equal(with->cell[1].never[0] + with->cell[1].stuck[0], 0);
    assert_true(with->cell[0].floor_one_row == .07 && with->cell[0].floor_network == .001);
    assert_true(says(&w, "none can learn") && says(&w, "never"));
    assert_true(says(&w, "> 100 (0 of 2, 1 stuck)"));
    assert_true(says(&w, "Thresholds below the floor of predictors that know the last row alone"));
    release(&w);
}

static void numbers_carry_two_digits_of_their_error(void **state)
{
    (void)state;
    char text[64];
    assert_string_equal(rit_estimate_print((struct rit_estimate){10.4149, 10.352, 10.469}, text, sizeof text),
                        "10.415 +0.054 -0.063");
    assert_string_equal(rit_estimate_print((struct rit_estimate){1234.5, 1000.0, 1300.0}, text, sizeof text),
                        "1234 +66 -234");
    assert_string_equal(rit_estimate_print((struct rit_estimate){10.4149, NAN, NAN}, text, sizeof text),
                        "10.41");
    assert_string_equal(rit_estimate_print((struct rit_estimate){10.4, 10.1, INFINITY}, text, sizeof text),
                        "10.40 +inf -0.30");
    assert_string_equal(rit_estimate_print(rit_estimate_none(), text, sizeof text), "-");
    assert_string_equal(rit_estimate_print((struct rit_estimate){3.4, 3.45, 3.5}, text, sizeof text),
                        "3.400 +0.100 +0.050"); /* were an estimate ever outside its interval */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_phase_diagram),
        cmocka_unit_test(the_key_decides_the_errors),
        cmocka_unit_test(no_runs),
        cmocka_unit_test(nothing_learned),
        cmocka_unit_test(no_width_is_negative),
        cmocka_unit_test(everything_learned_at_once),
        cmocka_unit_test(one_width_learned),
        cmocka_unit_test(one_cell),
        cmocka_unit_test(single_seeds),
        cmocka_unit_test(estimates_lie_within_their_intervals),
        cmocka_unit_test(a_third_is_not_all),
        cmocka_unit_test(a_maximum_at_the_edge_is_a_bound),
        cmocka_unit_test(cannot_and_too_slow_are_told_apart),
        cmocka_unit_test(numbers_carry_two_digits_of_their_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
