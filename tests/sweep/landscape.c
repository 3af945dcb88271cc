/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "landscape.h"

#include <ritardando/status.h>

#include "base/random.h"
#include "config/config.h"
#include "phase/critical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct landscape landscape_draw(uint64_t key, bool below)
{
    struct rit_random random = rit_random_open(key, RIT_FOR_SYNTHETIC, 1, below);
    struct landscape land = {.key = key, .sigma = 0.25 + 0.2 * rit_random_uniform(&random)};
    double border = 8 * pow(5, rit_random_uniform(&random));
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++) {
        double nearer = border * (1 - 0.08 * t);
        land.critical[t] = below ? 204 - nearer : nearer;
        land.rate[t] = 0.05 / border * (1 + 0.4 * t) * (0.7 + 0.6 * rit_random_uniform(&random));
    }
    return land;
}

double landscape_tau(const struct landscape *land, const struct rit_strategy *s, double at, int seed, int t)
{
    double above = s->below ? land->critical[t] - at : at - land->critical[t];
    struct rit_random random =
        rit_random_open(land->key, RIT_FOR_SYNTHETIC, (uint64_t)(1e6 * at), 2 + (uint64_t)seed);
    double scatter = exp(land->sigma * rit_random_gauss(&random));
    return above > 0 ? scatter / (land->rate[t] * above) : INFINITY;
}

double landscape_cost(const struct landscape *land, const struct rit_strategy *s, double at, int seed,
                      double tau)
{
    double longest = 0;
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++)
        longest = fmax(longest, landscape_tau(land, s, at, seed, t));
    return fmin(longest, tau) * pow(at, s->growth);
}

/* What the cells say; free the memory of life[0]. */
static void tell(const struct landscape *land, const struct rit_strategy *s, const struct survey *survey,
                 int *start, struct rit_lifetime *life[LANDSCAPE_THRESHOLDS])
{
    int runs = 0;
    for (int c = 0; c < survey->cells; c++)
        runs += survey->seeds[c];
    struct rit_lifetime *all = calloc((size_t)runs * LANDSCAPE_THRESHOLDS + 1, sizeof *all);
    RIT_CHECK(all);
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++) {
        life[t] = all + (size_t)t * (size_t)runs;
        int r = 0;
        for (int c = 0; c < survey->cells; c++) {
            start[c] = r;
            for (int seed = 0; seed < survey->seeds[c]; seed++, r++) {
                double tau = landscape_tau(land, s, survey->at[c], seed, t);
                bool censored = !(tau < survey->tau[c]);
                life[t][r] = (struct rit_lifetime){censored ? survey->tau[c] : tau, censored};
            }
        }
        start[survey->cells] = r;
    }
}

static void grant(const struct rit_wish *wish, struct survey *survey)
{
    int c = 0;
    while (c < survey->cells && survey->at[c] < wish->at)
        c++;
    if (c == survey->cells || survey->at[c] != wish->at) {
        RIT_CHECK(survey->cells < LANDSCAPE_CELLS);
        size_t n = (size_t)(survey->cells++ - c);
        memmove(survey->at + c + 1, survey->at + c, n * sizeof *survey->at);
        memmove(survey->tau + c + 1, survey->tau + c, n * sizeof *survey->tau);
        memmove(survey->seeds + c + 1, survey->seeds + c, n * sizeof *survey->seeds);
        survey->at[c] = wish->at;
        survey->seeds[c] = 0;
    }
    RIT_CHECK(survey->seeds[c] <= wish->seeds);
    survey->seeds[c] = wish->seeds;
    survey->tau[c] = wish->tau;
}

/* The intervals of `analyse`, along u where networks learn above the border. */
static void find_intervals(const struct rit_strategy *s, int *start, struct rit_lifetime **life,
                           struct survey *survey)
{
    int n = survey->cells;
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++) {
        double u[LANDSCAPE_CELLS];
        int from[LANDSCAPE_CELLS + 1] = {0};
        struct rit_lifetime *sorted = calloc((size_t)start[n] + 1, sizeof *sorted);
        RIT_CHECK(sorted);
        for (int i = 0; i < n; i++) {
            int c = s->below ? n - 1 - i : i;
            u[i] = s->below ? s->from + s->to - survey->at[c] : survey->at[c];
            from[i + 1] = from[i] + survey->seeds[c];
            memcpy(sorted + from[i], life[t] + start[c], (size_t)survey->seeds[c] * sizeof *sorted);
        }
        struct rit_line line = {n, u, from, sorted};
        struct rit_critical found;
        rit_critical_find(&line, 0.6827, 2, &found);
        bool known = found.known == RIT_KNOWN_VALUE;
        double value = known ? found.critical.value : NAN;
        survey->border[t].value = s->below ? s->from + s->to - value : value;
        survey->border[t].error = known ? found.error : NAN;
        survey->low[t] = !known ? NAN : s->below ? s->from + s->to - found.critical.high : found.critical.low;
        survey->high[t] = !known     ? NAN
                          : s->below ? s->from + s->to - found.critical.low
                                     : found.critical.high;
        free(sorted);
    }
}

static void sum_up(const struct landscape *land, const struct rit_strategy *s, struct survey *survey)
{
    int start[LANDSCAPE_CELLS + 1];
    struct rit_lifetime *life[LANDSCAPE_THRESHOLDS];
    survey->cost = 0;
    survey->runs = 0;
    for (int c = 0; c < survey->cells; c++)
        for (int seed = 0; seed < survey->seeds[c]; seed++, survey->runs++)
            survey->cost += landscape_cost(land, s, survey->at[c], seed, survey->tau[c]);
    tell(land, s, survey, start, life);
    find_intervals(s, start, life, survey);
    free(life[0]);
}

void survey_refine(const struct landscape *land, const struct rit_strategy *s, struct survey *survey)
{
    struct rit_wish wish[RIT_MAX_WISHES] = {{s->from, s->first_tau, RIT_FIRST_SEEDS}};
    *survey = (struct survey){.rounds = 0};
    for (int n = 1; n > 0 && survey->rounds < 1000; survey->rounds++) {
        int start[LANDSCAPE_CELLS + 1];
        struct rit_lifetime *life[LANDSCAPE_THRESHOLDS];
        for (int i = 0; i < n; i++)
            grant(&wish[i], survey);
        tell(land, s, survey, start, life);
        struct rit_told told = {
            survey->cells, LANDSCAPE_THRESHOLDS, survey->at, survey->tau, survey->seeds, start, life};
        survey->enough = rit_strategy_ask(s, &told, wish, &n, survey->border);
        free(life[0]);
        if (survey->enough != RIT_ENOUGH_NOT)
            break;
    }
    struct rit_border border[LANDSCAPE_THRESHOLDS];
    memcpy(border, survey->border, sizeof border);
    sum_up(land, s, survey);
    for (int t = 0; t < LANDSCAPE_THRESHOLDS; t++)
        survey->border[t].enough = border[t].enough;
}

void survey_grid(const struct landscape *land, const struct rit_strategy *s, int seeds, double step,
                 struct survey *survey)
{
    *survey = (struct survey){.enough = RIT_ENOUGH_ERROR};
    for (double at = s->from; at <= s->to; at += step) {
        RIT_CHECK(survey->cells < LANDSCAPE_CELLS);
        survey->at[survey->cells] = at;
        survey->tau[survey->cells] = s->last_tau;
        survey->seeds[survey->cells++] = seeds;
    }
    sum_up(land, s, survey);
}
