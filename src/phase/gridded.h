/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * An analysis as gridded arrays with named dimensions: its axes, then `width`, `threshold`, `reach` (of the
 * fit window) or `law` (of the extrapolation) where they matter. What the file and the JSON output both hold;
 * docs/analysis.md lists the variables.
 */
#ifndef RITARDANDO_PHASE_GRIDDED_H
#define RITARDANDO_PHASE_GRIDDED_H

#include "phase/analysis.h"

enum { RIT_GRIDDED_DIMS = RIT_MAX_SCAN_AXES + 3 };

struct rit_gridded_array {
    char name[64], meaning[200];
    const char *unit;
    int dims;
    const char *dim[RIT_GRIDDED_DIMS];
    size_t length[RIT_GRIDDED_DIMS], count;
    double *value; /* [count] row-major; NaN where there is nothing. Owned */
    bool flags;    /* the values are those of enum rit_known */
};

struct rit_gridded_coordinate {
    const char *name, *unit;
    int n;
    const double *number;    /* [n], or NULL if it has texts; borrowed */
    const char *const *text; /* [n], or NULL; borrowed */
};

struct rit_gridded {
    int coordinates, arrays;
    struct rit_gridded_coordinate coordinate[RIT_GRIDDED_DIMS + 1];
    struct rit_gridded_array *array;
};

/** Borrows from the analysis; the caller releases it. */
void rit_gridded_make(const struct rit_analysis *analysis, struct rit_gridded *gridded);
void rit_gridded_release(struct rit_gridded *gridded);

/** Names of enum rit_known in their order, separated by spaces. */
extern const char rit_known_names[];

/** The rule by which fit windows were chosen, as a sentence. Returns snprintf's length. */
int rit_window_rule(const struct rit_analysis_options *options, char *out, size_t size);

#endif
