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
 * widths fixed; if a cell has a single run they are thrown together instead, since it could not vary. The
 * stream is (key, RIT_FOR_BOOTSTRAP, resample, part), so that parts of a data set vary independently.
 */
void rit_bootstrap_draw(uint64_t key, uint64_t resample, uint64_t part, int cells, const int *start,
                        double *weight);

/**
 * The percentile interval of replicate[n] around `value`, widened to the probability that Student's t with
 * `freedom` degrees of freedom puts within its quantile of `level` (Hesterberg, Am. Stat. 69, 371 (2015)):
 * percentiles alone are those of a normal law and too narrow when few runs decide. INFINITY: not widened.
 * NaN replicates (fits that failed) are passed over; with more than a tenth of them there is no interval:
 * low and high are NaN. Sorts `replicate`.
 */
struct rit_estimate rit_bootstrap_interval(double value, double *replicate, int n, double level,
                                           double freedom);

#endif
