/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The aging analysis of one cell: runs that differ in their seed only. A cell's curves are the means of
 * log(value) over its runs; the error of a point is the standard error of that mean, its square averaged
 * over two neighbouring lags on either side, as a variance of a few runs is itself a rough number. Intervals
 * are by bootstrap over whole runs with the points' errors held fixed.
 */
#ifndef RITARDANDO_PHASE_AGING_CELL_H
#define RITARDANDO_PHASE_AGING_CELL_H

#include "phase/aging_fit.h"
#include "phase/collapse.h"
#include "phase/critical.h"
#include "phase/estimate.h"

/** The data of a cell. Borrowed. Points that are NaN or not positive in any run are left out of all. */
struct rit_aging_runs {
    int runs, waits, lags;
    const double *waiting; /* [waits] t_w, ascending */
    const double *lag;     /* [waits][lags] t; NaN: not recorded */
    const double *value;   /* [runs][waits][lags] Delta, or anything that ages */
};

struct rit_aging_options {
    struct rit_analysis_options bootstrap; /* level, resamples, key */
    double lowest;                         /* window of the collapse and fits: t/t_w >= lowest */
    double assumed_error; /* relative error of a value, for a cell of one run; 0: one run has no errors */
};

/** t/t_w >= 0.1, 68 % intervals of 400 resamples. */
struct rit_aging_options rit_aging_defaults(void);

/** What there is to say. The numbers are stored in files: append, never renumber. */
enum rit_aging_verdict {
    RIT_AGING_NOTHING = 0,      /* no runs */
    RIT_AGING_FOUND = 1,        /* mu with its interval */
    RIT_AGING_FEW_RUNS = 2,     /* fewer than 3 runs: no errors, nothing to bootstrap */
    RIT_AGING_FEW_CURVES = 3,   /* fewer than 3 waiting times with points in the window */
    RIT_AGING_FEW_POINTS = 4,   /* fewer than 5 points on a curve */
    RIT_AGING_UNDETERMINED = 5, /* the interval is wider than 1 or reaches the end of the range searched */
    RIT_AGING_NONE = 6,         /* mu is 0 within twice its interval, or below 0.05: no dependence on t_w */
    RIT_AGING_UNSURE = 7,       /* one run with an assumed error: mu without an interval */
    RIT_AGING_NO_SCATTER = 8,   /* the runs are equal: nothing to measure errors by */
    RIT_AGING_NO_COLLAPSE = 9,  /* even the best mu leaves S > 5 */
    RIT_AGING_VERDICTS
};

const char *rit_aging_sentence(enum rit_aging_verdict verdict);

/** The three collapses: t/t_w^mu; t_w^b F(t/t_w^mu), that is Delta t_w^-b against t/t_w^mu; xi(mu). */
enum rit_aging_form { RIT_FORM_MU, RIT_FORM_MU_B, RIT_FORM_XI, RIT_FORMS };
extern const char *const rit_aging_form_formula[RIT_FORMS];

struct rit_aging_form_fit {
    enum rit_aging_verdict verdict;
    struct rit_estimate mu, b; /* b is 0 but for RIT_FORM_MU_B */
    double quality;            /* S */
};

/** mu = RIT_MU_LOW + k * (RIT_MU_HIGH - RIT_MU_LOW) / (RIT_MU_STEPS - 1) */
enum { RIT_MU_STEPS = 126 };
double rit_mu_at(int k);

struct rit_aging_cell {
    int runs, curves, points;          /* of the window */
    enum rit_aging_verdict data;       /* FOUND, or why there is nothing to analyse */
    double simple;                     /* S of t/t_w */
    double none;                       /* S without rescaling, mu = 0 */
    double profile[RIT_MU_STEPS];      /* S of t/t_w^mu */
    double profile_free[RIT_MU_STEPS]; /* S of t_w^b F(t/t_w^mu) at the best b */
    struct rit_aging_form_fit form[RIT_FORMS];
    struct rit_family_fit family[RIT_FAMILIES];
    struct rit_estimate amplitude[RIT_FAMILIES], exponent[RIT_FAMILIES];
    int best_family;             /* of the least AICc; -1 without one */
    double *mean, *error;        /* [waits][lags] of log(value), all lags; NaN where there is none. Owned. */
    double *slope, *slope_error; /* [waits][lags] local slopes, all lags; bootstrap standard error. Owned. */
};

/** `part` numbers the cell in the random stream. The caller releases `cell`. */
void rit_aging_analyse(const struct rit_aging_runs *runs, const struct rit_aging_options *options,
                       uint64_t part, struct rit_aging_cell *cell);
void rit_aging_cell_release(struct rit_aging_cell *cell);

#endif
