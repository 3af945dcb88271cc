/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A transition whose border is known, and what refining it costs: 1/tau = a (N - N_c) with log-normal scatter
 * from seed to seed. The strategy is the program's own; a run takes no time.
 */
#ifndef RITARDANDO_TESTS_SWEEP_LANDSCAPE_H
#define RITARDANDO_TESTS_SWEEP_LANDSCAPE_H

#include "sweep/strategy.h"

#include <stdint.h>

enum { LANDSCAPE_THRESHOLDS = 3 };

struct landscape {
    uint64_t key;
    double critical[LANDSCAPE_THRESHOLDS], rate[LANDSCAPE_THRESHOLDS], sigma;
};

/** A border anywhere between 8 and 40 of 4 .. 200 (or, mirrored, as far from the other end), and times of
 * which none is known before. */
struct landscape landscape_draw(uint64_t key, bool below);

/** Learning time at a threshold; INFINITY on the other side of the border. */
double landscape_tau(const struct landscape *land, const struct rit_strategy *s, double at, int seed,
                     int threshold);

/** Steps of a run to `tau` at most, times what a step costs. */
double landscape_cost(const struct landscape *land, const struct rit_strategy *s, double at, int seed,
                      double tau);

enum { LANDSCAPE_CELLS = 512 };

/** A line in the making. */
struct survey {
    int cells, rounds, runs;
    double at[LANDSCAPE_CELLS], tau[LANDSCAPE_CELLS], cost;
    int seeds[LANDSCAPE_CELLS];
    enum rit_enough enough;
    struct rit_border border[LANDSCAPE_THRESHOLDS];
    double low[LANDSCAPE_THRESHOLDS],
        high[LANDSCAPE_THRESHOLDS]; /* its interval of 68 %, as `analyse` has it */
};

/** Ask until it is enough. */
void survey_refine(const struct landscape *land, const struct rit_strategy *s, struct survey *survey);
/** What the full grid says: every value with so many seeds to the last tau. */
void survey_grid(const struct landscape *land, const struct rit_strategy *s, int seeds, double step,
                 struct survey *survey);

#endif
