/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The aging analysis on signals whose mu is known. */
#include "aging_synthetic.h"

#include <string.h>

static double simple(double t, double waiting)
{
    return 3.0 * (1.0 - pow(1.0 + t / waiting, -0.7));
}

static double sub_aging(double t, double waiting)
{
    return 3.0 * (1.0 - pow(1.0 + t / pow(waiting, 0.7), -0.7));
}

static double sub_aging_b(double t, double waiting)
{
    return pow(waiting, 0.4) * sub_aging(t, waiting);
}

static double xi_aging(double t, double waiting)
{
    double xi = (pow(waiting + t, 0.4) - pow(waiting, 0.4)) / 0.4;
    return 1.0 - exp(-sqrt(xi / 10.0));
}

static double diffusion(double t, double waiting)
{
    (void)waiting;
    return 0.05 * t;
}

static double power(double t, double waiting)
{
    return 2.0 * pow(t / waiting, 0.6);
}

static double logarithm(double t, double waiting)
{
    return 2.0 * log1p(t / waiting);
}

static struct rit_aging_cell analyse(double (*value)(double, double), double noise, int runs, int resamples,
                                     uint64_t seed)
{
    static struct synthetic_data data;
    struct synthetic from = {.value = value, .noise = noise, .end = 4000.0, .runs = runs};
    struct rit_aging_runs input = make_synthetic(&from, seed, &data);
    struct rit_aging_options options = rit_aging_defaults();
    struct rit_aging_cell cell;
    options.bootstrap.resamples = resamples;
    rit_aging_analyse(&input, &options, seed, &cell);
    return cell;
}

/* 16 repetitions with 5 runs each: the 68 per cent interval holds the truth in about two thirds of
 * them (measured over 60: .57 to .67), and the estimates are right on average. */
static void assert_covered(double (*value)(double, double), enum rit_aging_form form, double mu)
{
    enum { REPETITIONS = 16 };
    int covered = 0;
    double mean = 0.0, quality = 0.0;
    for (int s = 0; s < REPETITIONS; s++) {
        struct rit_aging_cell cell = analyse(value, 0.03, 5, 60, (uint64_t)s);
        const struct rit_aging_form_fit *fit = &cell.form[form];
        assert_int_equal(fit->verdict, RIT_AGING_FOUND);
        covered += fit->mu.low <= mu && mu <= fit->mu.high;
        mean += fit->mu.value / REPETITIONS;
        quality += fit->quality / REPETITIONS;
        rit_aging_cell_release(&cell);
    }
    assert_in_range(covered, 7, 15);
    rit_assert_near(mean, mu, 0.02); /* three standard errors of 0.006 */
    rit_assert_near(quality, 1.0, 0.4);
}

static void known_mu_is_recovered(void **state)
{
    (void)state;
    assert_covered(sub_aging, RIT_FORM_MU, 0.7);
    assert_covered(sub_aging_b, RIT_FORM_MU_B, 0.7);
    assert_covered(xi_aging, RIT_FORM_XI, 0.6);
}

static void simple_aging_is_told_from_sub_aging(void **state)
{
    (void)state;
    struct rit_aging_cell cell = analyse(simple, 0.03, 6, 100, 1);
    assert_true(cell.simple < 3.0);
    assert_true(cell.none > 100.0);
    rit_assert_near(cell.form[RIT_FORM_MU].mu.value, 1.0, 0.04);
    rit_assert_near(cell.form[RIT_FORM_MU_B].b.value, 0.0, 0.05);
    assert_int_equal(cell.best_family, RIT_FAMILY_SATURATING);
    rit_assert_near(cell.exponent[RIT_FAMILY_SATURATING].value, 0.7, 0.05);
    rit_assert_near(cell.amplitude[RIT_FAMILY_SATURATING].value, 3.0, 0.2);
    rit_aging_cell_release(&cell);
    cell = analyse(sub_aging, 0.03, 6, 20, 1);
    assert_true(cell.simple > 10.0);
    assert_true(cell.family[cell.best_family].rms > 3.0); /* no function of t/t_w fits */
    rit_aging_cell_release(&cell);
}

