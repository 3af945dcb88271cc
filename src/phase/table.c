/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/table.h"

#include <ritardando/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct rit_table *table, const char *format, va_list args)
{
    table->cell = realloc(table->cell, ((size_t)table->cells + 1) * sizeof *table->cell);
    RIT_CHECK(table->cell != NULL);
    vsnprintf(table->cell[table->cells++], RIT_TABLE_TEXT, format, args);
}

void rit_table_head(struct rit_table *table, const char *format, ...)
{
    RIT_CHECK(table->columns == table->cells && table->columns < RIT_TABLE_COLUMNS);
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

static void print_rule(const struct rit_table *table, const int *width, struct rit_buffer *out)
{
    for (int c = 0; c < table->columns; c++) {
        rit_buffer_printf(out, "|-");
        for (int i = 0; i < width[c]; i++)
            rit_buffer_printf(out, "-");
        rit_buffer_printf(out, ":"); /* to the right, as numbers should stand */
    }
    rit_buffer_printf(out, "|\n");
}

void rit_table_print(struct rit_table *table, const char *title, struct rit_buffer *out)
{
    int width[RIT_TABLE_COLUMNS] = {0};
    RIT_CHECK(table->columns > 0 && table->cells % table->columns == 0);
    for (int i = 0; i < table->cells; i++) {
        int length = (int)strlen(table->cell[i]);
        if (width[i % table->columns] < length)
            width[i % table->columns] = length;
    }
    if (table->cells > table->columns) {
        rit_buffer_printf(out, "%s\n\n", title);
        for (int i = 0; i < table->cells; i++) {
            int c = i % table->columns;
            rit_buffer_printf(out, "| %*s ", width[c], table->cell[i]);
            if (c == table->columns - 1)
                rit_buffer_printf(out, "|\n");
            if (i == table->columns - 1)
                print_rule(table, width, out);
        }
        rit_buffer_printf(out, "\n");
    }
    free(table->cell);
    *table = (struct rit_table){0};
}
