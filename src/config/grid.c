/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Section `grid`: each axis a value, a list of values or a range. */
#include "config/grid.h"

#include "base/exact.h"
#include "config/keys.h"
#include "config/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A range as written: numbers from .. to, in steps of `by` or `count` of them. */
enum { FROM, TO, BY, COUNT, SCALE, WORDS };
static const char *const words[WORDS] = {"from", "to", "by", "count", "scale"};

struct range {
    bool has[WORDS];
    yaml_mark_t at[WORDS];
    union rit_value value[WORDS];
    bool whole;
};

/* `from` and `to` are values of the parameter itself, with its name and bounds. */
static struct rit_param word_param(const struct rit_param *param, int word)
{
    static const char *const scales[] = {"linear", "log", NULL};
    struct rit_param p = *param;
    p.or_infinite = false;
    if (word != FROM && word != TO)
        p.key = words[word];
    if (word == BY) {
        p.low = param->kind == RIT_INT ? 1.0 : 0x1p-1022;
        p.high = param->kind == RIT_INT ? 0x1p53 - 1 : 0x1p1023;
    } else if (word == COUNT) {
        p.kind = RIT_INT;
        p.low = 2;
        p.high = 0x1p53 - 1;
    } else if (word == SCALE) {
        p.kind = RIT_NAME;
        p.choices = scales;
    }
    return p;
}

static bool walk_range(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                       struct range *range)
{
    bool good = true;
    for (int p = 0; p < rit_walk_pairs(node); p++) {
        const char *key;
        yaml_mark_t at;
        const yaml_node_t *value = rit_walk_pair(walk, node, p, &key, &at);
        int w = 0;
        while (key && w < WORDS && strcmp(words[w], key) != 0)
            w++;
        if (key && w == WORDS)
            rit_walk_unknown(walk, at, key, " in a range", words, WORDS);
        else if (key && range->has[w])
            rit_complain(walk->complaints, at, "'%s' is given twice", key);
        good = good && key && w < WORDS && !range->has[w];
        if (!key || w == WORDS)
            continue;
        struct rit_param word = word_param(param, w);
        range->has[w] = true;
        range->at[w] = at;
        good = rit_walk_scalar(walk, value, &word, &range->value[w]) && good;
    }
    return good;
}

static double bound(const struct range *range, int word)
{
    return range->whole ? (double)range->value[word].i : range->value[word].x;
}

static bool is_log(const struct range *range)
{
    return range->has[SCALE] && strcmp(range->value[SCALE].name, "log") == 0;
}

/* What a range cannot be although each of its words is right. */
static bool range_is_possible(struct rit_walk *walk, yaml_mark_t at, const struct range *range)
{
    struct rit_complaints *c = walk->complaints;
    int before = c->count;
    if (!range->has[FROM] || !range->has[TO]) {
        rit_complain(c, at, "a range needs `from` and `to`, such as {from: 1, to: 3}");
        return false;
    }
    if (bound(range, FROM) > bound(range, TO))
        rit_complain(c, range->at[FROM], "a range ascends: `from` cannot be above `to`");
    if (range->has[BY] && range->has[COUNT])
        rit_complain(c, range->at[COUNT], "a range has either `by` or `count`, not both");
    if (!range->has[BY] && !range->has[COUNT] && !range->whole)
        rit_complain(c, at, "a range of reals needs `count` or `by`, such as {from: 0.01, to: 1, count: 5}");
    if (range->has[COUNT] && bound(range, FROM) == bound(range, TO))
        rit_complain(c, range->at[COUNT], "there is only one value from `from` to `to`");
    if (range->has[SCALE] && !range->has[COUNT])
        rit_complain(c, range->at[SCALE], "`scale` goes with `count`");
    if (is_log(range) && bound(range, FROM) <= 0)
        rit_complain(c, range->at[SCALE], "a logarithmic range must be above zero");
    return c->count == before;
}

/* As a double, because it may be beyond all limits. */
static double range_count(const struct range *range)
{
    if (range->has[COUNT])
        return (double)range->value[COUNT].i;
    double by = range->has[BY] ? bound(range, BY) : 1.0;
    double steps = (bound(range, TO) - bound(range, FROM)) / by;
    return floor(steps + (range->whole ? 0.0 : 1e-9)) + 1.0; /* 0 .. 1 by 0.1 ends at 1 */
}

