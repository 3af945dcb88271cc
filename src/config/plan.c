/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan: which points of the grid are trained, and the checks that need a whole point. */
#include "config/plan.h"

#include <ritardando/limit.h>
#include <ritardando/run.h>

#include "base/hash.h"
#include "base/pack.h"
#include "config/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What width: inf is the short form of. */
static const union rit_value infinite = {.i = RIT_INFINITE}, tangent = {.name = "tangent"};

int rit_plan_count(const struct rit_config *config)
{
    return config->points;
}

bool rit_axis_leads(const struct rit_grid_axes *grid, int a)
{
    return a == 0 || grid->axis[a].zip == 0 || grid->axis[a].zip != grid->axis[a - 1].zip;
}

static int size_of(const struct rit_config *config, const struct rit_grid_axes *grid)
{
    int size = 1;
    for (int a = 0; a < config->axes; a++)
        if (rit_axis_leads(grid, a))
            size *= grid->axis[a].n;
    return size;
}

/* The grid that a number belongs to, and its place there, the last axis fastest. */
const struct rit_grid_axes *rit_plan_number(const struct rit_config *config, int number, int at[RIT_MAX_AXES])
{
    int low = 0, high = config->grids;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (config->before[middle] <= number)
            low = middle;
        else
            high = middle;
    }
    const struct rit_grid_axes *grid = &config->grid[low];
    number -= config->before[low];
    for (int a = config->axes - 1; a >= 0; a--) {
        at[a] = number % grid->axis[a].n;
        if (rit_axis_leads(grid, a))
            number /= grid->axis[a].n;
    }
    return grid;
}

/* Whether this is a point of infinite width, which is said in one of two ways. */
static bool is_wide(const struct rit_point *point)
{
    int width = rit_param_find(point->registry, "model.width");
    const char *limit = rit_point_name(point, "limit.name");
    return strcmp(limit, tangent.name) == 0 ||
           (strcmp(limit, "none") == 0 && point->value[width].i == RIT_INFINITE &&
            rit_param_applies(point, width));
}

static void put_axes(const struct rit_config *config, const struct rit_grid_axes *grid,
                     const int at[RIT_MAX_AXES], struct rit_point *point)
{
    for (int a = 0; a < config->axes; a++)
        point->value[grid->axis[a].param] = grid->axis[a].value[at[a]];
    if (is_wide(point)) { /* either goes for both: a point has one identity */
        point->value[rit_param_find(point->registry, "model.width")] = infinite;
        point->value[rit_param_find(point->registry, "limit.name")] = tangent;
    }
}

const struct rit_grid_axes *rit_plan_place(const struct rit_config *config, int index, int at[RIT_MAX_AXES])
{
    RIT_CHECK(0 <= index && index < config->points);
    return rit_plan_number(config, config->in_grid[index], at);
}

void rit_plan_point(const struct rit_config *config, int index, struct rit_point *point)
{
    int at[RIT_MAX_AXES];
    const struct rit_grid_axes *grid = rit_plan_place(config, index, at);
    *point = config->base;
    put_axes(config, grid, at, point);
}

int rit_plan_changes(const struct rit_config *config, int index, struct rit_change change[RIT_MAX_CHANGES])
{
    int at[RIT_MAX_AXES], n = 0;
    const struct rit_grid_axes *grid = rit_plan_place(config, index, at);
    struct rit_point point = config->base;
    put_axes(config, grid, at, &point);
    if (is_wide(&point)) {
        change[n++] = (struct rit_change){rit_param_find(point.registry, "model.width"), &infinite};
        change[n++] = (struct rit_change){rit_param_find(point.registry, "limit.name"), &tangent};
    }
    for (int a = 0; a < config->axes; a++)
        change[n++] = (struct rit_change){grid->axis[a].param, &grid->axis[a].value[at[a]]};
    return n;
}

bool rit_plan_is_first_seed(const struct rit_config *config, int index)
{
    int at[RIT_MAX_AXES];
    const struct rit_grid_axes *grid = rit_plan_place(config, index, at);
    for (int a = 0; a < config->axes; a++)
        if (at[a] > 0 && grid->axis[a].zip == 0 &&
            strcmp(config->base.registry->param[grid->axis[a].param]->key, "seed") == 0)
            return false;
    return true;
}

