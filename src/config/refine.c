/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/refine.h"

#include "base/pack.h"
#include "config/grid.h"
#include "config/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_OF_TAU = 16 }; /* the first runs go this part of stop.tau */

void rit_walk_setting(struct rit_walk *walk, const yaml_node_t *node, int i)
{
    union rit_value value;
    struct rit_placed *placed = &walk->placed[i];
    bool counts = walk->complaints->from.order > 0 || !walk->overrides_setting[i];
    if (counts)
        *placed = (struct rit_placed){true, false, walk->complaints->from, node->start_mark};
    if (!rit_walk_scalar(walk, node, &rit_settings[i], &value)) {
        placed->refused = true;
        return;
    }
    if (rit_settings[i].kind == RIT_TEXT) { /* the name of an axis */
        int param =
            value.text[0] ? rit_walk_axis_param(walk, value.text, " in refine.by", node->start_mark) : -1;
        value.text = param >= 0 ? rit_axis_name(walk->config->base.registry->param[param]->key) : "";
    }
    if (counts)
        rit_setting_put(walk->config, i, &value);
}

/* ---- what may be asked ---- */

static void put_number(const struct rit_param *param, double x, union rit_value *value)
{
    if (param->kind == RIT_INT)
        value->i = (int64_t)x;
    else
        value->x = x;
}

static void complain_at(struct rit_walk *walk, const char *key, const char *format, const char *a,
                        const char *b)
{
    const struct rit_placed *placed = &walk->placed[rit_setting_find(key)];
    walk->complaints->from = placed->from;
    rit_complain(walk->complaints, placed->at, format, a, b);
}

static void check_range(struct rit_walk *walk, const struct rit_param *param)
{
    static const char *const ends[] = {"refine.from", "refine.to"};
    const struct rit_refine_settings *refine = &walk->config->refine;
    const double value[] = {refine->from, refine->to};
    int before = walk->complaints->count;
    for (int i = 0; i < 2; i++) {
        char low[40], high[40], allowed[100];
        rit_bound_print(param->low, low, sizeof low);
        rit_bound_print(param->high, high, sizeof high);
        snprintf(allowed, sizeof allowed, "%s .. %s", low, high);
        if (walk->placed[rit_setting_find(ends[i])].refused)
            return; /* it has been said */
        if (!walk->placed[rit_setting_find(ends[i])].given)
            complain_at(walk, "refine.by", "refine needs `from` and `to`, the range of %s%s", param->key, "");
        else if (value[i] < param->low || value[i] > param->high)
            complain_at(walk, ends[i], "the range of %s is within %s", param->key, allowed);
        else if (param->kind == RIT_INT && value[i] != rint(value[i]))
            complain_at(walk, ends[i], "%s has whole numbers only%s", param->key, "");
        if (walk->complaints->count > before)
            return;
    }
    if (!(refine->from < refine->to))
        complain_at(walk, "refine.from", "a range ascends: `from` is below `to`%s%s", "", "");
}

/* What refine chooses must not be given elsewhere. */
static void check_choice(struct rit_walk *walk, const char *key, bool also_in_section)
{
    const struct rit_registry *registry = walk->config->base.registry;
    const struct rit_given *given = &walk->given[rit_param_find(registry, key)];
    walk->complaints->from = given->from;
    if (given->in_grid)
        rit_complain(walk->complaints, given->at,
                     "'%s' cannot be an axis of the grid beside refine, which chooses its values",
                     rit_axis_name(key));
    else if (also_in_section && given->in_section)
        rit_complain(walk->complaints, given->at, "%s is given here, but refine chooses its values; drop one",
                     key);
}

static void check_parameter(struct rit_walk *walk, int index)
{
    const struct rit_param *param = walk->config->base.registry->param[index];
    const struct rit_condition *missed = rit_config_misses(walk->config, index);
    if (param->kind != RIT_INT && param->kind != RIT_REAL)
        complain_at(walk, "refine.by", "%s is no number, and has no border%s", param->key, "");
    else if (strcmp(param->key, "seed") == 0 || rit_param_share(param->key) != RIT_TRAJECTORY)
        complain_at(walk, "refine.by",
                    "%s decides nothing about what is learned: refine goes along an axis such "
                    "as width%s",
                    param->key, "");
    else if (missed)
        complain_at(walk, "refine.by", "%s has no meaning with this %s", param->key,
                    walk->config->base.registry->param[missed->selector]->key);
    else if (strcmp(param->key, "model.width") == 0 && rit_plan_has_limit(walk->config))
        complain_at(walk, "refine.by", "%s has no values to choose with limit.name: tangent%s", param->key,
                    "");
    else
        check_range(walk, param);
}

