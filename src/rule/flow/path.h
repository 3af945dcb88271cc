/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The way within a step, read off its stages: at x = 0 .. 1 of the step from w to w',
 *
 *     w(x) = (1 - x) w + x w' + x (1 - x) (A + B x),
 *
 * where A and B are the least squares through K_2 .. K_{s-1} at their times c_j, with weights j. No slope
 * goes in: in a stiff direction h F is h lambda times the distance from the bottom of the valley, thousands
 * of times that distance, and an error or a path made of slopes sees little else. K_j is wrong by (c_j
 * h)^3/15 times the third derivative of w, and w' by as much at c = 1, so that the error of the step is two
 * thirds of |B|.
 */
#ifndef RITARDANDO_RULE_FLOW_PATH_H
#define RITARDANDO_RULE_FLOW_PATH_H

#include <stddef.h>

/** Adds K_j, 2 <= j < s, at its time c, to the sums a and b [n], zero before the first of them. */
void rit_path_add(double c, int j, size_t n, const double *k, double *a, double *b);

/** With both ends known, turns the sums over s >= 4 stages into A and B. */
void rit_path_close(int s, size_t n, const double *w, const double *end, double *a, double *b);

/** The error of the step against tolerance (0.1 + |w|), in the root mean square. */
double rit_path_error(double tolerance, size_t n, const double *w, const double *b);

/** The weights at x. */
void rit_path_at(double x, size_t n, const double *w, const double *end, const double *a, const double *b,
                 double *at);

#endif
