/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/refinement.h"

#include <ritardando/model.h>
#include <ritardando/run.h>

#include "base/hash.h"
#include "base/pack.h"
#include "config/keys.h"
#include "sweep/blocks.h"
#include "sweep/pricing.h"
#include "sweep/refined.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double core = 1e10 * 3600; /* operations in a core-hour, as refine.core-hours counts them */
static const double at_once = 1e-6;     /* the learning time of a run that had learned when it started */

static void *grown(void *memory, int n, size_t size)
{
    void *more = realloc(memory, ((size_t)n + 1) * size);
    RIT_CHECK(more);
    return more;
}

static struct cell *cell_at(struct line *line, double at)
{
    for (int c = 0; c < line->cells; c++)
        if (line->cell[c].at == at)
            return &line->cell[c];
    return NULL;
}

static struct cell *new_cell(struct line *line, double at)
{
    int c = line->cells++;
    line->cell = grown(line->cell, line->cells, sizeof *line->cell);
    for (; c > 0 && line->cell[c - 1].at > at; c--)
        line->cell[c] = line->cell[c - 1];
    line->cell[c] = (struct cell){.at = at};
    return &line->cell[c];
}

/* The points from `first` on are the seeds of the cell from number `seed` on. */
static void place(struct rit_refinement *r, int l, struct cell *cell, int seed, int first)
{
    int n = rit_plan_count(r->config);
    r->where = grown(r->where, n, sizeof *r->where);
    cell->seed = grown(cell->seed, seed + n - first, sizeof *cell->seed);
    for (int i = first; i < n; i++, seed++) {
        int shorter = seed < cell->seeds ? cell->seed[seed].point : -1;
        r->where[i] = (struct where){l, seed, shorter, cell->at, r->line[l].asked, false};
        cell->seed[seed] = (struct seed){.point = i};
        if (shorter >= 0)
            rit_plan_drop(r->config, shorter);
        r->line[l].waits++;
    }
    cell->seeds = seed;
    r->points = n;
}

/* ---- the beginning ---- */

/* How the price of a step grows along the axis, as far as that is known without any data. */
static double growth_of(const struct rit_point *point, const char *key)
{
    const struct rit_model *model = rit_model_of(point);
    if (model->size && strcmp(key, model->size) == 0)
        return 2;
    return strcmp(key, "data.chorales") == 0 ? 1 : 0;
}

static void begin_line(struct rit_refinement *r, int l, int first)
{
    struct rit_point point;
    const double *eps;
    rit_plan_point(r->config, first, &point);
    struct line *line = &r->line[l];
    line->thresholds = rit_point_reals(&point, "observe.thresholds", &eps);
    for (int t = 0; t < line->thresholds; t++) {
        line->eps[t] = eps[t];
        line->border[t] = (struct rit_border){.value = NAN, .error = NAN};
    }
    struct cell *cell = new_cell(line, r->strategy.from);
    cell->tau = r->strategy.first_tau;
    cell->seed = grown(NULL, RIT_FIRST_SEEDS, sizeof *cell->seed);
    for (int s = 0; s < RIT_FIRST_SEEDS; s++) {
        r->where[first + s] = (struct where){l, s, -1, cell->at, 0, false};
        cell->seed[s] = (struct seed){.point = first + s};
    }
    cell->seeds = line->waits = RIT_FIRST_SEEDS;
}

struct rit_refinement *rit_refinement_new(struct rit_config *config)
{
    struct rit_refinement *r = calloc(1, sizeof *r);
    RIT_CHECK(r && rit_plan_count(config) == rit_plan_lines(config) * RIT_FIRST_SEEDS);
    const struct rit_param *param = rit_plan_refined(config);
    r->config = config;
    r->strategy = (struct rit_strategy){.from = config->refine.from,
                                        .to = config->refine.to,
                                        .whole = param->kind == RIT_INT,
                                        .below = strcmp(config->refine.learns, "below") == 0,
                                        .error = config->refine.error,
                                        .first_tau = rit_plan_first_tau(config),
                                        .last_tau = rit_point_real(&config->base, "stop.tau"),
                                        .growth = growth_of(&config->base, param->key)};
    r->lines = rit_plan_lines(config);
    r->points = rit_plan_count(config);
    r->line = calloc((size_t)r->lines + 1, sizeof *r->line);
    r->where = grown(NULL, r->points, sizeof *r->where);
    RIT_CHECK(r->line);
    for (int l = 0; l < r->lines; l++)
        begin_line(r, l, l * RIT_FIRST_SEEDS);
    return r;
}

void rit_refinement_free(struct rit_refinement *r)
{
    if (!r)
        return;
    for (int l = 0; l < r->lines; l++) {
        for (int c = 0; c < r->line[l].cells; c++)
            free(r->line[l].cell[c].seed);
        free(r->line[l].cell);
    }
    free(r->line);
    free(r->where);
    free(r);
}

