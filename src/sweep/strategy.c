/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/strategy.h"

#include <ritardando/status.h>

#include "base/exact.h"
#include "config/config.h"
#include "phase/critical.h"
#include "phase/tobit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEARNED_CELLS = RIT_LEAST_CELLS_FREE,
    LEAST_LEARNED = 30, /* runs before an error is believed */
    LEAST_BATCH = 6,
    STEPS_UP = 8,            /* through a range that has no factors of two in it */
    MOST_SEEDS_UNKNOWN = 24, /* of a cell, before the border has a value */
    LATTICE = 24,            /* values looked at above a border */
};
static const double reach = 2.0, level = 0.6827; /* as `analyse` has them */
static const double near = 0.5;   /* of a border: how far above it the law is trusted to lead to it */
static const double longer = 4.0; /* one tau to the next */
static const double digits = 3;   /* of a value that is no whole number */

/* One threshold: what is known of its border. Learnability grows along u, which is the axis or its mirror
 * image. */
struct border {
    struct rit_critical found;
    bool known, enough, beyond; /* beyond: not within the range and the last tau */
    double rate, critical, sigma, error;
    double m00, m01, m11; /* information of the runs on (log a, N_c) */
    double goal;          /* of the variance of N_c, over what it is */
    double variance;      /* by the information before anything is added */
};

struct asking {
    const struct rit_strategy *s;
    const struct rit_told *told;
    struct border *border; /* [thresholds] */
    double *u;             /* [cells] ascending */
    struct rit_line *line; /* [thresholds], along u */
    int *start, *cell;     /* [cells + 1], [cells]: cells by u, of those that say something */
    struct rit_lifetime **life;
    int cells;
    struct rit_wish *wish;
    int wishes;
};

/* ---- the axis and its mirror image ---- */

static double offset(const struct rit_strategy *s)
{
    return s->from > 0 ? 0 : (s->to - s->from) / STEPS_UP - s->from;
}

static double to_u(const struct rit_strategy *s, double at)
{
    return (s->below ? s->from + s->to - at : at) + offset(s);
}

static double to_axis(const struct rit_strategy *s, double u)
{
    double at = u - offset(s);
    return s->below ? s->from + s->to - at : at;
}

/* The nearest value that may be asked for. */
static double round_to_axis(const struct rit_strategy *s, double at)
{
    double x = at;
    if (s->whole) {
        x = s->below ? floor(at) : ceil(at);
    } else {
        char text[40];
        snprintf(text, sizeof text, "%.*g", (int)digits, at);
        x = strtod(text, NULL);
    }
    return fmin(s->to, fmax(s->from, x));
}

/* ---- what the runs tell ---- */

static void arrange(struct asking *a)
{
    const struct rit_told *told = a->told;
    for (int i = 0, runs = 0; i < told->cells; i++) {
        int c = a->s->below ? told->cells - 1 - i : i, n = told->start[c + 1] - told->start[c];
        if (n == 0)
            continue;
        for (int t = 0; t < told->thresholds; t++)
            memcpy(a->life[t] + runs, told->life[t] + told->start[c], (size_t)n * sizeof **a->life);
        a->cell[a->cells] = c;
        a->u[a->cells] = to_u(a->s, told->at[c]);
        a->start[a->cells++] = runs;
        a->start[a->cells] = runs += n;
    }
    for (int t = 0; t < told->thresholds; t++)
        a->line[t] = (struct rit_line){a->cells, a->u, a->start, a->life[t]};
}

/* How far above the border a run is taken to be: not nearer than the border is known; 0 below it. */
static double from_critical(const struct border *b, double u)
{
    double above = u - b->critical;
    return above > 0 ? sqrt(above * above + b->error * b->error) : 0;
}

static double expected_log(const struct border *b, double distance)
{
    return -rit_log(b->rate) - rit_log(distance);
}

/* Information on E[log tau] in a run that lasts to tau without learning; *learns: its chance to learn before.
 */