/* Without scatter the search lands on the truth itself. */
static void exact_curves_collapse_exactly(void **state)
{
    (void)state;
    struct rit_aging_cell cell = analyse(sub_aging_b, 1e-5, 4, 2, 1);
    rit_assert_near(cell.form[RIT_FORM_MU_B].mu.value, 0.7, 0.01);
    rit_assert_near(cell.form[RIT_FORM_MU_B].b.value, 0.4, 0.01);
    assert_int_equal(cell.form[RIT_FORM_MU].verdict, RIT_AGING_NO_COLLAPSE); /* b is needed */
    rit_aging_cell_release(&cell);
}

static void diffusion_does_not_age(void **state)
{
    (void)state;
    struct rit_aging_cell cell = analyse(diffusion, 0.03, 6, 100, 3);
    assert_int_equal(cell.form[RIT_FORM_MU].verdict, RIT_AGING_NONE);
    assert_int_equal(cell.form[RIT_FORM_MU_B].verdict, RIT_AGING_UNDETERMINED); /* b = mu: any mu will do */
    assert_non_null(strstr(rit_aging_sentence(RIT_AGING_NONE), "no aging"));
    /* slope 1 at every lag that has two neighbours on either side */
    for (int i = 0; i < SYNTHETIC_WAITS; i++) {
        size_t row = (size_t)i * SYNTHETIC_LAGS + 40;
        rit_assert_near(cell.slope[row], 1.0, 5 * cell.slope_error[row]);
        assert_true(cell.slope_error[row] < 0.1);
    }
    assert_true(isnan(cell.slope[0]) && isnan(cell.slope[1]) && !isnan(cell.slope[2]));
    rit_aging_cell_release(&cell);
}

static void families_are_told_apart(void **state)
{
    (void)state;
    struct rit_aging_cell cell = analyse(power, 0.02, 6, 100, 1);
    assert_int_equal(cell.best_family, RIT_FAMILY_POWER);
    rit_assert_near(cell.exponent[RIT_FAMILY_POWER].value, 0.6, 0.02);
    rit_assert_near(cell.amplitude[RIT_FAMILY_POWER].value, 2.0, 0.1);
    rit_aging_cell_release(&cell);
    cell = analyse(logarithm, 0.02, 6, 100, 1);
    assert_true(
        cell.best_family == RIT_FAMILY_LOGARITHM || /* its limit a -> 0 is the same curve */
        (cell.best_family == RIT_FAMILY_SATURATING && cell.exponent[RIT_FAMILY_SATURATING].value < 0.1));
    assert_true(cell.family[RIT_FAMILY_POWER].aicc > cell.family[RIT_FAMILY_LOGARITHM].aicc + 20.0);
    rit_assert_near(cell.amplitude[RIT_FAMILY_LOGARITHM].value, 2.0, 0.1);
    rit_aging_cell_release(&cell);
}

static void assert_nothing(const struct rit_aging_runs *runs, struct rit_aging_options options,
                           enum rit_aging_verdict verdict)
{
    struct rit_aging_cell cell;
    rit_aging_analyse(runs, &options, 0, &cell);
    assert_int_equal(cell.data, verdict);
    assert_int_equal(cell.form[RIT_FORM_MU].verdict, verdict);
    assert_true(isnan(cell.form[RIT_FORM_MU].mu.value) && isnan(cell.simple));
    assert_int_equal(cell.best_family, -1);
    rit_aging_cell_release(&cell);
}

