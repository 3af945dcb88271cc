/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A number with its confidence interval: what every statistic of this room returns. */
#ifndef RITARDANDO_PHASE_ESTIMATE_H
#define RITARDANDO_PHASE_ESTIMATE_H

/** NaN: not known. An infinite `low` or `high` says that the data set no limit on that side. */
struct rit_estimate {
    double value, low, high;
};

/** Nothing known: all three NaN. */
struct rit_estimate rit_estimate_none(void);

/** Mean of x[n] with Student's interval for independent normal numbers; low and high are NaN for n = 1. */
struct rit_estimate rit_estimate_mean(const double *x, int n, double level);

#endif
