/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * An analysis as gridded arrays with named dimensions: its axes, then the size (`width`), `threshold`,
 * `reach` (of the fit window) or `law` (of the extrapolation) where they matter. What the file and the JSON
 * output both hold; docs/analysis.md lists the variables.
 */
#ifndef RITARDANDO_PHASE_GRIDDED_H
#define RITARDANDO_PHASE_GRIDDED_H

#include "phase/analysis.h"

enum { RIT_GRIDDED_DIMS = RIT_MAX_SCAN_AXES + 3, RIT_GRIDDED_COORDINATES = 20, RIT_GRIDDED_ATTRIBUTES = 12 };

/** What the numbers come from: a text, or a number written as one. */
struct rit_gridded_attribute {
    const char *name;
    char text[256];
    bool number;
};

struct rit_gridded_array {
    char name[64], meaning[200];
    const char *unit;
    int dims;
    const char *dim[RIT_GRIDDED_DIMS];
    size_t length[RIT_GRIDDED_DIMS], count;
    double *value; /* [count] row-major; NaN where there is nothing. Owned */
    const char
        *flags; /* names of the values 0, 1, ..., the first one for places without a value; NULL: numbers */
};

struct rit_gridded_coordinate {
    const char *name, *unit;
    int n;
    const double *number;    /* [n], or NULL if it has texts; borrowed */
    const char *const *text; /* [n], or NULL; borrowed */
};

struct rit_gridded {
    int attributes, coordinates, arrays;
    struct rit_gridded_attribute attribute[RIT_GRIDDED_ATTRIBUTES];
    struct rit_gridded_coordinate coordinate[RIT_GRIDDED_COORDINATES];
    struct rit_gridded_array *array; /* owned */
};

/** Borrows from the analysis; the caller releases it. */
void rit_gridded_make(const struct rit_analysis *analysis, struct rit_gridded *gridded);
void rit_gridded_release(struct rit_gridded *gridded);

/** Add to it. Texts and coordinates are borrowed, values are copied. */
void rit_gridded_add_attribute(struct rit_gridded *gridded, const char *name, bool number, const char *format,
                               ...) __attribute__((format(printf, 4, 5)));
void rit_gridded_add_coordinate(struct rit_gridded *gridded, const char *name, const char *unit, int n,
                                const double *number, const char *const *text);
struct rit_gridded_array *rit_gridded_add_array(struct rit_gridded *gridded, const char *name,
                                                const char *unit, const char *meaning, int dims,
                                                const char *const *dim, const size_t *length,
                                                const double *value);

/** Number of values of an array with flags. */
int rit_gridded_flags(const struct rit_gridded_array *array);

/** What xarray.Dataset.from_dict takes: {"coords", "data_vars", "attrs"}. NaN and infinities are null. */
void rit_gridded_print_json(const struct rit_gridded *gridded, struct rit_buffer *out);

/** An HDF5 file that xarray opens with named dimensions; replaces `path` atomically. */
enum rit_status rit_gridded_write(const char *path, const struct rit_gridded *gridded, struct rit_error *err);

/** The rule by which fit windows were chosen, as a sentence. Returns snprintf's length. */
int rit_window_rule(const struct rit_analysis *a, char *out, size_t size);

#endif
