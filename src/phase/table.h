/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A table of texts, printed in Markdown with aligned columns. */
#ifndef RITARDANDO_PHASE_TABLE_H
#define RITARDANDO_PHASE_TABLE_H

#include "base/pack.h"

enum { RIT_TABLE_WIDTH = 110 }; /* characters of a line, unless a terminal says; wider tables are in parts */

struct rit_table {
    int columns, cells; /* the first `columns` cells are the heads; rows follow */
    int keys;           /* leading columns that say what a row is about: each part has them */
    char **cell;        /* owned */
};

/** Add a head (before any row) or the next cell of a row. */
void rit_table_head(struct rit_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void rit_table_cell(struct rit_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** The heads so far are keys. */
void rit_table_keys(struct rit_table *table);

/** Print "title" and the table, unless it has no rows, and release it. */
void rit_table_print(struct rit_table *table, const char *title, struct rit_buffer *out);

#endif