/* Value i of n. Reals are rounded to 12 digits, so that the 0.3 of a range is the 0.3 of a list. */
static double range_at(const struct range *range, int i, int n)
{
    double from = bound(range, FROM), to = bound(range, TO), x;
    if (!range->has[COUNT])
        x = from + i * (range->has[BY] ? bound(range, BY) : 1.0);
    else if (i == 0 || i == n - 1)
        x = i == 0 ? from : to;
    else if (is_log(range))
        x = from * rit_exp((rit_log(to) - rit_log(from)) * i / (n - 1));
    else
        x = from + (to - from) * i / (n - 1);
    if (range->whole)
        return rint(x);
    if (i == 0)
        return from;
    char digits[40];
    snprintf(digits, sizeof digits, "%.12g", x);
    return fmin(strtod(digits, NULL), to);
}

static union rit_value *new_values(double n)
{
    union rit_value *values = calloc((size_t)n, sizeof *values);
    RIT_CHECK(values != NULL);
    return values;
}

/* Returns how many values the axis has; they are there unless that is more than a grid may have. */
static double fill_range(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                         struct rit_axis *axis)
{
    struct range range = {.whole = param->kind == RIT_INT};
    if (param->kind != RIT_INT && param->kind != RIT_REAL) {
        rit_complain(walk->complaints, node->start_mark, "%s is no number: give its values as a list",
                     param->key);
        return 0;
    }
    if (!walk_range(walk, node, param, &range) || !range_is_possible(walk, node->start_mark, &range))
        return 0;
    double n = range_count(&range);
    if (n > RIT_MAX_POINTS)
        return n;
    axis->value = new_values(n);
    double last = 0;
    for (int i = 0; i < (int)n; i++) {
        double x = range_at(&range, i, (int)n);
        if (i > 0 && x == last) /* whole numbers on a fine scale: each is taken once */
            continue;
        last = x;
        if (range.whole)
            axis->value[axis->n++].i = (int64_t)x;
        else
            axis->value[axis->n++].x = x;
    }
    return axis->n;
}

struct keyed {
    double key;
    int item;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->item < y->item ? -1 : 1;
}

static double key_of(const struct rit_param *param, const union rit_value *value)
{
    int choice = 0;
    switch (param->kind) {
    case RIT_INT:
        return (double)value->i;
    case RIT_REAL:
        return value->x;
    case RIT_BOOL:
        return value->b;
    default:
        while (param->choices[choice] != value->name)
            choice++;
        return choice;
    }
}

static void complain_of_twins(struct rit_walk *walk, const yaml_node_t *list, const struct rit_param *param,
                              const struct rit_axis *axis)
{
    struct keyed *order = calloc((size_t)axis->n, sizeof *order);
    RIT_CHECK(order != NULL);
    for (int i = 0; i < axis->n; i++)
        order[i] = (struct keyed){key_of(param, &axis->value[i]), i};
    qsort(order, (size_t)axis->n, sizeof *order, by_key);
    for (int i = 1; i < axis->n; i++) {
        if (order[i].key != order[i - 1].key)
            continue;
        const yaml_node_t *item =
            yaml_document_get_node(walk->document, list->data.sequence.items.start[order[i].item]);
        rit_complain(walk->complaints, item->start_mark, "%s is twice on the axis '%s'",
                     (const char *)item->data.scalar.value, rit_axis_name(param->key));
    }
    free(order);
}

static double fill_list(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                        struct rit_axis *axis)
{
    long n = node->data.sequence.items.top - node->data.sequence.items.start;
    if (n == 0)
        rit_complain(walk->complaints, node->start_mark, "the axis '%s' has no values",
                     rit_axis_name(param->key));
    if (n == 0 || n > RIT_MAX_POINTS)
        return (double)n;
    axis->value = new_values((double)n);
    int before = walk->complaints->count;
    for (long i = 0; i < n; i++) {
        const yaml_node_t *item = yaml_document_get_node(walk->document, node->data.sequence.items.start[i]);
        axis->n += rit_walk_scalar(walk, item, param, &axis->value[axis->n]);
    }
    if (walk->complaints->count == before && axis->zip == 0)
        complain_of_twins(walk, node, param, axis);
    return (double)n;
}

static double fill_axis(struct rit_walk *walk, const yaml_node_t *node, const struct rit_param *param,
                        struct rit_axis *axis)
{
    if (node->type == YAML_SEQUENCE_NODE)
        return fill_list(walk, node, param, axis);
    if (node->type == YAML_MAPPING_NODE)
        return fill_range(walk, node, param, axis);
    axis->value = new_values(1);
    axis->n = rit_walk_scalar(walk, node, param, &axis->value[0]);
    return axis->n;
}

