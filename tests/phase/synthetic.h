/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Learning times with a known answer: 1/tau = a (N_h - N_c)^z with log-normal scatter, cut off at tau_max.
 */
#ifndef RITARDANDO_TESTS_PHASE_SYNTHETIC_H
#define RITARDANDO_TESTS_PHASE_SYNTHETIC_H

#include "base/random.h"
#include "phase/transition.h"

#include <math.h>

enum { SYNTHETIC_CELLS = 10, SYNTHETIC_SEEDS = 5, SYNTHETIC_RUNS = SYNTHETIC_CELLS * SYNTHETIC_SEEDS };

struct synthetic {
    double width[SYNTHETIC_CELLS];
    int start[SYNTHETIC_CELLS + 1];
    struct rit_lifetime life[SYNTHETIC_RUNS];
    struct rit_line line;
};

struct truth {
    double critical, rate, exponent, sigma, tau_max;
};

static inline void synthetic_make(const struct truth *truth, uint64_t repetition, struct synthetic *s)
{
    static const double width[SYNTHETIC_CELLS] = {7, 8, 9, 10, 11, 12, 13, 15, 17, 20};
    struct rit_random random = rit_random_open(2024, RIT_FOR_SYNTHETIC, repetition, 0);
    for (int c = 0; c < SYNTHETIC_CELLS; c++) {
        s->width[c] = width[c];
        s->start[c] = c * SYNTHETIC_SEEDS;
        for (int r = 0; r < SYNTHETIC_SEEDS; r++) {
            double gap = width[c] - truth->critical, scatter = exp(truth->sigma * rit_random_gauss(&random));
            double tau = gap > 0.0 ? scatter / (truth->rate * pow(gap, truth->exponent)) : INFINITY;
            s->life[c * SYNTHETIC_SEEDS + r] = tau > truth->tau_max
                                                   ? (struct rit_lifetime){truth->tau_max, true}
                                                   : (struct rit_lifetime){tau, false};
        }
    }
    s->start[SYNTHETIC_CELLS] = SYNTHETIC_RUNS;
    s->line = (struct rit_line){SYNTHETIC_CELLS, s->width, s->start, s->life};
}

#endif
