/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Lines along which networks learn below the border, as with a rate or a temperature: they are analysed along
 * u = about - x, above whose border they learn, and what is found is turned back to x. Bounds change sides.
 */
#ifndef RITARDANDO_PHASE_MIRROR_H
#define RITARDANDO_PHASE_MIRROR_H

#include "phase/critical.h"
#include "phase/scan.h"

/** A line along u, ascending. */
struct rit_mirrored {
    int cells;
    double *width;              /* [cells] owned */
    int *start;                 /* [cells + 1] owned */
    struct rit_lifetime **life; /* [thresholds][runs] owned */
};

/** Cells of finite size only. */
void rit_mirror_make(const struct rit_scan_line *line, int thresholds, double about,
                     struct rit_mirrored *mirrored);
void rit_mirror_release(struct rit_mirrored *mirrored, int thresholds);

/** What was found along u, said of x. Rates are those of 1/tau = a (N_c - x). */
void rit_mirror_back(double about, struct rit_transition *transition);

/**
 * About what u is the mirror image: low + high for values from low > 0 to high, so that u goes through the
 * same values; otherwise so that u begins with an eighth of their range.
 */
double rit_mirror_about(double low, double high);

#endif
