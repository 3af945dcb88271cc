/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/parameters.h"

#include <ritardando/model.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_TEXT = 1024 };

void rit_parameters_name(const char *key, char *name, size_t size)
{
    static const char *const axis[][2] = {
        {"model.depth", "depth"}, {"model.width", "width"}, {"data.chorales", "chorales"}, {"seed", "seed"}};
    for (size_t i = 0; i < sizeof axis / sizeof axis[0]; i++) {
        if (strcmp(key, axis[i][0]) == 0) {
            snprintf(name, size, "%s", axis[i][1]);
            return;
        }
    }
    snprintf(name, size, "%s", key);
    for (char *c = name; *c; c++)
        if (*c == '.' || *c == '-')
            *c = '_';
}

static const union rit_value *own_value(const struct rit_row *row, int index)
{
    for (int i = 0; i < row->changes; i++)
        if (row->change[i].param == index)
            return row->change[i].value;
    return &row->point->value[index];
}

static const union rit_value *value_in_row(const void *row, int index)
{
    return own_value(row, index);
}

static bool has_meaning(const struct rit_row *row, int index)
{
    return rit_param_applies_by(row->point->registry, index, value_in_row, row);
}

/* What stands in the variable of a parameter. The width of a network is what its model calls its size: the
 * number of its inputs, say, where it has no hidden layer. */
static int shown(const struct rit_row *row, int index)
{
    const struct rit_registry *registry = row->point->registry;
    if (strcmp(registry->param[index]->key, "model.width") != 0)
        return index;
    int size = rit_model_size_by(registry, value_in_row, row);
    return size < 0 ? index : size;
}

static const union rit_value *value_of(const struct rit_row *row, int index)
{
    return own_value(row, shown(row, index));
}

static bool applies(const struct rit_row *row, int index)
{
    return has_meaning(row, shown(row, index));
}

static bool varies(const struct rit_row *rows, int n, int index)
{
    const struct rit_param *param = rows[0].point->registry->param[index];
    bool first = applies(&rows[0], index);
    for (int i = 1; i < n; i++)
        if (applies(&rows[i], index) != first ||
            (first && !rit_value_equal(param, value_of(&rows[0], index), value_of(&rows[i], index))))
            return true;
    return false;
}

/* In how many rows the parameter has a meaning. */
static int applies_to(const struct rit_row *rows, int n, int index)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += applies(&rows[i], index);
    return count;
}

static void print_value(const struct rit_row *row, int index, char *text)
{
    text[0] = 0;
    if (applies(row, index))
        rit_value_print(row->point->registry->param[index], value_of(row, index), text, VALUE_TEXT);
}

/* Whether some row has inf where others have a whole number. */
static bool is_infinite_somewhere(const struct rit_row *rows, int n, int index)
{
    bool found = false;
    for (int i = 0; rows[0].point->registry->param[index]->or_infinite && i < n && !found; i++)
        found = applies(&rows[i], index) && value_of(&rows[i], index)->i == RIT_INFINITE;
    return found;
}

/* Whole numbers are reals where inf is among them, so that every reader sees what it is. */
static enum rit_h5_kind kind_of(const struct rit_row *rows, int n, int index)
{
    switch (rows[0].point->registry->param[index]->kind) {
    case RIT_REAL:
        return RIT_H5_REAL;
    case RIT_INT:
        return is_infinite_somewhere(rows, n, index) ? RIT_H5_REAL : RIT_H5_INT;
    default:
        return RIT_H5_TEXT;
    }
}

/* The value of a number as a real. */
static double real_of(const struct rit_row *row, int index)
{
    const struct rit_param *param = row->point->registry->param[index];
    const union rit_value *value = value_of(row, index);
    if (param->kind == RIT_REAL)
        return value->x;
    return value->i == RIT_INFINITE ? INFINITY : (double)value->i;
}

/* The values of all rows, dense, as the kind of the variable wants them. */
static void *values_of(const struct rit_row *rows, int n, int index, enum rit_h5_kind kind)
{
    void *values = calloc((size_t)n, 8); /* a double, an int64_t or a pointer each */
    RIT_CHECK(values != NULL);
    for (int i = 0; i < n; i++) {
        bool known = applies(&rows[i], index);
        if (kind == RIT_H5_REAL) {
            ((double *)values)[i] = known ? real_of(&rows[i], index) : NAN;
        } else if (kind == RIT_H5_INT) {
            ((int64_t *)values)[i] = known ? value_of(&rows[i], index)->i : RIT_H5_MISSING;
        } else {
            char text[VALUE_TEXT];
            print_value(&rows[i], index, text);
            ((char **)values)[i] = strdup(text);
            RIT_CHECK(((char **)values)[i] != NULL);
        }
    }
    return values;
}

static void write_parameter(const struct rit_row *rows, int n, int index, struct rit_buffer *coordinates,
                            struct rit_h5 *h5)
{
    const struct rit_param *param = rows[0].point->registry->param[index];
    enum rit_h5_kind kind = kind_of(rows, n, index);
    /* Numbers compress to nothing where they are the same; texts lie in a heap that no filter reaches. */
    bool single = kind == RIT_H5_TEXT && !varies(rows, n, index);
    int count = single ? 1 : n;
    char name[RIT_MAX_TEXT];
    rit_parameters_name(param->key, name, sizeof name);
    struct rit_h5_variable spec = {.name = name,
                                   .unit = kind == RIT_H5_TEXT ? NULL : param->unit,
                                   .meaning = param->meaning,
                                   .kind = kind,
                                   .missing = applies_to(rows, n, index) < n,
                                   .dims = single ? 0 : 1,
                                   .dim = {"point"},
                                   .length = {(hsize_t)n}};
    void *values = values_of(rows, count, index, kind);
    hid_t id = rit_h5_create(h5, &spec);
    rit_h5_text_attribute(h5, id, "parameter", param->key);
    rit_h5_write(h5, id, &spec, 0, (hsize_t)n, values);
    rit_h5_close(h5, id);
    rit_buffer_printf(coordinates, " %s", name);
    for (int i = 0; kind == RIT_H5_TEXT && i < count; i++)
        free(((char **)values)[i]);
    free(values);
}

void rit_parameters_write(const struct rit_row *rows, int n, struct rit_h5 *h5,
                          struct rit_buffer *coordinates)
{
    for (int index = 0; n > 0 && index < rows[0].point->registry->count; index++)
        if (!rows[0].point->registry->param[index]->not_identity)
            write_parameter(rows, n, index, coordinates, h5);
}

double rit_parameters_largest(const struct rit_row *rows, int n, const char *key)
{
    double largest = 0.0;
    int index = n > 0 ? rit_param_find(rows[0].point->registry, key) : -1;
    for (int i = 0; i < n && index >= 0; i++)
        if (applies(&rows[i], index))
            largest = fmax(largest, value_of(&rows[i], index)->x);
    return largest;
}