/* ---- what comes ---- */

/* As src/phase/scan.c reads the row of a dataset. */
static void take(const struct rit_outcome *outcome, int thresholds, struct seed *seed)
{
    const struct rit_variable *times = rit_outcome_find(outcome, "learning_time");
    bool learned = false;
    for (int t = 0; t < thresholds; t++) {
        double tau = times && (size_t)t < times->count ? times->data[t] : NAN;
        learned = learned || !isnan(tau);
        seed->life[t] = isnan(tau) ? (struct rit_lifetime){fmax(outcome->tau, at_once), true}
                                   : (struct rit_lifetime){fmax(tau, at_once), false};
    }
    seed->says = outcome->end != RIT_END_FAILED && (learned || outcome->tau > 0);
}

bool rit_refinement_tell(struct rit_refinement *r, int index, const struct rit_outcome *outcome,
                         double operations)
{
    struct where *where = &r->where[index];
    struct line *line = &r->line[where->line];
    struct seed *seed = &cell_at(line, where->at)->seed[where->seed];
    bool mends = where->failed && outcome;
    if (mends && where->asked < line->asked)
        return false;
    if (seed->point != index || (seed->told && !mends))
        return true; /* a longer run has taken its place */
    line->waits -= !seed->told;
    where->failed = !outcome;
    seed->told = true;
    seed->operations = operations;
    if (outcome)
        take(outcome, line->thresholds, seed);
    return true;
}

/* ---- what is asked ---- */

static double spent_on(const struct line *line)
{
    double sum = 0;
    for (int c = 0; c < line->cells; c++)
        for (int s = 0; s < line->cell[c].seeds; s++)
            sum += line->cell[c].seed[s].operations;
    return sum;
}

/* What the strategy is told of a line, in pieces of memory of its own. */
struct telling {
    struct rit_told told;
    double *at, *tau;
    int *seeds, *start;
    struct rit_lifetime *life[RIT_MAX_LIST];
};

static void tell_of(const struct line *line, struct telling *t)
{
    size_t cells = (size_t)line->cells + 1;
    int runs = 0;
    for (int c = 0; c < line->cells; c++)
        runs += line->cell[c].seeds;
    *t = (struct telling){.at = calloc(cells, sizeof *t->at),
                          .tau = calloc(cells, sizeof *t->tau),
                          .seeds = calloc(cells, sizeof *t->seeds),
                          .start = calloc(cells, sizeof *t->start)};
    t->life[0] = calloc((size_t)(runs + 1) * (size_t)(line->thresholds + 1), sizeof *t->life[0]);
    RIT_CHECK(t->at && t->tau && t->seeds && t->start && t->life[0]);
    for (int k = 1; k < line->thresholds; k++)
        t->life[k] = t->life[k - 1] + runs;
    for (int c = 0, n = 0; c < line->cells; c++) {
        const struct cell *cell = &line->cell[c];
        t->at[c] = cell->at;
        t->tau[c] = cell->tau;
        t->seeds[c] = cell->seeds;
        for (int s = 0; s < cell->seeds; s++) {
            if (!cell->seed[s].says)
                continue;
            for (int k = 0; k < line->thresholds; k++)
                t->life[k][n] = cell->seed[s].life[k];
            n++;
        }
        t->start[c + 1] = n;
    }
    t->told = (struct rit_told){line->cells, line->thresholds, t->at, t->tau, t->seeds, t->start, t->life};
}

static void forget(struct telling *t)
{
    free(t->at);
    free(t->tau);
    free(t->seeds);
    free(t->start);
    free(t->life[0]);
}

/* The points that a cell lacks; all of them where it is to go on longer. */
static void grant(struct rit_refinement *r, int l, const struct rit_wish *wish)
{
    struct line *line = &r->line[l];
    struct cell *cell = cell_at(line, wish->at);
    if (!cell)
        cell = new_cell(line, wish->at);
    int seed = wish->tau > cell->tau ? 0 : cell->seeds;
    cell->tau = wish->tau;
    struct rit_plan_cell asked = {
        .line = l, .at = wish->at, .tau = wish->tau, .seed = seed, .seeds = wish->seeds - seed};
    place(r, l, cell, seed, rit_plan_add(r->config, &asked));
}

static void ask(struct rit_refinement *r, int l)
{
    struct line *line = &r->line[l];
    struct rit_wish wish[RIT_MAX_WISHES];
    struct telling telling;
    int n;
    tell_of(line, &telling);
    line->asked++;
    line->enough = rit_strategy_ask(&r->strategy, &telling.told, wish, &n, line->border);
    forget(&telling);
    double budget = r->config->refine.core_hours * core / r->lines;
    line->spent = line->enough == RIT_ENOUGH_NOT && budget > 0 && spent_on(line) >= budget;
    line->over = line->spent || line->enough != RIT_ENOUGH_NOT ||
                 rit_plan_count(r->config) + n * RIT_MAX_SEEDS > RIT_MAX_POINTS;
    for (int i = 0; i < n && !line->over; i++)
        grant(r, l, &wish[i]);
}

