/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/forecast.h"

#include <ritardando/limit.h>
#include <ritardando/model.h>

#include "base/pack.h"
#include "config/keys.h"
#include "phase/transition.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 5 };                         /* runs from which a scatter is believed */
static const double usual_scatter = 0.35; /* of log tau, of a line with fewer */
static const double least_share = 0.01;   /* of what nothing is known of */

/* A run to its end, or one that is asked for. */
struct run {
    int point;
    double width, tau; /* tau NAN: not yet run */
    bool censored;
    struct rit_hash key; /* of its line */
};

struct law {
    bool known;
    double critical, log_rate, scatter;
    int learned; /* runs that it is made of */
};

struct line {
    int first, last; /* runs */
    struct law law;
};

/* ---- one guess ---- */

static double normal_below(double u)
{
    return 0.5 * erfc(-u * M_SQRT1_2);
}

/* Mean of min(tau, 1) for log-normal tau. */
static double mean_share(double middle, double scatter)
{
    double u = -middle / scatter;
    return exp(middle + 0.5 * scatter * scatter) * normal_below(u - scatter) + normal_below(-u);
}

struct rit_guess rit_guess_of(double middle, double scatter, enum rit_basis basis)
{
    struct rit_guess guess = {.middle = middle, .scatter = scatter, .basis = basis};
    guess.low = fmin(1, exp(middle - scatter));
    guess.high = fmin(1, exp(middle + scatter));
    guess.share = scatter > 0 ? fmin(1, mean_share(middle, scatter)) : guess.low;
    return guess;
}

double rit_guess_at(const struct rit_guess *guess, double u)
{
    double normal = fmin(40, fmax(-40, gsl_cdf_ugaussian_Pinv(u)));
    return fmin(1, exp(guess->middle + normal * guess->scatter));
}

double rit_guess_most(const struct rit_guess *guess, int runs)
{
    return rit_guess_at(guess, 1 - 0.5 / fmax(1, runs));
}

/* The share of runs that end before `ahead`; as if one in a million went on whatever was thought of it. */
static double ended_before(const struct rit_guess *guess, double ahead)
{
    return fmin(1 - 1e-6, normal_below((log(ahead) - guess->middle) / guess->scatter));
}

double rit_guess_beyond_at(const struct rit_guess *guess, double ahead, double u)
{
    if (ahead > 0 && guess->scatter > 0) {
        double ended = ended_before(guess, ahead);
        u = ended + (1 - ended) * u;
    }
    return fmax(0, rit_guess_at(guess, u) - ahead);
}

struct rit_guess rit_guess_beyond(const struct rit_guess *guess, double ahead)
{
    enum { PIECES = 64 };
    struct rit_guess left = *guess;
    if (!(ahead > 0))
        return left;
    left.share = 0;
    for (int i = 0; i < PIECES; i++)
        left.share += rit_guess_beyond_at(guess, ahead, (i + 0.5) / PIECES) / PIECES;
    left.low = rit_guess_beyond_at(guess, ahead, normal_below(-1));
    left.high = rit_guess_beyond_at(guess, ahead, normal_below(1));
    return left;
}

static struct rit_guess guess_by(const struct law *law, double width, double stop, double apart)
{
    enum rit_basis basis = apart > 0 ? RIT_BASIS_OTHER : RIT_BASIS_LINE;
    double above = width - law->critical, scatter = hypot(law->scatter, apart);
    if (!(above > 0)) /* it does not learn, as far as the law is true here */
        return rit_guess_of(0, apart > 0 ? scatter : 0, basis);
    struct rit_guess guess = rit_guess_of(-law->log_rate - log(above) - log(stop), scatter, basis);
    guess.doubt = law->scatter / sqrt(law->learned);
    return guess;
}

static struct rit_guess prior(void)
{
    double scatter = -0.5 * log(least_share);
    return rit_guess_of(-scatter, scatter, RIT_BASIS_PRIOR);
}

/* ---- lines ---- */

static const union rit_value *value_of(const void *point, int index)
{
    return &((const struct rit_point *)point)->value[index];
}

/* Whether points of one line may differ in this parameter: the size, the seed and how long. */
static bool is_free(const struct rit_point *point, int index)
{
    const char *key = point->registry->param[index]->key;
    return strcmp(key, "seed") == 0 || strcmp(key, "stop.tau") == 0 ||
           index == rit_model_size_by(point->registry, value_of, point);
}

