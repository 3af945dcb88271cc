/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/table.h"

#include "base/terminal.h"

#include <ritardando/status.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add(struct rit_table *table, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    table->cell = realloc(table->cell, ((size_t)table->cells + 1) * sizeof *table->cell);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    RIT_CHECK(table->cell != NULL && text != NULL);
    vsnprintf(text, (size_t)length + 1, format, args);
    table->cell[table->cells++] = text;
}

void rit_table_head(struct rit_table *table, const char *format, ...)
{
    RIT_CHECK(table->columns == table->cells);
    va_list args;
    va_start(args, format);
    add(table, format, args);
    va_end(args);
    table->columns++;
}

void rit_table_cell(struct rit_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(table, format, args);
    va_end(args);
}

void rit_table_keys(struct rit_table *table)
{
    table->keys = table->columns;
}

/* The columns of one part: the keys and first .. last - 1. */
struct part {
    const struct rit_table *table;
    const int *width; /* [columns] */
    int first, last;
};

static bool has(const struct part *part, int column)
{
    return column < part->table->keys || (part->first <= column && column < part->last);
}

static void print_rule(const struct part *part, struct rit_buffer *out)
{
    for (int c = 0; c < part->table->columns; c++) {
        if (!has(part, c))
            continue;
        rit_buffer_printf(out, "|-");
        for (int i = 0; i < part->width[c]; i++)
            rit_buffer_printf(out, "-");
        rit_buffer_printf(out, ":"); /* to the right, as numbers should stand */
    }
    rit_buffer_printf(out, "|\n");
}

static void print_part(const struct part *part, struct rit_buffer *out)
{
    const struct rit_table *table = part->table;
    for (int row = 0; row < table->cells / table->columns; row++) {
        for (int c = 0; c < table->columns; c++)
            if (has(part, c))
                rit_buffer_printf(out, "| %*s ", part->width[c], table->cell[row * table->columns + c]);
        rit_buffer_printf(out, "|\n");
        if (row == 0)
            print_rule(part, out);
    }
    rit_buffer_printf(out, "\n");
}

/* In as many parts as it takes; a part has one column beside the keys at least. */
static void print_parts(const struct rit_table *table, const int *width, struct rit_buffer *out)
{
    int keys = 1, line = rit_terminal_columns(STDOUT_FILENO, RIT_TABLE_WIDTH);
    for (int c = 0; c < table->keys; c++)
        keys += width[c] + 3;
    struct part part = {.table = table, .width = width, .first = table->keys};
    do {
        int length = keys;
        for (part.last = part.first; part.last < table->columns; part.last++) {
            length += width[part.last] + 3;
            if (length > line && part.last > part.first)
                break;
        }
        print_part(&part, out);
        part.first = part.last;
    } while (part.first < table->columns);
}

void rit_table_print(struct rit_table *table, const char *title, struct rit_buffer *out)
{
    RIT_CHECK(table->columns > 0 && table->cells % table->columns == 0);
    int *width = calloc((size_t)table->columns, sizeof *width);
    RIT_CHECK(width != NULL);
    for (int i = 0; i < table->cells; i++) {
        int length = (int)strlen(table->cell[i]);
        if (width[i % table->columns] < length)
            width[i % table->columns] = length;
    }
    if (table->cells > table->columns) {
        rit_buffer_printf(out, "%s\n\n", title);
        print_parts(table, width, out);
    }
    for (int i = 0; i < table->cells; i++)
        free(table->cell[i]);
    free(table->cell);
    free(width);
    *table = (struct rit_table){0};
}
