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

struct rit_chebyshev {
    double mu, nu, slope, first; /* mu_j, nu_j, mu~_j, gamma~_j; of stage 1 only mu~_1, the others are zero */
};

/** The coefficients of stage j = 1 .. s; s >= 2. */
struct rit_chebyshev rit_chebyshev_stage(int s, int j);

/** c_j = w1 T_j''(w0)/T_j'(w0) of stage j = 2 .. s: K_j is w at the time c_j h to second order, and c_s = 1.
 */
double rit_chebyshev_time(int s, int j);

/** The fewest stages, 4 at least, with which h lambda_max = z is stable. */
int rit_chebyshev_stages(double z);

/** The largest z for s stages. */
double rit_chebyshev_reach(int s);

#endif