/* What makes a line: all that is asked but these. */
static struct rit_hash line_key(const struct rit_point *point, struct rit_buffer *text)
{
    const struct rit_registry *registry = point->registry;
    const int free_ones[] = {rit_param_find(registry, "seed"), rit_param_find(registry, "stop.tau"),
                             rit_model_size_by(registry, value_of, point)};
    struct rit_point base = *point;
    for (int k = 0; k < 3; k++) {
        const struct rit_param *param = free_ones[k] < 0 ? NULL : registry->param[free_ones[k]];
        RIT_CHECK(!param || rit_value_parse(param, param->fallback, &base.value[free_ones[k]], NULL, 0));
    }
    text->size = 0;
    rit_point_print_identity(&base, RIT_WHOLE, text);
    return rit_hash_of(text->data, text->size);
}

static int by_line(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    int order = memcmp(x->key.byte, y->key.byte, RIT_HASH_BYTES);
    if (order || x->width != y->width)
        return order ? order : x->width < y->width ? -1 : 1;
    return x->point - y->point;
}

/* The runs of a line that are over, as src/phase takes them. Returns how many learned. */
static int take_line(const struct run *run, int n, double *width, int *start, struct rit_lifetime *life,
                     struct rit_line *line)
{
    int cells = 0, runs = 0, learned = 0;
    for (int i = 0; i < n; i++) {
        if (isnan(run[i].tau))
            continue;
        if (cells == 0 || width[cells - 1] != run[i].width) {
            width[cells] = run[i].width;
            start[cells++] = runs;
        }
        life[runs++] = (struct rit_lifetime){run[i].tau, run[i].censored};
        learned += !run[i].censored;
    }
    start[cells] = runs;
    *line = (struct rit_line){cells, width, start, life};
    return learned;
}

/* One width learns: N_c is between it and the width below that does not. */
static struct law law_of_one_width(const struct rit_line *line)
{
    double sum = 0, at = 0, below = 0;
    int n = 0;
    for (int c = 0; c < line->cells; c++)
        for (int r = line->start[c]; r < line->start[c + 1]; r++) {
            if (line->life[r].censored)
                continue;
            if (n == 0) {
                at = line->width[c];
                below = c > 0 ? line->width[c - 1] : 0;
            }
            sum += log(line->life[r].tau);
            n++;
        }
    double critical = 0.5 * (below + at);
    return (struct law){true, critical, -sum / n - log(at - critical), 2 * usual_scatter, n};
}

static struct law law_of(const struct run *run, int n)
{
    double *width = calloc((size_t)n + 1, sizeof *width);
    int *start = calloc((size_t)n + 1, sizeof *start);
    struct rit_lifetime *life = calloc((size_t)n + 1, sizeof *life);
    RIT_CHECK(width && start && life);
    struct rit_line line;
    struct law law = {.known = false};
    int learned = take_line(run, n, width, start, life, &line);
    struct rit_power power = rit_power_fit(&line, 0, line.cells, NULL, 1.0);
    if (power.found) {
        double scatter = learned < FEW ? fmax(power.sigma, usual_scatter) : power.sigma;
        law = (struct law){true, power.critical, log(power.rate), scatter, learned};
    } else if (learned > 0) {
        law = law_of_one_width(&line);
    } else if (line.cells > 0) { /* nothing learns up to the widest: who knows beyond */
        law = (struct law){true, line.width[line.cells - 1], -INFINITY, 0, 0};
    }
    free(width);
    free(start);
    free(life);
    return law;
}

/* The distance of two points: that of logarithms where both are positive numbers, 1 for any other
 * difference. Size, seed and stop.tau do not count. */
static double distance(const struct rit_point *a, const struct rit_point *b)
{
    double square = 0;
    for (int i = 0; i < a->registry->count; i++) {
        const struct rit_param *param = a->registry->param[i];
        if (rit_value_equal(param, &a->value[i], &b->value[i]) || is_free(a, i))
            continue;
        double x = param->kind == RIT_INT    ? (double)a->value[i].i
                   : param->kind == RIT_REAL ? a->value[i].x
                                             : 0,
               y = param->kind == RIT_INT    ? (double)b->value[i].i
                   : param->kind == RIT_REAL ? b->value[i].x
                                             : 0,
               step = x > 0 && y > 0 ? log(x / y) : 1;
        square += step * step;
    }
    return sqrt(square);
}

static void point_of(const struct rit_config *config, const struct rit_roster *roster, int i,
                     struct rit_point *point)
{
    rit_plan_point(config, roster->plan[i], point);
}

