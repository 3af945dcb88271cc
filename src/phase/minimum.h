/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_PHASE_MINIMUM_H
#define RITARDANDO_PHASE_MINIMUM_H

/**
 * The least value of f(x, context) on [low, high]: a scan of `cells` + 1 points, which keeps away from side
 * minima, then Brent's method (GSL) around the best of them down to a ten-thousandth of a cell. f may be
 * INFINITY where it has no value. Returns x, and f there in *value; x is NaN if f is nowhere finite.
 */
double rit_minimum(double (*f)(double x, void *context), void *context, double low, double high, int cells,
                   double *value);

#endif