int rit_plan_label(const struct rit_config *config, int index, char *out, size_t size)
{
    int at[RIT_MAX_AXES], used = 0;
    const struct rit_grid_axes *grid = rit_plan_place(config, index, at);
    struct rit_point point = config->base;
    put_axes(config, grid, at, &point);
    if (size > 0)
        out[0] = 0;
    for (int a = 0; a < config->axes; a++) {
        const struct rit_axis *axis = &grid->axis[a];
        const struct rit_param *param = config->base.registry->param[axis->param];
        char value[RIT_MAX_TEXT];
        rit_value_print(param, &point.value[axis->param], value, sizeof value);
        size_t from = (size_t)used < size ? (size_t)used : size;
        used += snprintf(out + from, size - from, "%s%s %s", a ? ", " : "", rit_axis_name(param->key), value);
    }
    return used;
}

/* Whether some width is written as inf. */
static bool is_wide_somewhere(const struct rit_config *config)
{
    int width = rit_param_find(config->base.registry, "model.width");
    for (int g = 0; g < config->grids; g++)
        for (int a = 0; a < config->axes; a++)
            for (int i = 0; config->grid[g].axis[a].param == width && i < config->grid[g].axis[a].n; i++)
                if (config->grid[g].axis[a].value[i].i == RIT_INFINITE)
                    return true;
    return config->base.value[width].i == RIT_INFINITE;
}

/* The values that a parameter takes somewhere in the config, tried one after the other. */
static bool holds_somewhere(const struct rit_config *config, const struct rit_condition *condition)
{
    const struct rit_registry *registry = config->base.registry;
    if (strcmp(registry->param[condition->selector]->key, "limit.name") == 0 && is_wide_somewhere(config) &&
        rit_condition_holds(registry, condition, &(union rit_value){.name = "tangent"}))
        return true;
    for (int a = 0; a < config->axes; a++) {
        if (config->grid[0].axis[a].param != condition->selector)
            continue;
        for (int g = 0; g < config->grids; g++) {
            const struct rit_axis *axis = &config->grid[g].axis[a];
            for (int i = 0; i < axis->n; i++)
                if (rit_condition_holds(registry, condition, &axis->value[i]))
                    return true;
        }
        return false;
    }
    return rit_condition_holds(registry, condition, &config->base.value[condition->selector]);
}

bool rit_plan_has_limit(const struct rit_config *config)
{
    int limit = rit_param_find(config->base.registry, "limit.name");
    bool axis = false, found = false;
    for (int g = 0; g < config->grids; g++)
        for (int a = 0; a < config->axes; a++)
            for (int i = 0; config->grid[g].axis[a].param == limit && i < config->grid[g].axis[a].n; i++) {
                axis = true;
                found = found || strcmp(config->grid[g].axis[a].value[i].name, tangent.name) == 0;
            }
    return found || is_wide_somewhere(config) ||
           (!axis && strcmp(config->base.value[limit].name, tangent.name) == 0);
}

static bool is_survey(const char *limit)
{
    for (int m = 0; rit_limits[m]; m++)
        if (strcmp(rit_limits[m]->name, limit) == 0)
            return ((const struct rit_limit *)rit_limits[m])->survey != NULL;
    return false;
}

const char *rit_plan_survey(const struct rit_config *config)
{
    int limit = rit_param_find(config->base.registry, "limit.name");
    bool axis = false;
    for (int g = 0; g < config->grids; g++)
        for (int a = 0; a < config->axes; a++)
            for (int i = 0; config->grid[g].axis[a].param == limit && i < config->grid[g].axis[a].n; i++) {
                axis = true;
                if (is_survey(config->grid[g].axis[a].value[i].name))
                    return config->grid[g].axis[a].value[i].name;
            }
    const char *name = config->base.value[limit].name;
    return !axis && is_survey(name) ? name : NULL;
}

const struct rit_condition *rit_config_misses(const struct rit_config *config, int index)
{
    for (int c = 0; c < config->base.registry->conditions[index]; c++) {
        const struct rit_condition *condition = &config->base.registry->condition[index][c];
        const struct rit_condition *above = rit_config_misses(config, condition->selector);
        if (above)
            return above;
        if (!holds_somewhere(config, condition))
            return condition;
    }
    return NULL;
}

