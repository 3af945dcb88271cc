/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Tables of numbers, one below the other: of a text one, of an HDF5 file one dataset or those of a group. */
#ifndef RITARDANDO_SOURCE_SERIES_TABLES_H
#define RITARDANDO_SOURCE_SERIES_TABLES_H

#include <ritardando/rows.h>
#include <ritardando/status.h>

#include "base/pack.h"

#include <stdbool.h>

enum { RIT_TABLE_COLUMNS = RIT_WIDEST_REALS + RIT_WIDEST_BITS };

struct rit_tables {
    int columns, rows;         /* of all tables together */
    struct rit_buffer numbers; /* [rows][columns] floats, all finite */
    int tables;
    struct rit_table {
        int end;    /* the row behind its last */
        char *name; /* owned; NULL: the file's only one */
    } * table;
};

/** What has been appended since the last end is a table. Takes over `name`. */
void rit_tables_end(struct rit_tables *tables, char *name);
void rit_tables_release(struct rit_tables *tables);

/** Append the table of a text. RIT_IO; RIT_BAD_INPUT with file, line and column. */
enum rit_status rit_tables_read_text(const char *path, struct rit_tables *tables, struct rit_error *err);

/** Whether there is such a file and it is HDF5. */
bool rit_tables_in_hdf5(const char *path);

/**
 * Append the dataset `dataset`, [rows] or [rows][columns], or all datasets of a group of that name, sorted as
 * people count ("9" before "10"). Empty: the one dataset or group that there is. RIT_BAD_INPUT with file,
 * dataset, row and column.
 */
enum rit_status rit_tables_read_hdf5(const char *path, const char *dataset, struct rit_tables *tables,
                                     struct rit_error *err);

#endif
