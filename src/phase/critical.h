/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Everything about the transition of one line, which is the set of runs that differ in width and seed only:
 * critical widths at each threshold with their errors, the exponent, and the limit of small thresholds.
 */
#ifndef RITARDANDO_PHASE_CRITICAL_H
#define RITARDANDO_PHASE_CRITICAL_H

#include "phase/estimate.h"
#include "phase/transition.h"

#include <stdint.h>

struct rit_analysis_options {
    double level;  /* of all intervals; 0.6827 is "one sigma" */
    int resamples; /* of the bootstrap */
    uint64_t key;  /* of its random numbers */
    double reach;  /* of the fit window, see rit_window */
    bool below;    /* networks learn below the border: lines are fitted along mirror - x */
    double mirror;
};

/** What the data say about a critical width. The numbers are stored in files: append, never renumber. */
enum rit_known {
    RIT_KNOWN_NOTHING = 0, /* no runs */
    RIT_KNOWN_VALUE = 1,   /* an estimate with its interval */
    RIT_KNOWN_BELOW = 2,   /* a bound: every width learns, N_c < high */
    RIT_KNOWN_ABOVE = 3,   /* a bound: no run learned at any width in the time it had, N_c > low */
    RIT_KNOWN_BETWEEN =
        4, /* too few widths learn for a fit: low < N_c < high, infinite where not even that is known */
    RIT_KNOWN_EDGE =
        5, /* a bound: the likelihood grows up to the lowest width with a learned run, N_c < high */
    RIT_KNOWN_NEVER = 6, /* no width learns, however long: the threshold lies below the floor of what networks
                            of this line can remember */
};

enum { RIT_REACHES = 4, RIT_LEAST_CELLS = 3, RIT_LEAST_CELLS_FREE = 4 };
/** N_c is also given for these windows, to show what the choice does: 1.5, 2, 3 and infinity. */
extern const double rit_reaches[RIT_REACHES];

/** The transition at one threshold. */
struct rit_critical {
    enum rit_known known;
    int runs, learned, cells_learned;  /* in the window; cells in which a run learned, which a fit needs */
    double window_low, window_high;    /* its widths */
    bool bracketed;                    /* at some width of the window no run learned */
    struct rit_estimate critical;      /* N_c for z = 1; for bounds, low and high are the bounds */
    double error;                      /* half of its interval of 68 %; NaN if that has no limits */
    struct rit_estimate rate;          /* a, for z = 1 */
    double sigma;                      /* scatter of log tau */
    struct rit_estimate exponent;      /* z */
    struct rit_estimate free_critical; /* N_c with free z */
    struct rit_estimate straight;      /* N_c from the straight line through the medians; not resampled */
    double lack_p;     /* probability of data at least as far from the law with z = 1, if it holds */
    double exponent_p; /* probability of a likelihood gain by free z as large as found, if z = 1 */
    double by_reach[RIT_REACHES]; /* N_c, z = 1, for the windows of rit_reaches */
    int failed;                   /* resamples in which the fit with z = 1 was not possible */
};

/** N_c of one line at one threshold by likelihood alone, without resamples: counts, window, critical, error,
 * the value of the rate and sigma; the rest is not filled. */
void rit_critical_find(const struct rit_line *line, double level, double reach,
                       struct rit_critical *critical);

/** N_c(eps) = N_c(0) - b eps^s for s = 1 and s = 1/2: the difference is the error of the extrapolation. */
enum { RIT_ZERO_LINEAR = 0, RIT_ZERO_ROOT = 1, RIT_ZEROS = 2 };
struct rit_zero {
    struct rit_estimate critical[RIT_ZEROS], slope[RIT_ZEROS]; /* N_c(0), b */
    int points;                                                /* thresholds used */
};

struct rit_transition {
    int thresholds, resamples;
    struct rit_critical *at; /* [thresholds] */
    struct rit_zero zero;
};

/**
 * Analyse one line: `cells` widths with their runs, and life[t][run], the learning times at eps[t]. All
 * thresholds share the resamples, numbered by `part` in the random stream. The extrapolation
 * eps -> 0 uses the thresholds up to five times the lowest that has a value with an error, weighted by their
 * errors. For its interval the resamples say how the thresholds, which share their runs, move together, and
 * the likelihood how far. The caller releases `transition`.
 */
void rit_transition_analyse(int cells, const double *width, const int *start, int thresholds,
                            const double *eps, const struct rit_lifetime *const *life,
                            const struct rit_analysis_options *options, uint64_t part,
                            struct rit_transition *transition);
void rit_transition_release(struct rit_transition *transition);

#endif
