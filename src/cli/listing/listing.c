/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/listing/listing.h"

#include "base/json.h"

#include <ritardando/status.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct column {
    const struct rit_array *array;
    int place; /* along its second dimension; -1 where it has none */
    char name[64];
};

struct table {
    int n;
    struct column *column; /* owned */
};

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static bool differs(const struct rit_array *array)
{
    for (size_t i = 1; i < array->count; i++)
        if (array->text
                ? strcmp(array->text[i], array->text[0]) != 0
                : array->value[i] != array->value[0] && !(isnan(array->value[i]) && isnan(array->value[0])))
            return true;
    return false;
}

static void add(struct table *table, const struct rit_array *array, int place, const char *name)
{
    table->column = realloc(table->column, ((size_t)table->n + 1) * sizeof *table->column);
    RIT_CHECK(table->column);
    struct column *column = &table->column[table->n++];
    *column = (struct column){.array = array, .place = place};
    snprintf(column->name, sizeof column->name, "%s", name);
}

static bool is_per_point(const struct rit_array *array)
{
    return array->dims == 1 && strcmp(array->dim[0], "point") == 0 && strcmp(array->name, "point") != 0;
}

static struct table columns_of(const struct rit_dataset *dataset)
{
    static const char *const always[] = {"depth", "width", "chorales", "seed", NULL};
    static const char *const never[] = {"identity", "record", "end", "program", NULL};
    struct table table = {0};
    add(&table, rit_dataset_find(dataset, "identity"), -1, "identity");
    for (int pass = 0; pass < 2; pass++) { /* parameters, then results */
        for (int a = 0; a < dataset->arrays; a++) {
            const struct rit_array *array = &dataset->array[a];
            if (!is_per_point(array) || is_one_of(array->name, never) || (array->parameter == NULL) != pass)
                continue;
            if (pass == 1 || is_one_of(array->name, always) || differs(array))
                add(&table, array, -1, array->name);
        }
        if (pass == 0)
            add(&table, rit_dataset_find(dataset, "end"), -1, "end");
    }
    const struct rit_array *time = rit_dataset_find(dataset, "learning_time"),
                           *eps = rit_dataset_find(dataset, "threshold");
    for (size_t t = 0; time && eps && t < eps->count; t++) {
        char name[64];
        snprintf(name, sizeof name, "learning_time_%g", eps->value[t]);
        add(&table, time, (int)t, name);
    }
    return table;
}

/* The text of a cell, or NULL with its number. */
static const char *cell(const struct column *column, size_t row, double *number)
{
    const struct rit_array *array = column->array;
    *number = NAN;
    if (array->text)
        return array->text[row];
    *number =
        column->place < 0 ? array->value[row] : array->value[row * array->length[1] + (size_t)column->place];
    return strcmp(column->name, "end") == 0 ? rit_end_name((enum rit_end) * number) : NULL;
}

static void csv_text(const char *text, struct rit_buffer *out)
{
    bool quoted = strpbrk(text, ",\"\n\r") != NULL;
    rit_buffer_printf(out, "%s", quoted ? "\"" : "");
    for (; *text; text++)
        rit_buffer_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    rit_buffer_printf(out, "%s", quoted ? "\"" : "");
}

void rit_listing_csv(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    struct table table = columns_of(dataset);
    for (int c = 0; c < table.n; c++)
        rit_buffer_printf(out, "%s%s", c ? "," : "", table.column[c].name);
    rit_buffer_printf(out, "\n");
    for (size_t row = 0; row < dataset->points; row++) {
        for (int c = 0; c < table.n; c++) {
            double number;
            const char *text = cell(&table.column[c], row, &number);
            rit_buffer_printf(out, "%s", c ? "," : "");
            if (text)
                csv_text(text, out);
            else if (isfinite(number))
                rit_json_number(number, out);
            else if (isinf(number) && table.column[c].array->parameter)
                rit_buffer_printf(out, "inf");
        }
        rit_buffer_printf(out, "\n");
    }
    free(table.column);
}

void rit_listing_json(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    struct table table = columns_of(dataset);
    for (size_t row = 0; row < dataset->points; row++) {
        rit_buffer_printf(out, "%s", row ? ",\n  {" : "[\n  {");
        for (int c = 0; c < table.n; c++) {
            double number;
            const char *text = cell(&table.column[c], row, &number);
            rit_buffer_printf(out, "%s\"%s\": ", c ? ", " : "", table.column[c].name);
            if (text)
                rit_json_text(text, out);
            else if (table.column[c].array->parameter)
                rit_json_size(number, out);
            else
                rit_json_number(number, out);
        }
        rit_buffer_printf(out, "}");
    }
    rit_buffer_printf(out, dataset->points ? "\n]\n" : "[]\n");
    free(table.column);
}
