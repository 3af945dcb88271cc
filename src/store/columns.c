/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The column of this variable, or NULL. Rows mostly hold the same variables in the same order, so that the
 * place of the last one found is the best guess. */
static struct rit_column *find(struct rit_columns *columns, const char *name, int guess)
{
    if (guess < columns->count && strcmp(columns->column[guess].first->name, name) == 0)
        return &columns->column[guess];
    for (int i = 0; i < columns->count; i++)
        if (strcmp(columns->column[i].first->name, name) == 0)
            return &columns->column[i];
    return NULL;
}

static bool same_dims(const struct rit_variable *a, const struct rit_variable *b)
{
    if (a->dims != b->dims)
        return false;
    for (int i = 0; i < a->dims; i++)
        if (strcmp(a->dim[i], b->dim[i]) != 0)
            return false;
    return true;
}

static bool named_as_dimension(const struct rit_variable *v)
{
    return v->dims == 1 && strcmp(v->name, v->dim[0]) == 0;
}

/* Whether two coordinates are the same as far as the shorter one goes. */
static bool agree(const struct rit_variable *a, const struct rit_variable *b)
{
    size_t count = a->count < b->count ? a->count : b->count;
    return memcmp(a->data, b->data, count * sizeof *a->data) == 0;
}

/* A copy that outlives its outcome. */
static struct rit_variable *copy_of(const struct rit_variable *v)
{
    struct rit_outcome one = {0};
    rit_outcome_put(&one, v->name, v->unit, v->meaning, v->dims, v->dim, v->length, v->data);
    one.variable[0]->library = v->library;
    return one.variable[0];
}

static enum rit_status add_dimension(struct rit_columns *columns, const char *name, size_t length,
                                     struct rit_error *err)
{
    for (int i = 0; i < columns->dims; i++) {
        if (strcmp(columns->dim[i].name, name) != 0)
            continue;
        if (columns->dim[i].length < length)
            columns->dim[i].length = length;
        return RIT_OK;
    }
    if (columns->dims == RIT_MAX_COLUMNS)
        return rit_fail(err, RIT_BAD_INPUT, "the results have more than %d dimensions", RIT_MAX_COLUMNS);
    struct rit_dimension *dim = &columns->dim[columns->dims++];
    *dim = (struct rit_dimension){.length = length};
    snprintf(dim->name, sizeof dim->name, "%s", name);
    return RIT_OK;
}

/* Place of a label among those of a dimension, or -1. */
static int label_place(const struct rit_dimension *dim, const char *label)
{
    for (int i = 0; i < dim->labels; i++)
        if (dim->label[i] && strcmp(dim->label[i], label) == 0)
            return i;
    return -1;
}

static enum rit_status add_labels(struct rit_columns *columns, const struct rit_labels *labels,
                                  struct rit_error *err)
{
    RIT_TRY(add_dimension(columns, labels->dim, (size_t)labels->n, err));
    struct rit_dimension *dim = columns->dim;
    while (strcmp(dim->name, labels->dim) != 0)
        dim++;
    if (!dim->label)
        dim->label = calloc(RIT_MAX_COLUMN_LABELS, sizeof *dim->label);
    RIT_CHECK(dim->label != NULL);
    for (int i = 0; i < labels->n; i++) {
        if (label_place(dim, labels->label[i]) >= 0)
            continue;
        if (dim->labels == RIT_MAX_COLUMN_LABELS)
            return rit_fail(err, RIT_BAD_INPUT, "dimension %s has more than %d labels", dim->name,
                            RIT_MAX_COLUMN_LABELS);
        dim->label[dim->labels] = strdup(labels->label[i]);
        RIT_CHECK(dim->label[dim->labels] != NULL);
        dim->labels++;
    }
    if (dim->length < (size_t)dim->labels)
        dim->length = (size_t)dim->labels;
    return RIT_OK;
}

static enum rit_status add_variable(struct rit_columns *columns, const struct rit_variable *v, int guess,
                                    struct rit_error *err)
{
    for (int i = 0; i < v->dims; i++)
        RIT_TRY(add_dimension(columns, v->dim[i], v->length[i], err));
    struct rit_column *column = find(columns, v->name, guess);
    if (!column) {
        if (columns->count == RIT_MAX_COLUMNS)
            return rit_fail(err, RIT_BAD_INPUT, "the results have more than %d variables", RIT_MAX_COLUMNS);
        columns->column[columns->count++] =
            (struct rit_column){.first = copy_of(v), .longest = named_as_dimension(v) ? copy_of(v) : NULL};
        return RIT_OK;
    }
    if (!same_dims(column->first, v))
        return rit_fail(err, RIT_BAD_INPUT, "variable %s has other dimensions in one result than in another",
                        v->name);
    if (column->longest && !agree(column->longest, v))
        column->differs = true;
    if (column->longest && column->longest->count < v->count) {
        free(column->longest);
        column->longest = copy_of(v);
    }
    return RIT_OK;
}

