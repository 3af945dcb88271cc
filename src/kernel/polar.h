/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_KERNEL_POLAR_H
#define RITARDANDO_KERNEL_POLAR_H

#include <stdbool.h>
#include <stddef.h>

/** Doubles of work space that rit_polar_project needs. */
size_t rit_polar_work(int n);

/**
 * Replace the n x n matrix X = U S V^T by its polar factor U V^T, the nearest orthogonal matrix, by the
 * Newton-Schulz iteration X <- X (3I - X^T X) / 2, to |X^T X - I| <= 1e-14 n (largest element). Matrices
 * whose norm may reach sqrt 3 are scaled down first: the polar factor does not change. Returns false, with X
 * spoilt, if X is not finite or (numerically) singular. The order of all sums is fixed. Source: Bjorck and
 * Bowie, SIAM J. Numer. Anal. 8 (1971) 358.
 */
bool rit_polar_project(int n, double *x, double *work);

#endif
