/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Student's t from IEEE operations alone: intervals that decide what is trained next have the same bits
 * everywhere. */
#ifndef RITARDANDO_PHASE_QUANTILE_H
#define RITARDANDO_PHASE_QUANTILE_H

/** P(|t| < x) for x >= 0 and a whole number of degrees of freedom (Abramowitz and Stegun 26.7.3 and 4). */
double rit_t_within(double x, int freedom);
/** The x within which |t| is with chance `level`, 0 <= level < 1. */
double rit_t_quantile(double level, int freedom);

#endif
