/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * From the runs of a dataset to its phase diagram: what `ritardando analyse` computes. Everything here is a
 * function of the dataset and the options alone.
 */
#ifndef RITARDANDO_PHASE_ANALYSIS_H
#define RITARDANDO_PHASE_ANALYSIS_H

#include "phase/approach.h"
#include "phase/critical.h"
#include "phase/decay.h"
#include "phase/scan.h"

/** One width of one line. */
struct rit_cell {
    int runs;
    double pairs, outputs, weights; /* T, units asked of each, number of weights; NaN if not recorded */
    int *learned;                   /* [thresholds] runs that learned */
    struct rit_estimate *median;    /* [thresholds] Kaplan-Meier median of tau */
    double *waited; /* [thresholds] shortest time after which a censored run was given up; NaN: none */
    /* Of the runs that did not learn, where floors were measured (phase/floor.h): */
    int *never, *stuck, *slow;           /* [thresholds] */
    double floor_one_row, floor_network; /* [bit]; NaN: not measured */
    enum rit_decay_window window;
    int decays; /* runs with a fit */
    /* NLL = A tau^-gamma in the window, NaN unless it is the band; NLL = c + A tau^-gamma. Means over runs.
     */
    struct rit_estimate power, exponent, asymptote;
};

/** The limits between which a learned NLL is taken to follow its power law [bit]. */
#define RIT_DECAY_LOW  0.01
#define RIT_DECAY_HIGH 0.1

/** N_c against the number of chorales P, all else equal: N_c = b P^s. */
struct rit_growth {
    int lines;                            /* values of P used */
    struct rit_estimate prefactor, power; /* b, s */
};

struct rit_line_result {
    struct rit_transition transition;
    struct rit_cell *cell;                        /* [cells] */
    struct rit_estimate *capacity;                /* [thresholds] output bits T N_v per weight at N_c */
    struct rit_approach approach[RIT_APPROACHES]; /* to infinite width */
};

struct rit_analysis {
    const struct rit_scan *scan; /* borrowed */
    struct rit_analysis_options options;
    struct rit_line_result *line; /* [scan->lines] */
    /* Lines that differ in their chorales only form a family; there are none without that axis. */
    int families;
    int *family;               /* [lines] number of its family, ascending from 0 by first line */
    struct rit_growth *growth; /* [families][thresholds] */
};

/** level 0.6827, 1000 resamples, key 1, windows up to twice the first width that learns. */
struct rit_analysis_options rit_analysis_defaults(void);

/** Lines are numbered in the random streams by their order in `scan`. The caller releases `analysis`. */
void rit_analysis_make(const struct rit_scan *scan, const struct rit_analysis_options *options,
                       struct rit_analysis *analysis);
void rit_analysis_release(struct rit_analysis *analysis);

/** Weights of a network of any width on this line, from those recorded: exact if they are a polynomial of the
 * second degree in the width, as for all layered networks. NaN if fewer than three widths are recorded. */
double rit_analysis_weights(const struct rit_scan_line *line, const struct rit_line_result *result,
                            double width);

#endif
