/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Sums over arrays of doubles in one canonical order, so that every instruction set gives the same bits:
 * element i goes to lane i mod 8, and the lanes are added as ((0+4)+(2+6)) + ((1+5)+(3+7)).
 */
#ifndef RITARDANDO_KERNEL_REDUCE_H
#define RITARDANDO_KERNEL_REDUCE_H

#include <stddef.h>

/** sum_i x_i^2. Distances of two arrays are summed in the same order by rit_kernels.distances. */
double rit_sum_sq(size_t n, const double *x);

#endif