static double censored_information(const struct border *b, double distance, double tau, double *learns)
{
    double m = (expected_log(b, distance) - rit_log(tau)) / b->sigma, hazard;
    double log_lasts = rit_log_phi(m, &hazard);
    *learns = -rit_expm1(log_lasts);
    return fmax(0, hazard * (hazard + m)) / (b->sigma * b->sigma);
}

static void add_information(double weight, double distance, double *m00, double *m01, double *m11)
{
    *m00 += weight;
    *m01 -= weight / distance;
    *m11 += weight / (distance * distance);
}

static double variance_of(double m00, double m01, double m11)
{
    double determinant = m00 * m11 - m01 * m01;
    return determinant > 0 ? m00 / determinant : INFINITY;
}

static void take_information(const struct asking *a, int t, struct border *b)
{
    const struct rit_line *line = &a->line[t];
    for (int c = 0; c < line->cells; c++) {
        double distance = from_critical(b, line->width[c]), learns;
        if (!(distance > 0) || line->width[c] > b->found.window_high)
            continue;
        for (int r = line->start[c]; r < line->start[c + 1]; r++) {
            const struct rit_lifetime *life = &line->life[r];
            double weight = life->censored ? censored_information(b, distance, life->tau, &learns)
                                           : 1 / (b->sigma * b->sigma);
            add_information(weight, distance, &b->m00, &b->m01, &b->m11);
        }
    }
    b->variance = variance_of(b->m00, b->m01, b->m11);
}

static void look(struct asking *a, int t)
{
    struct border *b = &a->border[t];
    *b = (struct border){.known = false};
    rit_critical_find(&a->line[t], level, reach, &b->found);
    const struct rit_critical *found = &b->found;
    b->known = found->known == RIT_KNOWN_VALUE && isfinite(found->error) && found->sigma > 0;
    b->known = b->known && found->critical.value >= to_u(a->s, a->s->below ? a->s->to : a->s->from);
    if (!b->known)
        return;
    b->critical = found->critical.value;
    b->error = fmax(found->error, 1e-9 * fabs(b->critical));
    b->rate = found->rate.value;
    b->sigma = found->sigma;
    double wanted = a->s->error * fabs(to_axis(a->s, b->critical)), ratio = wanted / b->error;
    b->enough = ratio >= 1 && found->learned >= LEAST_LEARNED;
    b->goal = 0.9 * ratio * ratio; /* a little further, so that one more round is seldom needed */
    take_information(a, t, b);
}

/* ---- asking ---- */

static struct rit_wish *wish_of(struct asking *a, double at)
{
    for (int i = 0; i < a->wishes; i++)
        if (a->wish[i].at == at)
            return &a->wish[i];
    if (a->wishes == RIT_MAX_WISHES)
        return NULL;
    struct rit_wish *wish = &a->wish[a->wishes++];
    *wish = (struct rit_wish){at, a->s->first_tau, 0};
    for (int c = 0; c < a->told->cells; c++)
        if (a->told->at[c] == at)
            *wish = (struct rit_wish){at, a->told->tau[c], a->told->seeds[c]};
    return wish;
}

static void ask(struct asking *a, double at, int seeds, double tau)
{
    struct rit_wish *wish = wish_of(a, at);
    if (!wish)
        return;
    wish->seeds = (int)fmin(RIT_MAX_SEEDS, fmax(wish->seeds, seeds));
    wish->tau = fmin(a->s->last_tau, fmax(wish->tau, tau));
}

static double next_tau(const struct rit_strategy *s, double tau)
{
    return fmin(s->last_tau, longer * tau);
}

/* Wishes that are what there is already go. */
static void drop_granted(struct asking *a)
{
    int kept = 0;
    for (int i = 0; i < a->wishes; i++) {
        bool granted = a->wish[i].seeds == 0;
        for (int c = 0; c < a->told->cells; c++)
            granted = granted || (a->told->at[c] == a->wish[i].at && a->told->tau[c] >= a->wish[i].tau &&
                                  a->told->seeds[c] >= a->wish[i].seeds);
        if (!granted)
            a->wish[kept++] = a->wish[i];
    }
    a->wishes = kept;
}

