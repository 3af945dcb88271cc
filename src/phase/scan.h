/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The runs of a dataset sorted for analysis. A *cell* is all runs that differ in their seed only, a *line*
 * all cells that differ in their size only, and the *axes* are the other parameters that differ between
 * runs: depth, chorales, then any others. The size is the width, or another parameter that is a number: the
 * layers of a quantum circuit, say.
 *
 * A parameter that follows from the others, such as a rate chosen by depth, is no axis: it is called a
 * follower, and lines along which it changes can still be compared.
 */
#ifndef RITARDANDO_PHASE_SCAN_H
#define RITARDANDO_PHASE_SCAN_H

#include <ritardando/status.h>

#include "phase/survival.h"
#include "store/reader.h"

#include <stddef.h>

enum { RIT_MAX_SCAN_AXES = 8, RIT_MAX_VARYING = 64 };

/** A parameter and the values it takes, ascending. */
struct rit_scan_axis {
    const char *name, *unit; /* of the dataset's variable */
    int n;
    double *number; /* [n], or NULL if it has texts; owned */
    char **text;    /* [n], or NULL; the list is owned, the texts borrowed from the dataset */
};

struct rit_scan_line {
    int place[RIT_MAX_SCAN_AXES];
    int cells, runs, failed, diverged; /* failed runs say nothing and are not counted in `runs` */
    int finite;                 /* cells without that of infinite width, of which no law in N_h knows */
    double *width;              /* [cells] ascending */
    int *start;                 /* [cells + 1]: runs of a cell */
    size_t *row;                /* [runs] of the dataset */
    struct rit_lifetime **life; /* [thresholds][runs] */
};

struct rit_scan {
    const struct rit_dataset *dataset; /* borrowed */
    int axes, followers;
    struct rit_scan_axis axis[RIT_MAX_SCAN_AXES];
    const char *follower[RIT_MAX_VARYING];
    int thresholds;    /* 0: learning times were not measured */
    const double *eps; /* [thresholds] ascending, borrowed */
    const char *unit;  /* of eps: "bit"; "1" of a mean square error; borrowed */
    const char *size;  /* what "width" stands for here: a variable of the dataset, borrowed; "width" */
    const char *size_unit;
    int widths;
    double *width; /* all of them, ascending */
    int lines;
    struct rit_scan_line *line; /* ascending by place, the last axis fastest */
};

/**
 * Sort the runs of `dataset` along the variable `size`, which is borrowed; NULL: "width". No runs at all is
 * no error: there are then no lines. RIT_BAD_INPUT if the dataset has runs but neither learning times nor
 * aging, no such size, more than RIT_MAX_SCAN_AXES axes or more than RIT_MAX_VARYING varying parameters. The
 * caller releases `scan` in any case.
 */
enum rit_status rit_scan_make(const struct rit_dataset *dataset, const char *size, struct rit_scan *scan,
                              struct rit_error *err);
void rit_scan_release(struct rit_scan *scan);

/** Number of the axis of this name, or -1. */
int rit_scan_axis_find(const struct rit_scan *scan, const char *name);

enum { RIT_SCAN_VALUE = 512, RIT_SCAN_LABEL = 4096 }; /* a list of numbers, and such a value of every axis */
/** The value at a place of an axis; "-" where the parameter has no meaning. Returns `out`. */
const char *rit_scan_value(const struct rit_scan_axis *axis, int place, char out[RIT_SCAN_VALUE]);

/** "depth 2, chorales 10"; "all runs" without axes. */
void rit_scan_label(const struct rit_scan *scan, const struct rit_scan_line *line, char *out, size_t size);

#endif
