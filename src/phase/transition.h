/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * One learnability transition: learning times over a range of widths, at one threshold.
 *
 * The model is 1/tau = a (N_h - N_c)^z for N_h > N_c, with log-normal scatter of tau from run to run,
 *   log tau = -log a - z log(N_h - N_c) + sigma e,  e ~ N(0,1),
 * and tau infinite for N_h <= N_c. A run censored at tau_c contributes the probability of lasting longer,
 * Phi((E[log tau] - log tau_c)/sigma), which is 1 at or below N_c. Scatter on the scale of log tau is what
 * seeds show in practice: a fixed share of tau, from the fast runs to the slow ones.
 */
#ifndef RITARDANDO_PHASE_TRANSITION_H
#define RITARDANDO_PHASE_TRANSITION_H

#include "phase/estimate.h"
#include "phase/survival.h"

#include <stdbool.h>

/** The runs of one threshold, sorted by width: those of width[c] are life[start[c] .. start[c+1] - 1]. */
struct rit_line {
    int cells;
    const double *width;             /* [cells] ascending, > 0 */
    const int *start;                /* [cells + 1] */
    const struct rit_lifetime *life; /* [start[cells]] */
};

struct rit_power {
    double critical; /* N_c */
    double rate;     /* a */
    double exponent; /* z */
    double sigma;    /* scatter of log tau from run to run */
    double loglik;
    bool found; /* false: the data do not determine N_c, and the numbers above mean nothing */
    bool open;  /* the likelihood grows towards the end of the range searched: N_c has no lower limit */
    bool edge;  /* it grows up to the lowest width at which a run learned: N_c lies just below, and no further
                 */
};

/** Learning times carry about a percent of error of their own; scatter is not taken to be below this. */
#define RIT_SIGMA_MIN 1e-3

/**
 * Maximum likelihood over cells [first, last), each run counted weight[run] times (NULL: once); runs are
 * numbered as in `life`. `exponent` is held at the number given, or free if NaN. For each N_c
 * the rest is a censored regression with one maximum (phase/tobit.h); N_c itself is searched over
 * -N_max .. the lowest width at which a run learned.
 */
struct rit_power rit_power_fit(const struct rit_line *line, int first, int last, const double *weight,
                               double exponent);

/** The log-likelihood at given N_c, maximised over everything else; -INFINITY where it is impossible. */
double rit_power_profile(const struct rit_line *line, int first, int last, const double *weight,
                         double exponent, double critical);

/**
 * Log-likelihood of a mean for each cell of its own, and `parameters` = number of cells in which a run
 * learned: what a fit is compared with. 2 (saturated - fit) is chi-squared with the difference in parameters
 * if the law holds.
 */
double rit_power_saturated(const struct rit_line *line, int first, int last, int *parameters);

/** The straight line of the talk: Kaplan-Meier medians, 1/tau = a (N_h - N_c), weighted least squares. */
struct rit_straight {
    double critical, rate;
    double chi2; /* of `cells` - 2 degrees of freedom */
    int cells;   /* with a median, used in the fit */
    /* Variances and covariance of -N_c a and a; degrees of freedom of the scatter they are made of. */
    double variance0, covariance, variance1, freedom;
};

/**
 * Weights are 1/error^2 with error(1/tau) = sd/sqrt(n) * 1/tau * sqrt(pi/2): the error of a median of
 * n runs, sd being the scatter of log tau within cells, pooled over the cells that learned completely (so
 * that five seeds suffice). NaN if fewer than two cells have a median; the variances are NaN if no
 * cell learned completely in more than one run.
 */
struct rit_straight rit_straight_fit(const struct rit_line *line, int first, int last);

/**
 * N_c with the widths at which a line of this error may cross zero (Fieller, J. R. Stat. Soc. B 16, 175
 * (1954)): |c0 + c1 N| <= t sqrt(var(c0) + 2 N cov + N^2 var(c1)), which always contains N_c. Infinite on
 * both sides if the slope may be zero.
 */
struct rit_estimate rit_straight_interval(const struct rit_straight *fit, double level);

/**
 * The window of a fit, by a rule that does not look at how straight the data are: from the smallest
 * width up to `reach` times the first width that learns (rit_line_median), but at least
 * `least` widths with a learned run if there are so many.
 */
void rit_window(const struct rit_line *line, double reach, int least, int *first, int *last);

/**
 * The median learning time of a cell after Kaplan and Meier; INFINITY where it did not learn. This is the one
 * rule by which a width learns: half of its runs or more did.
 */
double rit_line_median(const struct rit_line *line, int cell);

#endif