/* ---- 1: until the border is behind ---- */

static bool learns(const struct asking *a, int t, int c)
{
    return isfinite(rit_line_median(&a->line[t], c));
}

/* Whether the highest cell is on the other side at every threshold. */
static bool is_behind(const struct asking *a)
{
    bool behind = a->cells > 0;
    for (int t = 0; t < a->told->thresholds; t++)
        behind = behind && (a->s->below ? !learns(a, t, 0) : learns(a, t, a->cells - 1));
    return behind;
}

static double step_up(const struct rit_strategy *s, double at)
{
    double step = (s->to - s->from) / STEPS_UP;
    return round_to_axis(s, s->from > 0 && s->to > 4 * s->from ? fmin(2 * at, s->to) : at + step);
}

/* True if something was asked for. */
static bool go_up(struct asking *a)
{
    const struct rit_told *told = a->told;
    double highest = told->at[told->cells - 1], tau = told->tau[told->cells - 1];
    if (is_behind(a))
        return false;
    if (highest < a->s->to)
        ask(a, step_up(a->s, highest), RIT_FIRST_SEEDS, a->s->first_tau);
    else if (!a->s->below && tau < a->s->last_tau)
        ask(a, highest, 0, next_tau(a->s, tau));
    return a->wishes > 0;
}

/* ---- 2: until the border has a value ---- */

/* Values a cell apart, beyond the lowest that learns, so that enough cells do. */
static void ask_beyond(struct asking *a, int t, int low, int high)
{
    const double *u = a->u;
    double apart = fmax(a->s->whole ? 1 : 0.05 * u[high], u[high] - u[low]);
    int n = 0;
    for (int c = high; c < a->cells; c++)
        n += learns(a, t, c) && u[c] <= reach * u[high];
    for (int k = 1; n < LEARNED_CELLS && k < 8; k++) {
        double at = round_to_axis(a->s, to_axis(a->s, u[high] + k * apart));
        bool there = false;
        for (int c = 0; c < a->told->cells; c++)
            there = there || a->told->at[c] == at;
        if (there)
            continue;
        ask(a, at, RIT_FIRST_SEEDS, a->told->tau[a->cell[high]]);
        n++;
    }
}

static void find_border(struct asking *a, int t)
{
    int high = 0;
    while (high < a->cells && !learns(a, t, high))
        high++;
    int low = high - 1, before = a->wishes;
    if (high == 0)
        return;             /* it is beyond the range */
    if (high == a->cells) { /* nothing learns: longer where it is nearest to it */
        ask(a, a->told->at[a->cell[low]], 0, next_tau(a->s, a->told->tau[a->cell[low]]));
        return;
    }
    double middle = round_to_axis(a->s, to_axis(a->s, 0.5 * (a->u[low] + a->u[high])));
    if (a->u[high] - a->u[low] > fmax(a->s->whole ? 1 : 0, 0.15 * a->u[high]) &&
        middle != a->told->at[a->cell[low]] && middle != a->told->at[a->cell[high]])
        ask(a, middle, RIT_FIRST_SEEDS, a->s->first_tau);
    ask_beyond(a, t, low, high);
    if (a->wishes > before)
        return;
    for (int c = low; c < a->cells && a->u[c] <= reach * a->u[high]; c++) {
        double tau = a->told->tau[a->cell[c]];
        int seeds = a->told->seeds[a->cell[c]];
        if (seeds < MOST_SEEDS_UNKNOWN)
            ask(a, a->told->at[a->cell[c]], seeds + RIT_FIRST_SEEDS, c <= high ? next_tau(a->s, tau) : tau);
    }
}

