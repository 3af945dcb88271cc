/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The variables of many outcomes as arrays over the points. The outcomes come twice, one at a time: first to
 * learn which variables there are and how long, then to be written.
 */
#ifndef RITARDANDO_STORE_COLUMNS_H
#define RITARDANDO_STORE_COLUMNS_H

#include <ritardando/outcome.h>

#include "store/h5.h"

enum { RIT_MAX_COLUMNS = 256 };

enum rit_column_kind {
    RIT_COLUMN_PLAIN,      /* an array over the points */
    RIT_COLUMN_COORDINATE, /* 1-D and named as its dimension, the same in all rows up to its length: written
                              once */
    RIT_COLUMN_CLASHING,   /* named as its dimension but not the same in all rows: written as NAME_of_point */
};

/** One variable in all rows. */
struct rit_column {
    struct rit_variable *first;   /* owned; in the first row that has it: name, unit, meaning, dimensions */
    struct rit_variable *longest; /* owned; in the row where it has the most values, if it is named as its
                                     dimension; else NULL */
    bool differs;                 /* in some row, from the values of the longest before it */
    enum rit_column_kind kind;
};

enum { RIT_MAX_COLUMN_LABELS = 256 };

struct rit_dimension {
    char name[RIT_VARIABLE_NAME];
    size_t length; /* the largest of all rows, and room for all labels */
    int labels;
    char **
        label; /* [RIT_MAX_COLUMN_LABELS] of all rows, in the order in which they appear; NULL: none. Owned */
};

struct rit_columns {
    const char *const *only; /* names of the variables that are wanted, NULL-terminated; NULL: all */
    int count;
    struct rit_column column[RIT_MAX_COLUMNS]; /* ascending by name */
    int dims;
    struct rit_dimension dim[RIT_MAX_COLUMNS]; /* ascending by name */
};

void rit_columns_begin(struct rit_columns *columns, const char *const *only);
void rit_columns_release(struct rit_columns *columns);

/** RIT_BAD_INPUT if a variable has other dimensions than in an outcome before, or there are too many. */
enum rit_status rit_columns_add(struct rit_columns *columns, const struct rit_outcome *outcome,
                                struct rit_error *err);
/** All outcomes were added. */
void rit_columns_finish(struct rit_columns *columns);

struct rit_open_column; /* a variable that is being written */

struct rit_columns_writer {
    const struct rit_columns *columns;
    struct rit_h5 *h5;
    int count;
    struct rit_open_column *open;
};

/**
 * Write the dimensions and their coordinates, and open all variables over `n` points; rows that lack a value
 * get NaN. Along a dimension with labels, which then is a coordinate of texts, values stand at their label,
 * wherever it was in their row.
 */
void rit_columns_open(struct rit_columns_writer *writer, const struct rit_columns *columns, int n,
                      struct rit_h5 *h5);
/** The rows one after the other, from the first. */
void rit_columns_put(struct rit_columns_writer *writer, int row, const struct rit_outcome *outcome);
void rit_columns_close(struct rit_columns_writer *writer);

#endif