/* Too little data is said to be too little. */
static void too_little_is_no_number(void **state)
{
    (void)state;
    static struct synthetic_data data;
    struct synthetic from = {.value = simple, .noise = 0.03, .end = 4000.0, .runs = 5};
    struct rit_aging_options options = rit_aging_defaults();
    options.bootstrap.resamples = 10;
    struct rit_aging_runs all = make_synthetic(&from, 1, &data), some = all;
    some.runs = 2;
    assert_nothing(&some, options, RIT_AGING_FEW_RUNS);
    some.runs = 1;
    assert_nothing(&some, options, RIT_AGING_FEW_RUNS);
    some.runs = 0;
    assert_nothing(&some, options, RIT_AGING_NOTHING);
    from.end = 320.0; /* of five waiting times two have lags */
    some = make_synthetic(&from, 1, &data);
    assert_nothing(&some, options, RIT_AGING_FEW_CURVES);
    from.end = 4000.0;
    all = make_synthetic(&from, 1, &data);
    options.lowest = 10.0; /* t_w = 320 and above have no more than 4 lags there */
    assert_nothing(&all, options, RIT_AGING_FEW_POINTS);
    options.lowest = 0.1;
    from.noise = 0.0;
    all = make_synthetic(&from, 1, &data);
    assert_nothing(&all, options, RIT_AGING_NO_SCATTER);
}

/* One run with an assumed error, such as an exact solution: mu, but no interval. */
static void one_exact_run_has_no_interval(void **state)
{
    (void)state;
    static struct synthetic_data data;
    struct synthetic from = {.value = simple, .noise = 0.0, .end = 4000.0, .runs = 1};
    struct rit_aging_options options = rit_aging_defaults();
    options.assumed_error = 0.01;
    struct rit_aging_runs runs = make_synthetic(&from, 1, &data);
    struct rit_aging_cell cell;
    rit_aging_analyse(&runs, &options, 0, &cell);
    assert_int_equal(cell.form[RIT_FORM_MU].verdict, RIT_AGING_UNSURE);
    rit_assert_near(cell.form[RIT_FORM_MU].mu.value, 1.0, 0.01);
    assert_true(isnan(cell.form[RIT_FORM_MU].mu.low));
    rit_aging_cell_release(&cell);
}

/* A run that stops early, or a value that is not positive, takes its points away from the whole cell. */
static void gaps_are_left_out(void **state)
{
    (void)state;
    static struct synthetic_data data;
    struct synthetic from = {.value = simple, .noise = 0.03, .end = 4000.0, .runs = 4};
    struct rit_aging_options options = rit_aging_defaults();
    options.bootstrap.resamples = 10;
    struct rit_aging_runs runs = make_synthetic(&from, 1, &data);
    struct rit_aging_cell whole, gaps;
    rit_aging_analyse(&runs, &options, 0, &whole);
    data.value[45] = NAN; /* run 0, t_w = 80, t = 65: inside the window */
    data.value[46] = -0.001;
    rit_aging_analyse(&runs, &options, 0, &gaps);
    assert_int_equal(gaps.points, whole.points - 2);
    assert_true(isnan(gaps.mean[45]) && isnan(gaps.mean[46]) && !isnan(gaps.mean[47]));
    assert_int_equal(gaps.form[RIT_FORM_MU].verdict, RIT_AGING_FOUND);
    rit_aging_cell_release(&whole);
    rit_aging_cell_release(&gaps);
}

static void set_curve(struct rit_curve *curve, double waiting, int n, const double *x, const double *y)
{
    curve->waiting = waiting;
    curve->n = n;
    for (int i = 0; i < n; i++) {
        curve->x[i] = x[i];
        curve->y[i] = y[i];
        curve->error[i] = 1.0;
    }
}

