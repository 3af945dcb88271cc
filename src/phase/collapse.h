/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How well aging curves of different waiting times fall on one curve when their lags are rescaled, after
 * Houdayer and Hartmann, Phys. Rev. B 70 (2004) 014418, on the logarithms of lag and value:
 *
 *     S = mean over the points of (y_ij - Y_ij)^2 / (dy_ij^2 + dY_ij^2)
 *
 * Y_ij being the weighted straight line through the points of the *other* curves that bracket x_ij. S of
 * about 1 says that the curves agree within their errors. Points without a bracket are not compared. Errors
 * of neighbouring points of a run are correlated, so S is a measure and not a chi-squared.
 */
#ifndef RITARDANDO_PHASE_COLLAPSE_H
#define RITARDANDO_PHASE_COLLAPSE_H

#include <ritardando/point.h>

/** One curve: y = log(value) with its standard error against x = log(lag), ascending. */
struct rit_curve {
    double waiting; /* t_w */
    int n;
    double *x, *y, *error; /* [n], of rit_curves' memory */
    double *scaled;        /* [n], scratch of a comparison */
};

struct rit_curves {
    int n;
    struct rit_curve curve[RIT_MAX_LIST];
    double *memory; /* owned */
};

/** Room for RIT_MAX_LIST curves of up to `lags` points each; none has points yet. The caller releases them.
 */
void rit_curves_new(struct rit_curves *curves, int lags);
void rit_curves_release(struct rit_curves *curves);

/** The variable on which curves are to collapse. */
enum rit_scaling {
    RIT_SCALING_POWER, /* t / t_w^mu: 1 simple aging, < 1 sub-aging, 0 no aging */
    RIT_SCALING_XI,    /* [(t_w+t)^(1-mu) - t_w^(1-mu)] / (1-mu), log(1 + t/t_w) at mu = 1 */
};

/**
 * S at one mu, as a function of b when values are multiplied by t_w^-b: S(b) = s - 2 b sb + b^2 bb. The
 * brackets do not depend on b, so this is exact.
 */
struct rit_collapse {
    int points, compared; /* compared is the number of terms */
    double s, sb, bb;     /* NaN when fewer than half of the points can be compared */
};

/** Uses the scratch of `curves`, and changes nothing else in them. */
struct rit_collapse rit_collapse_at(const struct rit_curves *curves, enum rit_scaling scaling, double mu);

/** S at the best b, and that b (if not NULL). */
double rit_collapse_free(const struct rit_collapse *collapse, double *b);

/** Where mu is searched. */
#define RIT_MU_LOW  (-0.5)
#define RIT_MU_HIGH 2.0

struct rit_collapse_best {
    double mu, b; /* b = 0 unless it was free; NaN if no mu allows a comparison */
    double quality;
};

/** The mu (and b, if `free_b`) of the least S: a scan in steps of 0.05, then Brent's method. */
struct rit_collapse_best rit_collapse_search(const struct rit_curves *curves, enum rit_scaling scaling,
                                             bool free_b);

#endif
