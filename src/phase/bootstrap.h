/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Error bars by resampling whole runs (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
 *
 * From a cell of n runs a resample draws n - 1 with replacement (Rao and Wu, J. Am. Stat. Assoc. 83, 231
 * (1988)): drawing n would make the spread of a mean too small by the factor sqrt((n-1)/n), which is 0.89 for
 * five seeds. A run's thresholds and its whole learning curve stay together.
 */
#ifndef RITARDANDO_PHASE_BOOTSTRAP_H
#define RITARDANDO_PHASE_BOOTSTRAP_H

#include "phase/estimate.h"

#include <stdint.h>

/**
 * How often each run is drawn: weight[start[cells]]. Cells are resampled one by one, which keeps the
 * widths fixed. Those of a single run, which could not vary, are thrown together; a lone one stays as it is.
 * The stream is (key, RIT_FOR_BOOTSTRAP, resample, part), so that parts of a data set vary independently.
 */
void rit_bootstrap_draw(uint64_t key, uint64_t resample, uint64_t part, int cells, const int *start,
                        double *weight);

/**
 * `value` plus and minus the distance from it within which the share `level` of replicate[n] lies (the
 * symmetric bootstrap of Hall, Ann. Stat. 16, 927 (1988)). Percentiles of the replicates themselves would
 * double a bias instead of covering it, and can miss the value. The share is widened to the probability that
 * the normal law puts within Student's quantile of `freedom` degrees of freedom (Hesterberg, Am. Stat. 69,
 * 371 (2015)), as few runs scatter more widely; INFINITY: not widened. NaN replicates (fits that failed) are
 * passed over; with more than a tenth of them there is no interval: low and high are NaN. Overwrites
 * `replicate`.
 */
struct rit_estimate rit_bootstrap_interval(double value, double *replicate, int n, double level,
                                           double freedom);

#endif
