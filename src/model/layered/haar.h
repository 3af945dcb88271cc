/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Random orthogonal matrices, row-major n x n. */
#ifndef RITARDANDO_MODEL_HAAR_H
#define RITARDANDO_MODEL_HAAR_H

struct rit_random;

/** A uniformly random permutation matrix. */
void rit_fill_permutation(struct rit_random *random, int n, double *w);

/**
 * A matrix from the Haar measure of O(n): Gaussian rows made orthonormal one after the other (Gram and
 * Schmidt, twice, which is orthogonal to rounding). Source: Mezzadri, Notices AMS 54 (2007) 592.
 */
void rit_fill_haar(struct rit_random *random, int n, double *w);

/** The same for U(n): the real part, n x n, and behind it the imaginary part. */
void rit_fill_haar_unitary(struct rit_random *random, int n, double *w);

#endif
