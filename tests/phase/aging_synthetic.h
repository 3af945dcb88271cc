/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Synthetic aging: Delta = t_w^b F(t/t_w^mu) with the kinds of scatter that runs have. */
#ifndef RITARDANDO_TESTS_AGING_SYNTHETIC_H
#define RITARDANDO_TESTS_AGING_SYNTHETIC_H

#include "base/random.h"
#include "phase/aging_cell.h"
#include "testing.h"

#include <stdlib.h>

enum { SYNTHETIC_WAITS = 5, SYNTHETIC_LAGS = 90, SYNTHETIC_MAX_RUNS = 16 };

struct synthetic {
    double (*value)(double t, double waiting); /* Delta without scatter */
    double noise; /* relative scatter of a run, of its curves, and along a curve */
    double end;   /* of the runs: t_w + t <= end */
    int runs;
};

struct synthetic_data {
    double waiting[SYNTHETIC_WAITS];
    double lag[SYNTHETIC_WAITS * SYNTHETIC_LAGS];
    double value[SYNTHETIC_MAX_RUNS * SYNTHETIC_WAITS * SYNTHETIC_LAGS];
};

/* t_w = 80 .. 1280 as in the talk, lags 0.1 * 10^(k/16). Noise along a curve is a first-order autoregression.
 */
static inline struct rit_aging_runs make_synthetic(const struct synthetic *from, uint64_t seed,
                                                   struct synthetic_data *to)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_SYNTHETIC, 0, 0);
    for (int i = 0; i < SYNTHETIC_WAITS; i++) {
        to->waiting[i] = 80 << i;
        for (int k = 0; k < SYNTHETIC_LAGS; k++) {
            double t = 0.1 * pow(10.0, k / 16.0);
            to->lag[i * SYNTHETIC_LAGS + k] = to->waiting[i] + t <= from->end ? t : NAN;
        }
    }
    double *value = to->value;
    for (int r = 0; r < from->runs; r++) {
        double run = from->noise * rit_random_gauss(&random);
        for (int i = 0; i < SYNTHETIC_WAITS; i++) {
            double curve = from->noise * rit_random_gauss(&random), wander = 0.0;
            for (int k = 0; k < SYNTHETIC_LAGS; k++, value++) {
                double t = to->lag[i * SYNTHETIC_LAGS + k];
                wander = 0.9 * wander + 0.4 * from->noise * rit_random_gauss(&random);
                *value = from->value(t, to->waiting[i]) * exp(run + curve + wander);
            }
        }
    }
    return (struct rit_aging_runs){.runs = from->runs,
                                   .waits = SYNTHETIC_WAITS,
                                   .lags = SYNTHETIC_LAGS,
                                   .waiting = to->waiting,
                                   .lag = to->lag,
                                   .value = to->value};
}

#endif