struct forecast {
    const struct rit_config *config;
    const struct rit_roster *roster;
    struct run *run;
    int lines;
    struct line *line;
    struct rit_point *known; /* [knowing] a point of each line with a law */
    int *knows;              /* [knowing] these lines */
    int knowing;
};

/* The line whose law is borrowed, or -1. */
static int nearest(const struct forecast *f, const struct rit_point *point, double *apart)
{
    int best = -1;
    *apart = INFINITY;
    for (int k = 0; k < f->knowing; k++) {
        double d = distance(point, &f->known[k]);
        if (d < *apart) {
            *apart = d;
            best = f->knows[k];
        }
    }
    return best;
}

static void guess_line(const struct forecast *f, const struct line *line, struct rit_guess *guess)
{
    const struct law *law = &line->law;
    double apart = 0;
    struct rit_point point;
    point_of(f->config, f->roster, f->run[line->first].point, &point);
    if (!law->known) {
        int other = nearest(f, &point, &apart);
        law = other >= 0 ? &f->line[other].law : NULL;
        apart = fmax(apart, DBL_MIN);
    }
    for (int r = line->first; r < line->last; r++) {
        int p = f->run[r].point;
        point_of(f->config, f->roster, p, &point);
        bool unknown = !law || (law->log_rate == -INFINITY && f->run[r].width > law->critical);
        if (rit_limit_of(&point)->survey || !rit_point_bool(&point, "stop.when-learned") ||
            !rit_point_bool(&point, "observe.learning-time"))
            guess[p] = rit_guess_of(0, 0, RIT_BASIS_END);
        else if (unknown)
            guess[p] = prior();
        else
            guess[p] = guess_by(law, f->run[r].width, rit_point_real(&point, "stop.tau"), apart);
    }
}

static void sort_runs(struct forecast *f, const struct rit_stored *const *have)
{
    struct rit_buffer text = {0};
    for (int i = 0; i < f->roster->count; i++) {
        struct rit_point point;
        point_of(f->config, f->roster, i, &point);
        struct run *run = &f->run[i];
        *run = (struct run){.point = i, .width = rit_model_size(&point), .tau = NAN};
        run->key = line_key(&point, &text);
        if (!(run->width > 0) || isinf(run->width))
            run->width = 1; /* nothing but outputs, or a line of its own */
        if (have[i] && have[i]->tau > 0 &&
            (have[i]->end == RIT_END_LEARNED || have[i]->end == RIT_END_CENSORED)) {
            run->tau = have[i]->tau;
            run->censored = have[i]->end == RIT_END_CENSORED;
        }
    }
    rit_buffer_release(&text);
    qsort(f->run, (size_t)f->roster->count, sizeof *f->run, by_line);
}

static void find_lines(struct forecast *f)
{
    for (int i = 0; i < f->roster->count; i++) {
        if (i == 0 || !rit_hash_equal(&f->run[i].key, &f->run[i - 1].key))
            f->line[f->lines++].first = i;
        f->line[f->lines - 1].last = i + 1;
    }
    for (int l = 0; l < f->lines; l++) {
        struct line *line = &f->line[l];
        line->law = law_of(f->run + line->first, line->last - line->first);
        f->knowing += line->law.known && line->law.log_rate > -INFINITY;
    }
    f->known = calloc((size_t)f->knowing + 1, sizeof *f->known);
    f->knows = calloc((size_t)f->knowing + 1, sizeof *f->knows);
    RIT_CHECK(f->known && f->knows);
    for (int l = 0, k = 0; l < f->lines; l++)
        if (f->line[l].law.known && f->line[l].law.log_rate > -INFINITY) {
            point_of(f->config, f->roster, f->run[f->line[l].first].point, &f->known[k]);
            f->knows[k++] = l;
        }
}

void rit_forecast(const struct rit_config *config, const struct rit_roster *roster,
                  const struct rit_stored *const *have, struct rit_guess *guess)
{
    size_t n = (size_t)roster->count + 1;
    struct forecast f = {.config = config,
                         .roster = roster,
                         .run = calloc(n, sizeof *f.run),
                         .line = calloc(n, sizeof *f.line)};
    RIT_CHECK(f.run && f.line);
    sort_runs(&f, have);
    find_lines(&f);
    for (int l = 0; l < f.lines; l++)
        guess_line(&f, &f.line[l], guess);
    free(f.known);
    free(f.knows);
    free(f.run);
    free(f.line);
}