/* S of two straight lines, worked out by hand. */
static void quality_is_that_of_the_paper(void **state)
{
    (void)state;
    struct rit_curves curves;
    rit_curves_new(&curves, 2);
    curves.n = 2;
    set_curve(&curves.curve[0], 1.0, 2, (double[]){0, 2}, (double[]){0, 2});
    set_curve(&curves.curve[1], exp(1.0), 1, (double[]){1.5}, (double[]){3});
    /* mu = 1 puts the lone point at x = 0.5 between the other two, whose line has Y = 0.5 and
     * dY^2 = (1.5^2 + 0.5^2) / 2^2; the other two have no bracket: one term of three points is too little */
    struct rit_collapse collapse = rit_collapse_at(&curves, RIT_SCALING_POWER, 1.0);
    assert_int_equal(collapse.points, 3);
    assert_int_equal(collapse.compared, 1);
    assert_true(isnan(collapse.s));
    /* a second curve of two points: each is compared with the line of the other two */
    set_curve(&curves.curve[1], exp(1.0), 2, (double[]){1.5, 2.5}, (double[]){3, 4});
    collapse = rit_collapse_at(&curves, RIT_SCALING_POWER, 1.0);
    double s = 2.5 * 2.5 / (1.0 + (2.25 + 0.25) / 4.0);
    rit_assert_near(collapse.s, s, 1e-12);
    /* b moves the second curve by -b log t_w = -b: S(2.5) = 0 */
    double b;
    rit_assert_near(rit_collapse_free(&collapse, &b), 0.0, 1e-12);
    rit_assert_near(b, 2.5, 1e-12);
    rit_curves_release(&curves);
}

/* However many lags there are, the longest take part: 1200 of them collapse as well as 120. */
static void no_lag_is_dropped(void **state)
{
    (void)state;
    enum { RUNS = 3, WAITS = 3, LAGS = 1200 };
    static double lag[WAITS * LAGS], value[RUNS * WAITS * LAGS];
    static const double waiting[WAITS] = {10, 20, 40};
    struct rit_random random = rit_random_open(5, RIT_FOR_SYNTHETIC, 0, 0);
    for (int i = 0; i < WAITS * LAGS; i++) {
        lag[i] = 0.1 * waiting[i / LAGS] * pow(100.0, (i % LAGS) / (double)LAGS);
        for (int r = 0; r < RUNS; r++)
            value[r * WAITS * LAGS + i] =
                simple(lag[i], waiting[i / LAGS]) * exp(0.03 * rit_random_gauss(&random));
    }
    struct rit_aging_runs runs = {RUNS, WAITS, LAGS, waiting, lag, value};
    struct rit_aging_options options = rit_aging_defaults();
    options.bootstrap.resamples = 10;
    struct rit_aging_cell cell;
    rit_aging_analyse(&runs, &options, 0, &cell);
    assert_int_equal(cell.points, WAITS * LAGS);
    assert_false(isnan(cell.slope[LAGS - 3]));
    rit_aging_cell_release(&cell);
}

/* Where Delta is negative in one run there is no mean, and no slope from points on either side of the gap. */
static void slopes_do_not_straddle_gaps(void **state)
{
    (void)state;
    struct synthetic_data data;
    struct synthetic from = {.value = diffusion, .noise = 0.03, .end = 3840, .runs = 4};
    struct rit_aging_runs runs = make_synthetic(&from, 1, &data);
    struct rit_aging_options options = rit_aging_defaults();
    options.bootstrap.resamples = 100;
    data.value[30] = -1.0; /* of the first run and waiting time */
    struct rit_aging_cell cell;
    rit_aging_analyse(&runs, &options, 0, &cell);
    assert_true(isnan(cell.mean[30]));
    for (int k = 25; k < 36; k++) {
        assert_int_equal(isnan(cell.slope[k]), k >= 28 && k <= 32);
        assert_int_equal(isnan(cell.slope_error[k]), k >= 28 && k <= 32);
    }
    rit_aging_cell_release(&cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quality_is_that_of_the_paper),
        cmocka_unit_test(no_lag_is_dropped),
        cmocka_unit_test(known_mu_is_recovered),
        cmocka_unit_test(simple_aging_is_told_from_sub_aging),
        cmocka_unit_test(exact_curves_collapse_exactly),
        cmocka_unit_test(diffusion_does_not_age),
        cmocka_unit_test(families_are_told_apart),
        cmocka_unit_test(too_little_is_no_number),
        cmocka_unit_test(one_exact_run_has_no_interval),
        cmocka_unit_test(gaps_are_left_out),
        cmocka_unit_test(slopes_do_not_straddle_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