/* Steps of a run until it has learned at the slowest threshold, or to `tau`, in units of tau. */
static double expected_time(const struct asking *a, double u, double tau)
{
    double longest = 0;
    for (int t = 0; t < a->told->thresholds; t++) {
        const struct border *b = &a->border[t];
        double distance = b->known ? from_critical(b, u) : 0;
        longest = fmax(longest,
                       distance > 0 ? rit_exp(expected_log(b, distance) + 0.5 * b->sigma * b->sigma) : tau);
    }
    return fmin(longest, tau);
}

/* The shortest tau by which a run at u will mostly have learned. */
static double tau_for(const struct asking *a, double u)
{
    double wanted = 2 * expected_time(a, u, a->s->last_tau), tau = a->s->first_tau;
    while (tau < wanted && tau < a->s->last_tau)
        tau = next_tau(a->s, tau);
    return tau;
}

/* The lowest cell that learns, by u. */
static int lowest_learning(const struct asking *a, int t)
{
    int c = 0;
    while (c < a->cells && !learns(a, t, c))
        c++;
    return c;
}

/* The law is one of the neighbourhood of the border. While the cells that learn are far above, halfway down
 * to it; and longer there, as what does not learn may only be slow. True if something was asked for. */
static bool approach(struct asking *a, int t)
{
    const struct border *b = &a->border[t];
    int first = lowest_learning(a, t), before = a->wishes;
    if (first == a->cells || a->u[first] - b->critical <= near * b->critical)
        return false;
    double floor = fmax(b->critical, to_u(a->s, a->s->below ? a->s->to : a->s->from));
    for (int c = 0; c < first; c++) {
        double tau = a->told->tau[a->cell[c]];
        if (a->u[c] > floor && tau >= a->s->last_tau)
            floor = a->u[c];
        else if (a->u[c] > floor)
            ask(a, a->told->at[a->cell[c]], 0, next_tau(a->s, tau));
    }
    if (a->wishes > before)
        return true;
    double at = round_to_axis(a->s, to_axis(a->s, 0.5 * (floor + a->u[first]))), u = to_u(a->s, at);
    bool there = u <= floor || u >= a->u[first] || a->u[first] - floor < 0.1 * near * b->critical;
    if (!there)
        ask(a, at, RIT_FIRST_SEEDS, tau_for(a, u));
    return !there;
}

/* ---- 3: until its error is small ---- */

/* One more thing that could be done: a run more at `at`, or all runs of the cell to a longer tau. */
struct offer {
    double at, tau;
    int cell; /* by u; -1: a new one */
    bool extends;
};

/* What the offer adds to the information at a threshold. */
static void gain_of(const struct asking *a, const struct offer *o, int t, double gain[3])
{
    const struct border *b = &a->border[t];
    double distance = from_critical(b, to_u(a->s, o->at)), chance;
    gain[0] = gain[1] = gain[2] = 0;
    if (!(distance > 0))
        return;
    double censored = censored_information(b, distance, o->tau, &chance);
    double whole = chance / (b->sigma * b->sigma) + (1 - chance) * censored;
    if (!o->extends) {
        add_information(whole, distance, &gain[0], &gain[1], &gain[2]);
        return;
    }
    const struct rit_line *line = &a->line[t];
    for (int r = line->start[o->cell]; r < line->start[o->cell + 1]; r++) {
        if (!line->life[r].censored)
            continue;
        double before_chance, before = censored_information(b, distance, line->life[r].tau, &before_chance);
        double since = (chance - before_chance) / fmax(1e-12, 1 - before_chance);
        double after = since / (b->sigma * b->sigma) + (1 - since) * censored;
        add_information(fmax(0, after - before), distance, &gain[0], &gain[1], &gain[2]);
    }
}