struct named {
    struct rit_hash name; /* of all that decides the point's bits but its data */
    int place;            /* in the plan */
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = memcmp(x->name.byte, y->name.byte, sizeof x->name.byte);
    return order ? order : x->place - y->place;
}

/* Of a point that comes more than once, the first stays. */
static void drop_twins(struct rit_config *config)
{
    struct named *named = calloc((size_t)config->points, sizeof *named);
    RIT_CHECK(named != NULL);
    struct rit_buffer text = {.data = NULL};
    for (int i = 0; i < config->points; i++) {
        struct rit_point point;
        rit_plan_point(config, i, &point);
        text.size = 0;
        rit_point_print_identity(&point, RIT_WHOLE, &text);
        named[i] = (struct named){rit_hash_of(text.data, text.size), i};
    }
    rit_buffer_release(&text);
    qsort(named, (size_t)config->points, sizeof *named, by_name);
    for (int i = 1; i < config->points; i++)
        if (rit_hash_equal(&named[i].name, &named[i - 1].name))
            config->in_grid[named[i].place] = -1;
    free(named);
    int kept = 0;
    for (int i = 0; i < config->points; i++)
        if (config->in_grid[i] >= 0)
            config->in_grid[kept++] = config->in_grid[i];
    config->points = kept;
}

static bool is_zipped(const struct rit_config *config)
{
    for (int a = 0; a < config->axes; a++)
        if (config->grid[0].axis[a].zip > 0)
            return true;
    return false;
}

void rit_plan_make(struct rit_config *config)
{
    config->given_axes = config->axes;
    config->given_grids = config->grids;
    config->before = calloc((size_t)config->grids, sizeof *config->before);
    RIT_CHECK(config->before != NULL);
    for (int g = 0; g < config->grids; g++) {
        config->before[g] = config->numbers;
        config->numbers += size_of(config, &config->grid[g]);
    }
    int whole = config->numbers;
    config->in_grid = calloc((size_t)whole, sizeof *config->in_grid);
    config->dropped = calloc((size_t)whole, sizeof *config->dropped);
    RIT_CHECK(config->in_grid != NULL && config->dropped != NULL);
    bool wide = false;
    for (int number = 0; number < whole; number++) {
        int at[RIT_MAX_AXES];
        struct rit_point point = config->base;
        const struct rit_grid_axes *grid = rit_plan_number(config, number, at);
        put_axes(config, grid, at, &point);
        wide = wide || is_wide(&point);
        bool first = true; /* of the places that differ only in what has no meaning here */
        for (int a = 0; a < config->axes; a++)
            first = first &&
                    (at[a] == 0 || grid->axis[a].zip > 0 || rit_param_applies(&point, grid->axis[a].param));
        if (first)
            config->in_grid[config->points++] = number;
    }
    if (config->grids > 1 || is_zipped(config) || wide)
        drop_twins(config);
}

/* Many points fail alike: of each check, only the first one that does is shown. */
void rit_plan_check(const struct rit_config *config, struct rit_complaints *c)
{
    struct rit_point point;
    bool failed[RIT_SETTINGS_CHECKS] = {false};
    for (int i = 0; i < config->points; i++) {
        if (!rit_plan_is_first_seed(config, i))
            continue;
        int at[RIT_MAX_AXES];
        const struct rit_grid_axes *grid = rit_plan_place(config, i, at);
        point = config->base;
        put_axes(config, grid, at, &point);
        for (int k = 0; k < RIT_SETTINGS_CHECKS; k++) {
            struct rit_error err = {.status = RIT_OK};
            if (failed[k] || rit_settings_checks[k](&point, &err) == RIT_OK)
                continue;
            failed[k] = true;
            char label[RIT_COMPLAINT_TEXT / 2];
            rit_plan_label(config, i, label, sizeof label);
            rit_complain_of_all(c, "%s%s%s%s", err.text, config->axes ? " (at " : "", label,
                                config->axes ? ")" : "");
        }
    }
}