int rit_walk_axis_param(struct rit_walk *walk, const char *name, const char *where, yaml_mark_t at)
{
    const struct rit_registry *registry = walk->config->base.registry;
    int index = rit_param_find(registry, rit_axis_key(name));
    if (index >= 0 && rit_can_be_axis(registry->param[index]))
        return index;
    if (index >= 0) {
        rit_complain(walk->complaints, at, "%s cannot be an axis: only numbers, names and true/false can",
                     name);
        return -1;
    }
    for (int i = 0; i < rit_settings_n; i++) {
        if (strcmp(rit_settings[i].key, name) == 0) {
            rit_complain(walk->complaints, at, "%s cannot be an axis: it changes no result", name);
            return -1;
        }
    }
    const char *known[RIT_MAX_PARAMS + 8];
    int n = 0;
    for (; n < rit_short_axes_n; n++)
        known[n] = rit_short_axes[n];
    for (int i = 0; i < registry->count; i++) {
        const char *key = registry->param[i]->key;
        if (!rit_can_be_axis(registry->param[i]))
            continue;
        if (strcmp(rit_key_tail(key), name) == 0) {
            rit_complain(walk->complaints, at, "unknown axis '%s' (did you mean '%s'?)", name, key);
            return -1;
        }
        if (strchr(key, '.') && rit_axis_name(key) == key) /* the others are known by their short names */
            known[n++] = key;
    }
    rit_walk_unknown(walk, at, name, where, known, n);
    return -1;
}

/* The axes of one grid while they are read. */
struct axes {
    struct rit_grid_axes *grid;
    int number, count, zips; /* of the grid in its list; axes and zips so far */
    bool seen[RIT_MAX_PARAMS];
    bool unlike; /* complained of: not the axes of the first grid */
};

static void take_values(struct rit_walk *walk, const yaml_node_t *values, int grid, int a, yaml_mark_t at)
{
    struct rit_axis *axis = &walk->config->grid[grid].axis[a];
    struct rit_given *given = &walk->given[axis->param];
    given->in_grid = true;
    if (!given->in_section) {
        given->at = at;
        given->from = walk->complaints->from;
    }
    int before = walk->complaints->count;
    double n = fill_axis(walk, values, walk->config->base.registry->param[axis->param], axis);
    bool wrong = walk->complaints->count > before;
    walk->asked[grid][a] = wrong ? 0.0 : n;
    given->wrong = given->wrong || wrong;
}

static void add_axis(struct rit_walk *walk, struct axes *axes, const char *name, yaml_mark_t at,
                     const yaml_node_t *values, int zip)
{
    const struct rit_axis *known = walk->config->grid[0].axis;
    int param = rit_walk_axis_param(walk, name, " in the grid", at);
    if (param < 0 || axes->unlike)
        return;
    if (axes->seen[param]) {
        rit_complain(walk->complaints, at, "the axis '%s' is given twice", name);
        return;
    }
    axes->seen[param] = true;
    axes->unlike = axes->count == RIT_MAX_AXES;
    if (axes->unlike) {
        rit_complain(walk->complaints, at, "a grid has at most %d axes", RIT_MAX_AXES);
        return;
    }
    if (axes->number > 0)
        axes->unlike = axes->count == walk->config->axes || known[axes->count].param != param ||
                       known[axes->count].zip != zip;
    if (axes->unlike) {
        rit_complain(walk->complaints, at, "all grids of a list have the same axes in the same order");
        return;
    }
    axes->grid->axis[axes->count] = (struct rit_axis){.param = param, .zip = zip};
    take_values(walk, values, axes->number, axes->count++, at);
}

/* Axes that go together, value by value. */
static void walk_zip(struct rit_walk *walk, struct axes *axes, const yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE) {
        long n = node->data.sequence.items.top - node->data.sequence.items.start;
        for (long i = 0; i < n; i++) {
            const yaml_node_t *one =
                yaml_document_get_node(walk->document, node->data.sequence.items.start[i]);
            if (one->type != YAML_SEQUENCE_NODE)
                walk_zip(walk, axes, one);
            else
                rit_complain(walk->complaints, one->start_mark, "a list of zips is not nested");
        }
        return;
    }
    if (node->type != YAML_MAPPING_NODE) {
        rit_complain(walk->complaints, node->start_mark,
                     "`zip` is axes that go together, such as {depth: [1, 2], rule.eta: [0.1, 0.05]}");
        return;
    }
    axes->zips++;
    for (int p = 0; p < rit_walk_pairs(node); p++) {
        const char *name;
        yaml_mark_t at;
        const yaml_node_t *values = rit_walk_pair(walk, node, p, &name, &at);
        if (name)
            add_axis(walk, axes, name, at, values, axes->zips);
    }
}

