/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What the eigenvalues of a Hessian are like: bulk, outliers, and the statistics of neighbours in the bulk.
 *
 * The ratio r = min(s, s')/max(s, s') of two neighbouring spacings needs no unfolding; its mean is 0.5307 for
 * the levels of large real symmetric random matrices (GOE: levels repel) and 2 ln 2 - 1 = 0.3863 for levels
 * that do not know of each other (Poisson). Sources: Oganesyan and Huse, PRB 75, 155111 (2007); Atas et al.,
 * PRL 110, 084101 (2013).
 */
#ifndef RITARDANDO_SLOPE_LEVELS_H
#define RITARDANDO_SLOPE_LEVELS_H

extern const double rit_ratio_goe, rit_ratio_poisson;

struct rit_levels_found {
    int negative;     /* below -floor */
    int null;         /* within the floor: nothing is known of them */
    int above, below; /* outliers on either side: those further out than the 5 % and 95 % quantiles by more
                         than half the distance between these */
    int repeated; /* of those in the bulk beyond the floor: equal to a neighbour to the solver's errors, by a
                     symmetry of the matrix */
    double low, high; /* where the bulk between them ends: its extreme eigenvalues */
    double ratio; /* mean of r over neighbours in the bulk beyond the floor, repeated ones once; NaN if there
                     are none */
    double error; /* its standard error */
};

/**
 * Of n eigenvalues in ascending or descending order. `floor`: eigenvalues of this modulus may be errors of
 * the matrix; noise has GOE statistics of its own, so that they must not count.
 */
struct rit_levels_found rit_levels_of(int n, const double *value, double floor);

/**
 * The floor of a matrix of side n whose elements have independent errors, from the mean square of
 * (H_ij - H_ji): errors of standard deviation sigma make eigenvalues up to 2 sigma sqrt n.
 */
double rit_levels_floor(int n, double mean_square_difference);

#endif