/* The border is read off learning times, and runs go on where they stood. */
static void check_means(struct rit_walk *walk)
{
    static const char *const needed[] = {"observe.learning-time", "stop.when-learned"};
    struct rit_config *config = walk->config;
    for (int i = 0; i < 2; i++) {
        check_choice(walk, needed[i], false);
        if (!rit_point_bool(&config->base, needed[i]))
            complain_at(walk, "refine.by", "refine needs %s: true%s", needed[i], "");
    }
    if (rit_plan_survey(config))
        complain_at(walk, "refine.by", "refine needs learning times, and limit.name: %s trains nothing%s",
                    rit_plan_survey(config), "");
    if (strcmp(config->run.keep, "none") == 0)
        complain_at(walk, "refine.by",
                    "refine lets runs go on from their kept end states: run.keep cannot be none%s%s", "", "");
    if (config->axes + 3 > RIT_MAX_AXES)
        complain_at(walk, "refine.by", "a grid that is refined has at most 9 axes%s%s", "", "");
}

static bool has_default(const struct rit_config *config, int i)
{
    union rit_value value = rit_setting_get(config, i), fallback;
    RIT_CHECK(rit_value_parse(&rit_settings[i], rit_settings[i].fallback, &fallback, NULL, 0));
    return rit_value_equal(&rit_settings[i], &value, &fallback);
}

void rit_refine_check(struct rit_walk *walk)
{
    struct rit_config *config = walk->config;
    int by = rit_setting_find("refine.by");
    if (!*config->refine.by) {
        bool wrong = walk->placed[by].given && walk->complaints->count > 0; /* what it goes by */
        for (int i = 0; i < rit_settings_n; i++)
            if (walk->placed[i].given && !wrong && rit_key_is_in(rit_settings[i].key, "refine") &&
                !has_default(config, i))
                complain_at(walk, rit_settings[i].key, "%s has a meaning only with refine.by%s",
                            rit_settings[i].key, "");
        return;
    }
    const struct rit_param *param = rit_plan_refined(config);
    int index = rit_param_find(config->base.registry, param->key);
    check_choice(walk, param->key, true);
    check_choice(walk, "seed", false);
    check_choice(walk, "stop.tau", false);
    check_parameter(walk, index);
    check_means(walk);
}

void rit_plan_print_growth(const struct rit_config *config, struct rit_buffer *out)
{
    const struct rit_refine_settings *refine = &config->refine;
    char from[RIT_MAX_TEXT], to[RIT_MAX_TEXT];
    const struct rit_param *param = rit_plan_refined(config);
    union rit_value value = {.i = 0};
    put_number(param, refine->from, &value);
    rit_value_print(param, &value, from, sizeof from);
    put_number(param, refine->to, &value);
    rit_value_print(param, &value, to, sizeof to);
    rit_buffer_printf(
        out,
        "The plan grows: on %d line%s, values of %s from %s to %s, their seeds and how long they run "
        "are chosen by results, until the border of what learns %s it is known to %g %% at every "
        "threshold",
        config->lines, config->lines == 1 ? "" : "s", refine->by, from, to, refine->learns,
        100 * refine->error);
    if (refine->core_hours > 0)
        rit_buffer_printf(out, " or %g core-hours are spent", refine->core_hours);
    rit_buffer_printf(out, ". What is told here is of the %d points so far.\n", rit_plan_rows(config));
}

/* ---- the plan ---- */

bool rit_plan_grows(const struct rit_config *config)
{
    return config->refine.by[0] != 0;
}

const struct rit_param *rit_plan_refined(const struct rit_config *config)
{
    const struct rit_registry *registry = config->base.registry;
    return registry->param[rit_param_find(registry, rit_axis_key(config->refine.by))];
}

int rit_plan_lines(const struct rit_config *config)
{
    return config->lines;
}

double rit_plan_first_tau(const struct rit_config *config)
{
    double last = rit_point_real(&config->base, "stop.tau"),
           first = rit_point_real(&config->base, "observe.first-tau");
    return fmin(last, fmax(first, last / FIRST_OF_TAU));
}

/* What an added axis is called, and its values in a cell. */
enum { AT, SEED, TAU, ADDED };

static struct rit_axis axis_of(const struct rit_config *config, const char *key, int n)
{
    struct rit_axis axis = {.param = rit_param_find(config->base.registry, key), .n = n};
    axis.value = calloc((size_t)n, sizeof *axis.value);
    RIT_CHECK(axis.value);
    return axis;
}

