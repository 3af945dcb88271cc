/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Runge-Kutta-Chebyshev steps of second order, by a recurrence over s stages: with eps = 2/13, w0 = 1 +
 * eps/s^2, w1 = T_s'(w0)/T_s''(w0) and b_j = T_j''(w0)/T_j'(w0)^2 (b_0 = b_1 = b_2), a_j = 1 - b_j T_j(w0),
 *
 *     K_1 = w + mu~_1 h F_0,     mu~_1 = b_1 w1,
 *     K_j = (1 - mu_j - nu_j) w + mu_j K_{j-1} + nu_j K_{j-2} + mu~_j h F_{j-1} + gamma~_j h F_0,
 *     mu_j = 2 b_j w0/b_{j-1},   nu_j = -b_j/b_{j-2},   mu~_j = 2 b_j w1/b_{j-1},   gamma~_j = -a_{j-1}
 * mu~_j.
 *
 * Stable for h lambda_max below 0.65 (s^2 - 1). Source: Sommeijer, Shampine and Verwer, J. Comput. Appl.
 * Math. 88 (1998) 315.
 */
#ifndef RITARDANDO_RULE_FLOW_CHEBYSHEV_H
#define RITARDANDO_RULE_FLOW_CHEBYSHEV_H

/** Where a step of s stages is: T_j and its first two derivatives at w0, of stage j and the two before. All
 * doubles, so that it can lie in a rule's state. */
struct rit_chebyshev_ladder {
    double w0, w1, j;
    double t[3], d[3], dd[3];
};

/** Of stage j: mu_j, nu_j, mu~_j, gamma~_j, and c_j = w1 T_j''(w0)/T_j'(w0), where K_j is w at the time c_j h
 * to second order, and c_s = 1. Of stage 1 only mu~_1; the others are zero. */
struct rit_chebyshev {
    double mu, nu, slope, first, time;
};

/** Before the first of s >= 2 stages. */
struct rit_chebyshev_ladder rit_chebyshev_foot(int s);

/** The coefficients of the next stage. */
struct rit_chebyshev rit_chebyshev_next(struct rit_chebyshev_ladder *ladder);

/** The fewest stages, 4 at least, with which h lambda_max = z is stable. */
int rit_chebyshev_stages(double z);

/** The largest z for s stages. */
double rit_chebyshev_reach(int s);

#endif
