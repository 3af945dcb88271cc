/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the order of points is worth: `bench_schedule [TIMES]` plays sweeps with the real master and virtual
 * workers. Without TIMES a sweep across the transition: for 4 depths of N_c = 16, 12, 9, 7, widths 4 to 102
 * and 100 seeds, 1/tau = 0.001 (N_h - N_c) with 0.35 of scatter of log tau, stopped at tau = 2000; a second
 * per tau at width 20, and as N_h^2. With TIMES, a file of "expected seconds" pairs, what a run recorded.
 * Prints makespans over the lower bound: longest first if all was known, by what is expected, by what the
 * longest of so many would take (as a sweep does), in the order of the plan, and at random (median of 5).
 * Without TIMES also how efficient 10^5 workers of one master are with points of 30 to 90 seconds, at 20, 50
 * and 100 microseconds of the master for a point.
 */
#include "base/random.h"
#include "sweep/forecast.h"
#include "sweep/rehearsal.h"

#include <ritardando/status.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 20000, DRAWS = 5 };

static double expected[MOST], most[MOST], seconds[MOST], same[MOST], random_price[MOST];
static int points;

static void make_landscape(void)
{
    static const double critical[] = {16, 12, 9, 7};
    const double stop = 2000, scatter = 0.35;
    struct rit_random random = rit_random_open(1, RIT_FOR_SYNTHETIC, 0, 0);
    for (int d = 0; d < 4; d++)
        for (int w = 4; w < 104; w += 2)
            for (int s = 0; s < 100; s++, points++) {
                double above = w - critical[d], pace = (d + 1) * w * w / 400.;
                double middle = above > 0 ? log(1000 / above / stop) : 40, e = rit_random_gauss(&random);
                struct rit_guess guess = rit_guess_of(fmin(middle, 40), scatter, RIT_BASIS_LINE);
                expected[points] = pace * stop * guess.share;
                most[points] = pace * stop * rit_guess_most(&guess, MOST);
                seconds[points] = pace * stop * fmin(1, exp(fmin(middle, 40) + scatter * e));
            }
}

static void read_times(const char *path)
{
    FILE *file = fopen(path, "r");
    RIT_CHECK(file);
    while (points < MOST && fscanf(file, "%lf %lf", &expected[points], &seconds[points]) == 2) {
        most[points] = expected[points];
        points++;
    }
    fclose(file);
}

static double makespan(const double *price, int workers)
{
    struct rit_part part = {points, workers, price, seconds, 0, NULL};
    return rit_rehearse(&part).makespan;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_random(int workers)
{
    double draw[DRAWS];
    for (int k = 0; k < DRAWS; k++) {
        struct rit_random random = rit_random_open(2, RIT_FOR_SYNTHETIC, (uint64_t)k, 0);
        for (int p = 0; p < points; p++)
            random_price[p] = rit_random_uniform(&random);
        draw[k] = makespan(random_price, workers);
    }
    qsort(draw, DRAWS, sizeof *draw, ascending);
    return draw[DRAWS / 2];
}

static void project(void)
{
    enum { WORKERS = 100000, EACH = 20 };
    static const double handling[] = {20e-6, 50e-6, 100e-6};
    double *length = malloc(sizeof *length * WORKERS * EACH);
    RIT_CHECK(length);
    struct rit_random random = rit_random_open(3, RIT_FOR_SYNTHETIC, 0, 0);
    for (int p = 0; p < WORKERS * EACH; p++)
        length[p] = 30 + 60 * rit_random_uniform(&random);
    printf("%d workers, points of 30 to 90 seconds: efficiency, the master's share and its longest queue\n",
           WORKERS);
    for (int each = 5; each <= EACH; each *= 2)
        for (int h = 0; h < 3; h++) {
            struct rit_part part = {WORKERS * each, WORKERS, length, length, handling[h], NULL};
            struct rit_rehearsed play = rit_rehearse(&part);
            printf("%3d points each, %3.0f us: %.3f  %.3f  %d\n", each, 1e6 * handling[h], play.efficiency,
                   play.master, play.backlog);
        }
    free(length);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        read_times(argv[1]);
    else
        make_landscape();
    printf("%d points\nworkers  bound [s]  known  expected   most   plan  random\n", points);
    for (int workers = points < MOST ? 8 : 64; workers <= 4096 && workers < points; workers *= 2) {
        double bound = rit_least_makespan(seconds, points, workers);
        printf("%7d  %9.4g  %5.3f  %8.3f  %5.3f  %5.3f  %6.3f\n", workers, bound,
               makespan(seconds, workers) / bound, makespan(expected, workers) / bound,
               makespan(most, workers) / bound, makespan(same, workers) / bound, at_random(workers) / bound);
    }
    if (argc == 1)
        project();
    return 0;
}
