/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The variables of many outcomes as arrays over the points. */
#ifndef RITARDANDO_STORE_COLUMNS_H
#define RITARDANDO_STORE_COLUMNS_H

#include "store/dataset.h"
#include "store/h5.h"

enum { RIT_MAX_COLUMNS = 256 };

enum rit_column_kind {
    RIT_COLUMN_PLAIN,      /* an array over the points */
    RIT_COLUMN_COORDINATE, /* 1-D and named as its dimension, the same in all rows up to its length: written
                              once */
    RIT_COLUMN_CLASHING,   /* named as its dimension but not the same in all rows: written as NAME_of_point */
};

/** One variable in all rows. Texts are borrowed from the rows. */
struct rit_column {
    const struct rit_variable *first;   /* in the first row that has it: name, unit, meaning, dimensions */
    const struct rit_variable *longest; /* in the row where it has the most values */
    bool differs;                       /* in some row, from the values of the longest before it */
    enum rit_column_kind kind;
};

enum { RIT_MAX_COLUMN_LABELS = 256 };

struct rit_dimension {
    const char *name;
    size_t length; /* the largest of all rows, and room for all labels */
    int labels;
    const char **
        label; /* [RIT_MAX_COLUMN_LABELS] of all rows, in the order in which they appear; NULL: none. Owned */
};

struct rit_columns {
    int count;
    struct rit_column column[RIT_MAX_COLUMNS]; /* ascending by name */
    int dims;
    struct rit_dimension dim[RIT_MAX_COLUMNS]; /* ascending by name */
};

/**
 * RIT_BAD_INPUT if a variable has other dimensions in one row than in another, or there are too many. The
 * caller releases `columns` in any case.
 */
enum rit_status rit_columns_gather(struct rit_columns *columns, const struct rit_row *rows, int n,
                                   struct rit_error *err);

void rit_columns_release(struct rit_columns *columns);

/**
 * Write the dimensions, their coordinates and all variables; rows that lack a value get NaN. Along a
 * dimension with labels, which then is a coordinate of texts, values stand at their label, wherever it was in
 * their row.
 */
void rit_columns_write(const struct rit_columns *columns, const struct rit_row *rows, int n,
                       struct rit_h5 *h5);

#endif
