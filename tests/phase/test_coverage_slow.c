/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Do the intervals contain the truth as often as they say? 500 synthetic sweeps with a known answer are
 * analysed as real ones are. The shares printed are measured ones; they must lie within three standard
 * deviations of the binomial law of their count around the nominal level. Seeds are fixed, so that the
 * shares are always the same.
 */
#include "phase/critical.h"

#include "synthetic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { REPETITIONS = 500, RESAMPLES = 200 };

struct count {
    int inside, given;
};

static void look(struct count *count, struct rit_estimate e, double truth)
{
    if (isnan(e.low) || isnan(e.high))
        return;
    count->given++;
    count->inside += e.low <= truth && truth <= e.high;
}

static void assert_covers(const char *what, struct count count, double level)
{
    double share = (double)count.inside / count.given, error = sqrt(level * (1.0 - level) / count.given);
    print_message("%-46s %3d of %3d = %.3f (nominal %.3f)\n", what, count.inside, count.given, share, level);
    assert_true(count.given >= 0.98 * REPETITIONS);
    assert_true(fabs(share - level) <= 3.0 * error);
}

static void cover(const struct truth *truth, double level, const char *name)
{
    struct count critical = {0}, exponent = {0}, straight = {0};
    double censored = 0.0;
    for (uint64_t k = 0; k < REPETITIONS; k++) {
        struct synthetic s;
        synthetic_make(truth, k, &s);
        for (int r = 0; r < SYNTHETIC_RUNS; r++)
            censored += s.life[r].censored;
        const struct rit_lifetime *life[] = {s.life};
        double eps = 0.01;
        struct rit_analysis_options options = {level, RESAMPLES, 1, 2.0, false, 0};
        struct rit_transition t;
        rit_transition_analyse(SYNTHETIC_CELLS, s.width, s.start, 1, &eps, life, &options, 0, &t);
        look(&critical, t.at[0].critical, truth->critical);
        look(&exponent, t.at[0].exponent, truth->exponent);
        look(&straight, t.at[0].straight, truth->critical);
        rit_transition_release(&t);
    }
    print_message("%s: %.0f %% of the runs censored\n", name,
                  100.0 * censored / REPETITIONS / SYNTHETIC_RUNS);
    assert_covers("  N_c at z = 1", critical, level);
    assert_covers("  z", exponent, level);
    assert_covers("  N_c of the straight line", straight, level);
}

static void light_censoring(void **state)
{
    (void)state;
    cover(&(struct truth){10.4, 0.002, 1.0, 0.15, 3000.0}, 0.6827, "light");
}

static void heavy_censoring(void **state)
{
    (void)state;
    cover(&(struct truth){10.4, 0.002, 1.0, 0.15, 300.0}, 0.95, "heavy");
}

/* Thresholds share their runs: the extrapolation eps -> 0 must know that. */
static void extrapolation(void **state)
{
    (void)state;
    enum { THRESHOLDS = 3 };
    static const double eps[THRESHOLDS] = {0.01, 0.03, 0.05};
    struct count zero = {0};
    for (uint64_t k = 0; k < REPETITIONS; k++) {
        struct synthetic s[THRESHOLDS];
        const struct rit_lifetime *life[THRESHOLDS];
        for (int i = 0; i < THRESHOLDS;
             i++) { /* same random numbers: a run slow at one threshold is so at all */
            synthetic_make(&(struct truth){11.0 - 20.0 * eps[i], 0.002, 1.0, 0.15, 1500.0}, k, &s[i]);
            life[i] = s[i].life;
        }
        struct rit_analysis_options options = {0.6827, RESAMPLES, 1, 2.0, false, 0};
        struct rit_transition t;
        rit_transition_analyse(SYNTHETIC_CELLS, s[0].width, s[0].start, THRESHOLDS, eps, life, &options, 0,
                               &t);
        look(&zero, t.zero.critical[RIT_ZERO_LINEAR], 11.0);
        rit_transition_release(&t);
    }
    assert_covers("N_c(eps -> 0), three thresholds of the same runs", zero, 0.6827);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(light_censoring),
        cmocka_unit_test(heavy_censoring),
        cmocka_unit_test(extrapolation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
