/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Refining against a full grid on landscapes with known borders (tests/sweep/landscape.h): what each costs
 * for the same error, and how often the intervals of each hold the truth.
 */
#include "sweep/landscape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LANDSCAPES = 500, SEEDS = 5 };

struct sums {
    int asked, known, held, enough;
    double ratio[LANDSCAPES * LANDSCAPE_THRESHOLDS];
    int n;
};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void count(const struct landscape *land, const struct survey *survey, struct sums *sums)
{
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++) {
        sums->asked++;
        sums->known += isfinite(survey->border[t].value);
        sums->held += survey->low[t] <= land->critical[t] && land->critical[t] <= survey->high[t];
        sums->enough += survey->border[t].enough;
    }
}

static void print(const char *name, const struct rit_strategy *s)
{
    static struct sums refined, full;
    refined = full = (struct sums){0};
    double rounds = 0, runs = 0, grid_runs = 0, worst = 0;
    static double ratio[LANDSCAPES];
    for (int i = 0; i < LANDSCAPES; i++) {
        struct landscape land = landscape_draw((uint64_t)i, s->below);
        struct survey fine, grid;
        survey_refine(&land, s, &fine);
        survey_grid(&land, s, SEEDS, 2, &grid);
        count(&land, &fine, &refined);
        count(&land, &grid, &full);
        /* The cost of a grid with as many more seeds as its worst threshold needs for the error of the
         * refined. */
        double more = 0;
        for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++)
            more = fmax(more, pow(grid.border[t].error / fine.border[t].error, 2));
        ratio[i] = more * grid.cost / fine.cost;
        rounds += fine.rounds;
        runs += fine.runs;
        grid_runs += grid.runs;
        worst = fmax(worst, fine.rounds);
    }
    qsort(ratio, LANDSCAPES, sizeof *ratio, ascending);
    printf(
        "%-28s %5.1f %% hold the truth (grid %5.1f %%), %5.1f %% known (%5.1f %%), %5.1f %% as wanted; "
        "%4.0f runs in %4.1f rounds (most %.0f); grid with %d seeds %4.0f runs; cost ratio for equal error: "
        "median %.1f, quartiles %.1f .. %.1f, 5 %% %.1f\n",
        name, 100. * refined.held / refined.known, 100. * full.held / full.known,
        100. * refined.known / refined.asked, 100. * full.known / full.asked,
        100. * refined.enough / refined.asked, runs / LANDSCAPES, rounds / LANDSCAPES, worst, SEEDS,
        grid_runs / LANDSCAPES, ratio[LANDSCAPES / 2], ratio[LANDSCAPES / 4], ratio[3 * LANDSCAPES / 4],
        ratio[LANDSCAPES / 20]);
}

int main(void)
{
    struct rit_strategy s = {
        .from = 4, .to = 200, .whole = true, .error = 0.03, .first_tau = 125, .last_tau = 2000, .growth = 2};
    print("widths, 3 %", &s);
    s.error = 0.01;
    print("widths, 1 %", &s);
    s.error = 0.03;
    s.whole = false;
    s.growth = 0;
    print("a real axis, 3 %", &s);
    s.below = true;
    s.error = 0.01;
    s.growth = 1;
    print("learnable below, 1 %", &s);
    return 0;
}