int rit_refinement_grow(struct rit_refinement *r)
{
    int before = r->points;
    for (int l = 0; l < r->lines; l++)
        if (r->line[l].waits == 0 && !r->line[l].over)
            ask(r, l);
    return r->points - before;
}

bool rit_refinement_is_over(const struct rit_refinement *r)
{
    bool over = true;
    for (int l = 0; l < r->lines; l++)
        over = over && r->line[l].over;
    return over;
}

int rit_refinement_shorter(const struct rit_refinement *r, int index)
{
    return r->where[index].shorter;
}

/* ---- from results alone ---- */

struct replay {
    const struct rit_results *results;
    const struct rit_stored **sorted; /* [results->count] by what was trained */
    struct rit_blocks blocks;
    bool prices; /* the data are here */
    bool *found; /* [lines] something of the newest round is there */
};

static int by_point(const void *a, const void *b)
{
    const struct rit_stored *const *x = a, *const *y = b;
    return memcmp(&(*x)->point, &(*y)->point, RIT_HASH_BYTES);
}

static const struct rit_stored *find(const struct replay *replay, const struct rit_point *point)
{
    struct rit_buffer text = {0};
    rit_point_print_identity(point, RIT_WHOLE, &text);
    const struct rit_stored wanted = {.point = rit_hash_of(text.data, text.size)}, *key = &wanted;
    rit_buffer_release(&text);
    const struct rit_stored **found =
        bsearch(&key, replay->sorted, (size_t)replay->results->count, sizeof *replay->sorted, by_point);
    return found ? *found : NULL;
}

static double operations_of(struct replay *replay, const struct rit_point *point, double steps)
{
    const struct rit_known_block *known;
    struct rit_error err = {.status = RIT_OK};
    replay->prices = replay->prices && rit_blocks_get(&replay->blocks, point, &known, &err) == RIT_OK;
    return replay->prices ? steps * rit_pricing_step(point, rit_run_price(point, &known->block)) : NAN;
}

static void tell_stored(struct rit_refinement *r, struct replay *replay, int index)
{
    struct rit_point point;
    struct rit_result result;
    struct rit_error err = {.status = RIT_OK};
    rit_plan_point(r->config, index, &point);
    const struct rit_stored *stored = find(replay, &point);
    if (!stored || rit_results_get(replay->results, stored, &result, &err) != RIT_OK)
        return;
    replay->found[r->where[index].line] = true;
    double operations =
        r->config->refine.core_hours > 0 ? operations_of(replay, &point, (double)result.outcome.steps) : NAN;
    rit_refinement_tell(r, index, result.outcome.end == RIT_END_FAILED ? NULL : &result.outcome, operations);
    rit_result_release(&result);
}

/* Where nobody knows what was spent, a round of which nothing was trained was not asked for. */
static void take_back(struct rit_refinement *r, const struct replay *replay, int first)
{
    for (int i = first; i < r->points; i++) {
        struct line *line = &r->line[r->where[i].line];
        if (replay->found[r->where[i].line])
            continue;
        line->over = line->spent = true;
        rit_plan_drop(r->config, i);
        if (r->where[i].shorter >= 0)
            rit_plan_keep(r->config, r->where[i].shorter);
    }
}

void rit_refinement_replay(struct rit_config *config, const struct rit_results *results,
                           struct rit_buffer *out, struct rit_buffer *json)
{
    if (!rit_plan_grows(config))
        return;
    struct rit_refinement *r = rit_refinement_new(config);
    struct replay replay = {.results = results,
                            .sorted = calloc((size_t)results->count + 1, sizeof *replay.sorted),
                            .prices = true,
                            .found = calloc((size_t)r->lines + 1, sizeof *replay.found)};
    RIT_CHECK(replay.sorted && replay.found);
    for (int i = 0; i < results->count; i++)
        replay.sorted[i] = &results->stored[i];
    qsort(replay.sorted, (size_t)results->count, sizeof *replay.sorted, by_point);
    for (int first = 0; first < r->points;) {
        int end = r->points;
        memset(replay.found, 0, (size_t)r->lines * sizeof *replay.found);
        for (int i = first; i < end; i++)
            tell_stored(r, &replay, i);
        if (config->refine.core_hours > 0 && !replay.prices && first > 0)
            take_back(r, &replay, first);
        first = end;
        rit_refinement_grow(r);
    }
    if (out)
        rit_refinement_print(r, out);
    if (json)
        rit_refinement_json(r, json);
    rit_blocks_release(&replay.blocks);
    free(replay.sorted);
    free(replay.found);
    rit_refinement_free(r);
}
