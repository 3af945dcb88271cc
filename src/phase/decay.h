/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How the loss of one run falls: NLL = c + A tau^-gamma. A network with too few weights approaches
 * c > 0; one that can learn has c = 0 and a power law in .01 < NLL < .1 bits.
 */
#ifndef RITARDANDO_PHASE_DECAY_H
#define RITARDANDO_PHASE_DECAY_H

#include <stdbool.h>

struct rit_decay {
    double asymptote; /* c [bit] */
    double amplitude; /* A */
    double exponent;  /* gamma */
    int points;       /* measurements used */
    bool found;       /* false: too few points, or gamma runs to the end of the range searched */
};

enum rit_decay_window {
    RIT_DECAY_NONE = 0,
    RIT_DECAY_BAND = 1, /* NLL between the two limits */
    RIT_DECAY_LATE = 2, /* the run stays above: its last decade of tau */
};

/**
 * The measurements [first, last) to fit: those with low < NLL < high from the first time NLL is below `high`
 * to the first time it is below `low`, if these are at least `least`; else those of the last decade
 * of tau. NaN marks a measurement that was not made. tau ascending.
 */
enum rit_decay_window rit_decay_window(int n, const double *tau, const double *nll, double low, double high,
                                       int least, int *first, int *last);

/**
 * Least squares of the relative deviations (fit - NLL)/NLL over [first, last), NaN passed over; c >= 0, or
 * c = 0 if `pure`. For given gamma it is a linear problem; gamma is searched between 0.02 and 5.
 */
struct rit_decay rit_decay_fit(int first, int last, const double *tau, const double *nll, bool pure);

#endif