static double price_of(const struct asking *a, const struct offer *o)
{
    double u = to_u(a->s, o->at), time = expected_time(a, u, o->tau);
    if (o->extends) {
        int lasting = 0;
        for (int r = a->start[o->cell]; r < a->start[o->cell + 1]; r++)
            for (int t = 0; t < a->told->thresholds; t++)
                if (a->life[t][r].censored) {
                    lasting++;
                    break;
                }
        time = lasting * fmax(0.5 * o->tau, time - a->told->tau[a->cell[o->cell]]);
    }
    return time * rit_pow(fmax(1e-300, o->at > 0 ? o->at : 1), a->s->growth);
}

/* Relative loss of variance at the thresholds that want it, for the price. */
static double worth_of(const struct asking *a, const struct offer *o)
{
    double sum = 0;
    for (int t = 0; t < a->told->thresholds; t++) {
        const struct border *b = &a->border[t];
        double gain[3], before = variance_of(b->m00, b->m01, b->m11);
        if (!b->known || b->enough || before <= b->goal * b->variance)
            continue;
        gain_of(a, o, t, gain);
        if (to_u(a->s, o->at) <= b->found.window_high)
            sum += isfinite(before)
                       ? 1 - variance_of(b->m00 + gain[0], b->m01 + gain[1], b->m11 + gain[2]) / before
                       : gain[0];
    }
    return sum / price_of(a, o);
}

static void consider(const struct asking *a, const struct offer *offer, struct offer *best, double *worth)
{
    double w = worth_of(a, offer);
    if (w > *worth) {
        *worth = w;
        *best = *offer;
    }
}

/* Of the cells there are: runs more, or longer ones. What is asked for in this round already counts as there.
 */
static void consider_cells(const struct asking *a, struct offer *best, double *worth)
{
    for (int c = 0; c < a->cells; c++) {
        double at = a->told->at[a->cell[c]], tau = a->told->tau[a->cell[c]];
        int seeds = a->told->seeds[a->cell[c]];
        for (int i = 0; i < a->wishes; i++)
            if (a->wish[i].at == at) {
                tau = fmax(tau, a->wish[i].tau);
                seeds = a->wish[i].seeds;
            }
        struct offer more = {at, tau, c, false}, longest = {at, next_tau(a->s, tau), c, true};
        if (seeds < RIT_MAX_SEEDS)
            consider(a, &more, best, worth);
        if (tau < a->s->last_tau && tau == a->told->tau[a->cell[c]])
            consider(a, &longest, best, worth);
    }
}

/* New values above a border, the nearer the denser. */
static void consider_values(const struct asking *a, const struct border *b, struct offer *best, double *worth)
{
    double least = fmax(0.5 * b->error, 1e-6 * fabs(b->critical)), most = b->found.window_high - b->critical;
    for (int k = 0; k < LATTICE && most > least; k++) {
        double u = b->critical + least * rit_pow(most / least, (double)k / (LATTICE - 1));
        double at = round_to_axis(a->s, to_axis(a->s, u));
        bool there = false;
        for (int c = 0; c < a->told->cells; c++) {
            double twin = a->s->whole ? 0 : 0.1 * fabs(u - b->critical);
            there = there || fabs(a->told->at[c] - at) <= twin;
        }
        for (int i = 0; i < a->wishes; i++)
            there = there || a->wish[i].at == at;
        struct offer fresh = {at, tau_for(a, to_u(a->s, at)), -1, false};
        if (!there)
            consider(a, &fresh, best, worth);
    }
}

static void take(struct asking *a, const struct offer *o, int *runs)
{
    struct rit_wish *wish = wish_of(a, o->at);
    if (!wish)
        return;
    int added = o->cell < 0 ? RIT_FIRST_SEEDS : o->extends ? 0 : 1;
    ask(a, o->at, wish->seeds + added, o->tau);
    *runs += o->extends ? a->start[o->cell + 1] - a->start[o->cell] : added;
    for (int t = 0; t < a->told->thresholds; t++) {
        struct border *b = &a->border[t];
        double gain[3];
        if (!b->known)
            continue;
        gain_of(a, o, t, gain);
        int times = o->cell < 0 ? added : 1;
        b->m00 += times * gain[0];
        b->m01 += times * gain[1];
        b->m11 += times * gain[2];
    }
}