static void put_cell(const struct rit_config *config, const struct rit_plan_cell *cell,
                     struct rit_axis added[ADDED])
{
    const struct rit_param *param = rit_plan_refined(config);
    added[AT] = axis_of(config, param->key, 1);
    added[SEED] = axis_of(config, "seed", cell->seeds);
    added[TAU] = axis_of(config, "stop.tau", 1);
    put_number(param, cell->at, &added[AT].value[0]);
    for (int i = 0; i < cell->seeds; i++)
        added[SEED].value[i].i = rit_point_int(&config->base, "seed") + cell->seed + i;
    added[TAU].value[0].x = cell->tau;
}

int rit_plan_add(struct rit_config *config, const struct rit_plan_cell *cell)
{
    size_t grids = (size_t)config->grids + 1, points = (size_t)(config->points + cell->seeds);
    int at[RIT_MAX_AXES], first = config->points, number = config->numbers, given = config->given_axes;
    config->grid = realloc(config->grid, grids * sizeof *config->grid);
    config->before = realloc(config->before, grids * sizeof *config->before);
    config->in_grid = realloc(config->in_grid, points * sizeof *config->in_grid);
    config->dropped = realloc(config->dropped, points * sizeof *config->dropped);
    RIT_CHECK(config->grid && config->before && config->in_grid && config->dropped);
    struct rit_grid_axes *grid = &config->grid[config->grids];
    const struct rit_grid_axes *line = rit_plan_number(config, config->line[cell->line], at);
    *grid = (struct rit_grid_axes){.line = cell->line};
    for (int a = 0; a < given; a++) {
        const struct rit_axis *axis = &line->axis[a];
        grid->axis[a] = axis_of(config, config->base.registry->param[axis->param]->key, 1);
        grid->axis[a].value[0] = axis->value[at[a]];
    }
    put_cell(config, cell, &grid->axis[given]);
    config->before[config->grids++] = number;
    config->numbers += cell->seeds;
    for (int i = 0; i < cell->seeds; i++) {
        config->dropped[config->points] = false;
        config->in_grid[config->points++] = number + i;
    }
    return first;
}

int rit_plan_compare(const struct rit_config *config, int a, int b)
{
    int at[2][RIT_MAX_AXES], k = config->given_axes;
    if (!rit_plan_grows(config))
        return a - b;
    const struct rit_grid_axes *x = rit_plan_place(config, a, at[0]), *y = rit_plan_place(config, b, at[1]);
    bool whole = rit_plan_refined(config)->kind == RIT_INT;
    const union rit_value *u = x->axis[k + AT].value, *v = y->axis[k + AT].value;
    double p = whole ? (double)u->i : u->x, q = whole ? (double)v->i : v->x;
    int64_t i = x->axis[k + SEED].value[at[0][k + SEED]].i, j = y->axis[k + SEED].value[at[1][k + SEED]].i;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (p != q)
        return p < q ? -1 : 1;
    return (i > j) - (i < j);
}

void rit_plan_drop(struct rit_config *config, int index)
{
    config->dropped[index] = true;
}

void rit_plan_keep(struct rit_config *config, int index)
{
    config->dropped[index] = false;
}

int rit_plan_rows(const struct rit_config *config)
{
    int rows = 0;
    for (int i = 0; i < config->points; i++)
        rows += !config->dropped[i];
    return rows;
}

bool rit_plan_is_dropped(const struct rit_config *config, int index)
{
    return config->dropped[index];
}

/* Both ends of every line can be trained, or it is said why not. */
static void check_ends(struct rit_config *config, struct rit_complaints *c)
{
    const struct rit_param *param = rit_plan_refined(config);
    const double end[] = {config->refine.from, config->refine.to};
    for (int e = 0; e < 2 && c->count == 0; e++) {
        for (int g = 0; g < config->grids; g++)
            put_number(param, end[e], &config->grid[g].axis[config->given_axes + AT].value[0]);
        rit_plan_check(config, c);
    }
}

void rit_refine_begin(struct rit_config *config, struct rit_complaints *c)
{
    struct rit_plan_cell cell = {
        .at = config->refine.from, .tau = rit_point_real(&config->base, "stop.tau"), .seeds = 1};
    config->lines = config->points;
    config->line = config->in_grid;
    config->in_grid = calloc((size_t)config->lines, sizeof *config->in_grid);
    RIT_CHECK(config->in_grid);
    memcpy(config->in_grid, config->line, (size_t)config->lines * sizeof *config->line);
    for (int g = 0; g < config->grids; g++)
        put_cell(config, &cell, &config->grid[g].axis[config->given_axes]);
    config->axes += ADDED;
    check_ends(config, c);
    config->points = 0;
    cell.tau = rit_plan_first_tau(config);
    cell.seeds = RIT_FIRST_SEEDS;
    for (cell.line = 0; cell.line < config->lines && c->count == 0; cell.line++)
        rit_plan_add(config, &cell);
}
