/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Sums of numbers over draws as they come, in groups that are drawn independently: from them any function of
 * means, with its error by leaving out one group after the other (the jackknife: Efron and Stein, Ann.
 * Statist. 9, 586 (1981)). Moments are means of powers and products, which the caller makes.
 */
#ifndef RITARDANDO_LIMIT_MOMENTS_H
#define RITARDANDO_LIMIT_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

struct rit_arena;

enum { RIT_MOMENTS_GROUPS = 20, RIT_MOMENTS_MEANS = 4 };

struct rit_moments {
    size_t n;    /* numbers of a draw */
    double *sum; /* [groups][n] */
};

/** Sums of n numbers, taken from `state`. */
struct rit_moments rit_moments_open(size_t n, struct rit_arena *state);

/** The n numbers of draw number `draw`, which belongs to group draw % groups. */
void rit_moments_add(struct rit_moments *moments, uint64_t draw, const double *x);

struct rit_estimate {
    double value, error; /* one standard error */
};

/** A function of the means of some of the numbers. */
typedef double rit_statistic(const double *mean);

/** `of` the means of the numbers index[k], at most RIT_MOMENTS_MEANS, over `draws` draws, at least as many as
 * there are groups. */
struct rit_estimate rit_moments_estimate(const struct rit_moments *moments, uint64_t draws, rit_statistic *of,
                                         int k, const size_t *index);

/** Functions of the means of x, of x and x^2, and of x to x^4: the mean, the variance, the fourth cumulant
 * and this over the square of the variance; <x^2>/<x>^2; and of x, y and xy the covariance. */
rit_statistic rit_mean_of, rit_variance_of, rit_fourth_of, rit_kurtosis_of, rit_ratio_of, rit_covariance_of;

#endif