static void sharpen(struct asking *a)
{
    int batch = (int)fmax(LEAST_BATCH, (a->cells > 0 ? a->start[a->cells] : 0) / 3.0);
    for (int runs = 0; runs < batch && a->wishes < RIT_MAX_WISHES;) {
        struct offer best = {.cell = -1};
        double worth = 0;
        consider_cells(a, &best, &worth);
        for (int t = 0; t < a->told->thresholds; t++)
            if (a->border[t].known && !a->border[t].enough)
                consider_values(a, &a->border[t], &best, &worth);
        if (!(worth > 0))
            break;
        take(a, &best, &runs);
    }
}

/* Errors that are small enough for the information, but not for the runs: a few more where they learn
 * soonest. */
static void ask_for_more(struct asking *a)
{
    for (int c = 0; c < a->cells; c++)
        for (int t = 0; t < a->told->thresholds; t++)
            if (a->border[t].known && !a->border[t].enough && a->u[c] <= a->border[t].found.window_high &&
                a->u[c] > a->border[t].critical)
                ask(a, a->told->at[a->cell[c]], a->told->seeds[a->cell[c]] + 2, 0);
}

/* ---- all of it ---- */

static enum rit_enough decide(struct asking *a)
{
    bool all = true;
    if (go_up(a))
        return RIT_ENOUGH_NOT;
    if (a->cells == 0)
        return RIT_ENOUGH_NOTHING; /* every run failed */
    for (int t = 0; t < a->told->thresholds; t++)
        look(a, t);
    for (int t = 0; t < a->told->thresholds; t++)
        if (!a->border[t].known)
            find_border(a, t);
        else if (approach(a, t))
            a->border[t].enough = false;
    for (int t = 0; t < a->told->thresholds; t++)
        all = all && a->border[t].enough;
    if (all)
        return RIT_ENOUGH_ERROR;
    sharpen(a);
    drop_granted(a);
    if (a->wishes == 0)
        ask_for_more(a);
    drop_granted(a);
    return a->wishes > 0 ? RIT_ENOUGH_NOT : RIT_ENOUGH_NOTHING;
}

static void tell_border(const struct asking *a, struct rit_border *border)
{
    for (int t = 0; border && t < a->told->thresholds; t++) {
        const struct border *b = &a->border[t];
        border[t] = b->known ? (struct rit_border){to_axis(a->s, b->critical), b->error, b->enough}
                             : (struct rit_border){NAN, NAN, false};
    }
}

enum rit_enough rit_strategy_ask(const struct rit_strategy *strategy, const struct rit_told *told,
                                 struct rit_wish wish[RIT_MAX_WISHES], int *n, struct rit_border *border)
{
    size_t cells = (size_t)told->cells + 1, thresholds = (size_t)told->thresholds + 1,
           runs = (size_t)told->start[told->cells] + 1;
    struct asking a = {.s = strategy,
                       .told = told,
                       .border = calloc(thresholds, sizeof *a.border),
                       .u = calloc(cells, sizeof *a.u),
                       .line = calloc(thresholds, sizeof *a.line),
                       .start = calloc(cells, sizeof *a.start),
                       .cell = calloc(cells, sizeof *a.cell),
                       .life = calloc(thresholds, sizeof *a.life),
                       .wish = wish};
    struct rit_lifetime *life = calloc(thresholds * runs, sizeof *life);
    RIT_CHECK(a.border && a.u && a.line && a.start && a.cell && a.life && life);
    for (int t = 0; t < told->thresholds; t++)
        a.life[t] = life + (size_t)t * runs;
    arrange(&a);
    enum rit_enough enough = decide(&a);
    tell_border(&a, border);
    *n = a.wishes;
    free(life);
    free(a.life);
    free(a.cell);
    free(a.start);
    free(a.line);
    free(a.u);
    free(a.border);
    return enough;
}