static const struct rit_dimension *dimension_of(const struct rit_columns *columns, const char *dim)
{
    for (int i = 0; i < columns->dims; i++)
        if (strcmp(columns->dim[i].name, dim) == 0)
            return &columns->dim[i];
    return NULL;
}

static size_t length_of(const struct rit_columns *columns, const char *dim)
{
    const struct rit_dimension *found = dimension_of(columns, dim);
    return found ? found->length : 0;
}

static int by_variable(const void *a, const void *b)
{
    return strcmp(((const struct rit_column *)a)->first->name, ((const struct rit_column *)b)->first->name);
}

static int by_dimension(const void *a, const void *b)
{
    return strcmp(((const struct rit_dimension *)a)->name, ((const struct rit_dimension *)b)->name);
}

void rit_columns_begin(struct rit_columns *columns, const char *const *only)
{
    *columns = (struct rit_columns){.only = only};
}

static bool is_wanted(const struct rit_columns *columns, const struct rit_variable *v)
{
    bool wanted = !columns->only;
    for (int i = 0; columns->only && columns->only[i]; i++)
        wanted = wanted || strcmp(columns->only[i], v->name) == 0;
    return wanted;
}

enum rit_status rit_columns_add(struct rit_columns *columns, const struct rit_outcome *outcome,
                                struct rit_error *err)
{
    for (int i = 0; i < outcome->variables; i++)
        if (is_wanted(columns, outcome->variable[i]))
            RIT_TRY(add_variable(columns, outcome->variable[i], i, err));
    for (int i = 0; i < outcome->labelled; i++)
        if (!columns->only)
            RIT_TRY(add_labels(columns, outcome->labels[i], err));
    return RIT_OK;
}

void rit_columns_finish(struct rit_columns *columns)
{
    for (int i = 0; i < columns->count; i++) {
        struct rit_column *c = &columns->column[i];
        bool named = named_as_dimension(c->first);
        bool whole = named && c->longest->count == length_of(columns, c->first->name);
        c->kind = !named                 ? RIT_COLUMN_PLAIN
                  : whole && !c->differs ? RIT_COLUMN_COORDINATE
                                         : RIT_COLUMN_CLASHING;
    }
    qsort(columns->column, (size_t)columns->count, sizeof columns->column[0], by_variable);
    qsort(columns->dim, (size_t)columns->dims, sizeof columns->dim[0], by_dimension);
}

void rit_columns_release(struct rit_columns *columns)
{
    for (int i = 0; i < columns->dims; i++) {
        for (int k = 0; k < columns->dim[i].labels; k++)
            free(columns->dim[i].label[k]);
        free(columns->dim[i].label);
    }
    for (int i = 0; i < columns->count; i++) {
        free(columns->column[i].first);
        free(columns->column[i].longest);
    }
    columns->count = columns->dims = 0;
}

/* Where the values of one row go. */
struct placement {
    const struct rit_variable *variable;
    const hsize_t *room;                             /* lengths of the array */
    const struct rit_labels *labels[RIT_MAX_DIMS];   /* of the row, NULL for a dimension without */
    const struct rit_dimension *among[RIT_MAX_DIMS]; /* all rows' labels */
};

/* Copy a variable into the front corner of the array or to its labels, from dimension `d` on. */
static void place(const struct placement *p, int d, const double **from, double *to)
{
    if (d == p->variable->dims) {
        *to = *(*from)++;
        return;
    }
    size_t step = 1;
    for (int i = d + 1; i < p->variable->dims; i++)
        step *= p->room[i];
    for (size_t k = 0; k < p->variable->length[d]; k++) {
        size_t at = p->labels[d] ? (size_t)label_place(p->among[d], p->labels[d]->label[k]) : k;
        place(p, d + 1, from, to + at * step);
    }
}

static void place_row(const struct rit_columns *columns, const struct rit_outcome *outcome,
                      const struct rit_variable *v, const hsize_t *room, double *to)
{
    struct placement p = {.variable = v, .room = room};
    for (int d = 0; d < v->dims; d++) {
        const struct rit_labels *labels = rit_outcome_labels(outcome, v->dim[d]);
        if (columns->only || !labels || (size_t)labels->n != v->length[d])
            continue;
        p.labels[d] = labels;
        p.among[d] = dimension_of(columns, v->dim[d]);
    }
    const double *from = v->data;
    place(&p, 0, &from, to);
}

struct rit_open_column {
    const struct rit_column *column;
    char name[RIT_VARIABLE_NAME + 16];
    struct rit_h5_variable spec;
    hid_t id;
    size_t inner;  /* values of one row */
    hsize_t step;  /* rows that are written together */
    hsize_t first; /* of those in the block */
    double *block; /* [step * inner] owned */
};

static void empty_block(struct rit_open_column *o)
{
    for (size_t k = 0; k < o->step * o->inner; k++)
        o->block[k] = NAN;
}

