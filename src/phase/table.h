/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A table of texts, printed in Markdown with aligned columns. */
#ifndef RITARDANDO_PHASE_TABLE_H
#define RITARDANDO_PHASE_TABLE_H

#include "base/pack.h"

enum { RIT_TABLE_COLUMNS = 32, RIT_TABLE_TEXT = 64 };

struct rit_table {
    int columns, cells; /* the first `columns` cells are the heads; rows follow */
    char (*cell)[RIT_TABLE_TEXT];
};

/** Add a head (before any row) or the next cell of a row. */
void rit_table_head(struct rit_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void rit_table_cell(struct rit_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Print "title" and the table, unless it has no rows, and release it. */
void rit_table_print(struct rit_table *table, const char *title, struct rit_buffer *out);

#endif
