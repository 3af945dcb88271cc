/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/series/tables.h"

#include <stdlib.h>

void rit_tables_end(struct rit_tables *tables, char *name)
{
    size_t n = (size_t)tables->tables + 1;
    tables->table = realloc(tables->table, n * sizeof *tables->table);
    RIT_CHECK(tables->table != NULL);
    tables->table[tables->tables++] = (struct rit_table){tables->rows, name};
}

void rit_tables_release(struct rit_tables *tables)
{
    for (int i = 0; i < tables->tables; i++)
        free(tables->table[i].name);
    free(tables->table);
    rit_buffer_release(&tables->numbers);
    *tables = (struct rit_tables){0};
}
