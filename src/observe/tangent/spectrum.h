/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_OBSERVE_TANGENT_SPECTRUM_H
#define RITARDANDO_OBSERVE_TANGENT_SPECTRUM_H

#include <stdbool.h>

/**
 * All eigenvalues of a symmetric n x n matrix in descending order, by Householder's tridiagonal form and QL
 * steps with implicit shifts; IEEE operations in a fixed order, so that every machine gives the same bits.
 * Errors are a few n ulp of the largest. `a` has rows of `ld` elements, of which the lower triangle is read;
 * it is spoilt. `value` and `work` hold n. False, and value undefined, if an element is not finite.
 * Source: Martin, Reinsch and Wilkinson, Numer. Math. 11, 181 (1968); Dubrulle et al., ibid. 12, 377 (1968).
 */
bool rit_eigenvalues(int n, double *a, int ld, double *value, double *work);

#endif