/* The axes of one grid; the first grid of a list says which there are. */
static void walk_axes(struct rit_walk *walk, const yaml_node_t *node, int number)
{
    struct rit_config *config = walk->config;
    struct axes axes = {.grid = &config->grid[number], .number = number};
    int before = walk->complaints->count;
    bool zipped = false;
    for (int p = 0; p < rit_walk_pairs(node); p++) {
        const char *name;
        yaml_mark_t at;
        const yaml_node_t *values = rit_walk_pair(walk, node, p, &name, &at);
        if (name && strcmp(name, "zip") != 0)
            add_axis(walk, &axes, name, at, values, 0);
        else if (name && zipped)
            rit_complain(walk->complaints, at, "`zip` is given twice; several zips are a list");
        else if (name)
            walk_zip(walk, &axes, values);
        zipped = zipped || (name && strcmp(name, "zip") == 0);
    }
    if (number == 0)
        config->axes = axes.count;
    else if (axes.count < config->axes && walk->complaints->count == before)
        rit_complain(walk->complaints, node->start_mark,
                     "all grids of a list have the same axes in the same order");
}

void rit_walk_grid(struct rit_walk *walk, const yaml_node_t *node)
{
    struct rit_config *config = walk->config;
    bool list = node->type == YAML_SEQUENCE_NODE;
    long n = list ? node->data.sequence.items.top - node->data.sequence.items.start : 1;
    if (n < 1 || n > RIT_MAX_GRIDS) {
        rit_complain(walk->complaints, node->start_mark, "a list of grids has 1 to %d grids", RIT_MAX_GRIDS);
        return;
    }
    free(config->grid);
    config->grid = calloc((size_t)n, sizeof *config->grid);
    RIT_CHECK(config->grid != NULL);
    config->grids = (int)n;
    walk->grid_at = node->start_mark;
    for (int g = 0; g < (int)n; g++) {
        const yaml_node_t *one =
            list ? yaml_document_get_node(walk->document, node->data.sequence.items.start[g]) : node;
        if (one->type == YAML_MAPPING_NODE)
            walk_axes(walk, one, g);
        else
            rit_complain(walk->complaints, one->start_mark,
                         "a grid of a list is axes with values, such as - {depth: 1, width: [10, 20]}");
    }
}

void rit_walk_axis(struct rit_walk *walk, const yaml_node_t *values, int param, yaml_mark_t at)
{
    struct rit_config *config = walk->config;
    int a = 0;
    while (a < config->axes && config->grid[0].axis[a].param != param)
        a++;
    if (a == RIT_MAX_AXES) {
        rit_complain(walk->complaints, at, "a grid has at most %d axes", RIT_MAX_AXES);
        return;
    }
    bool new = a == config->axes;
    config->axes += new;
    for (int g = 0; g < config->grids; g++) {
        struct rit_axis *axis = &config->grid[g].axis[a];
        int zip = new ? 0 : axis->zip;
        free(axis->value);
        *axis = (struct rit_axis){.param = param, .zip = zip};
        if (g == 0 || walk->complaints->count == 0) /* what is wrong is said once */
            take_values(walk, values, g, a, at);
    }
}

static void complain_of_unequal(struct rit_walk *walk, const struct rit_axis *axis, const double *asked)
{
    const struct rit_registry *registry = walk->config->base.registry;
    if (asked[0] == 0 || asked[1] == 0 || axis[0].zip == 0 || axis[0].zip != axis[1].zip ||
        asked[0] == asked[1])
        return;
    const struct rit_given *given = &walk->given[axis[1].param];
    walk->complaints->from = given->from;
    rit_complain(walk->complaints, given->at, "'%s' has %.0f value%s, but '%s', with which it goes, has %.0f",
                 rit_axis_name(registry->param[axis[1].param]->key), asked[1], asked[1] == 1 ? "" : "s",
                 rit_axis_name(registry->param[axis[0].param]->key), asked[0]);
}

void rit_walk_grid_end(struct rit_walk *walk)
{
    const struct rit_config *config = walk->config;
    struct rit_origin file = walk->complaints->from;
    double points = 0;
    for (int g = 0; g < config->grids; g++) {
        const struct rit_axis *axis = config->grid[g].axis;
        double size = 1;
        for (int a = 0; a < config->axes; a++)
            if (rit_axis_leads(&config->grid[g], a))
                size *= walk->asked[g][a];
            else
                complain_of_unequal(walk, &axis[a - 1], &walk->asked[g][a - 1]);
        points += size;
    }
    walk->complaints->from = file;
    if (points > RIT_MAX_POINTS)
        rit_complain(walk->complaints, walk->grid_at,
                     "the grid has %.*g points, but a sweep may have at most %d", points < 1e15 ? 15 : 3,
                     points, RIT_MAX_POINTS);
}