static void open_variable(const struct rit_columns *columns, const struct rit_column *column, int n,
                          struct rit_h5 *h5, struct rit_open_column *o)
{
    const struct rit_variable *v = column->first;
    *o = (struct rit_open_column){.column = column, .inner = 1};
    snprintf(o->name, sizeof o->name, "%s%s", v->name,
             column->kind == RIT_COLUMN_CLASHING ? "_of_point" : "");
    o->spec = (struct rit_h5_variable){.name = o->name,
                                       .unit = v->unit,
                                       .meaning = v->meaning,
                                       .kind = RIT_H5_REAL,
                                       .missing = true,
                                       .library = v->library,
                                       .dims = v->dims + 1,
                                       .dim = {"point"},
                                       .length = {(hsize_t)n}};
    for (int i = 0; i < v->dims; i++) {
        o->spec.dim[i + 1] = v->dim[i];
        o->spec.length[i + 1] = length_of(columns, v->dim[i]);
        o->inner *= o->spec.length[i + 1];
    }
    o->id = rit_h5_create(h5, &o->spec);
    o->step = rit_h5_rows(&o->spec);
    o->block = malloc((o->step * o->inner + 1) * sizeof *o->block);
    RIT_CHECK(o->block != NULL);
    empty_block(o);
}

static void write_block(struct rit_open_column *o, struct rit_h5 *h5)
{
    hsize_t left = o->spec.length[0] - o->first;
    rit_h5_write(h5, o->id, &o->spec, o->first, left < o->step ? left : o->step, o->block);
    o->first += o->step;
    empty_block(o);
}

static const struct rit_column *coordinate_of(const struct rit_columns *columns, const char *dim)
{
    for (int i = 0; i < columns->count; i++) {
        const struct rit_column *c = &columns->column[i];
        if (c->kind == RIT_COLUMN_COORDINATE && strcmp(c->first->name, dim) == 0)
            return c;
    }
    return NULL;
}

static void write_labels(const struct rit_dimension *dim, struct rit_h5 *h5)
{
    const char **label = calloc(dim->length + 1, sizeof *label); /* rows without labels may be longer */
    RIT_CHECK(label != NULL);
    for (size_t i = 0; i < dim->length; i++)
        label[i] = i < (size_t)dim->labels ? dim->label[i] : "";
    struct rit_h5_variable spec = {
        .name = dim->name, .kind = RIT_H5_TEXT, .dims = 1, .dim = {dim->name}, .length = {dim->length}};
    rit_h5_put(h5, &spec, label);
    free(label);
}

static void write_dimension(const struct rit_columns *columns, const struct rit_dimension *dim,
                            struct rit_h5 *h5)
{
    const struct rit_column *coordinate = coordinate_of(columns, dim->name);
    if (dim->label) {
        write_labels(dim, h5);
        return;
    }
    if (!coordinate) {
        rit_h5_dimension(h5, dim->name, dim->length);
        return;
    }
    const struct rit_variable *v = coordinate->longest;
    struct rit_h5_variable spec = {.name = v->name,
                                   .unit = v->unit,
                                   .meaning = v->meaning,
                                   .kind = RIT_H5_REAL,
                                   .library = v->library,
                                   .dims = 1,
                                   .dim = {v->name},
                                   .length = {dim->length}};
    rit_h5_put(h5, &spec, v->data);
}

void rit_columns_open(struct rit_columns_writer *writer, const struct rit_columns *columns, int n,
                      struct rit_h5 *h5)
{
    *writer = (struct rit_columns_writer){.columns = columns, .h5 = h5};
    for (int d = 0; d < columns->dims; d++)
        write_dimension(columns, &columns->dim[d], h5);
    writer->open = calloc((size_t)columns->count + 1, sizeof *writer->open);
    RIT_CHECK(writer->open != NULL);
    for (int i = 0; i < columns->count; i++)
        if (columns->column[i].kind != RIT_COLUMN_COORDINATE)
            open_variable(columns, &columns->column[i], n, h5, &writer->open[writer->count++]);
}

void rit_columns_put(struct rit_columns_writer *writer, int row, const struct rit_outcome *outcome)
{
    for (int i = 0; i < writer->count && !writer->h5->bad; i++) {
        struct rit_open_column *o = &writer->open[i];
        if ((hsize_t)row == o->first + o->step)
            write_block(o, writer->h5);
        const struct rit_variable *v = rit_outcome_find(outcome, o->column->first->name);
        if (v)
            place_row(writer->columns, outcome, v, o->spec.length + 1,
                      o->block + ((hsize_t)row - o->first) * o->inner);
    }
}

void rit_columns_close(struct rit_columns_writer *writer)
{
    for (int i = 0; i < writer->count; i++) {
        struct rit_open_column *o = &writer->open[i];
        if (o->first < o->spec.length[0])
            write_block(o, writer->h5);
        rit_h5_close(writer->h5, o->id);
        free(o->block);
    }
    free(writer->open);
}
