/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Right-censored normal regression (Tobin, Econometrica 26, 24 (1958)): y_i = b0 + b1 x_i + s e_i with
 * e_i ~ N(0,1), where some y_i are only known to be larger than a limit. The log-likelihood
 *   sum_known [ -log s - (y - b0 - b1 x)^2 / (2 s^2) ] + sum_censored log Phi((b0 + b1 x - limit) / s)
 * is concave in (b0/s, b1/s, 1/s) (Olsen, Econometrica 46, 1211 (1978)), so that Newton's method finds
 * its one maximum.
 */
#ifndef RITARDANDO_PHASE_TOBIT_H
#define RITARDANDO_PHASE_TOBIT_H

#include <stdbool.h>

/** The known observations that share an x. */
struct rit_tobit_group {
    double x;
    double count, mean; /* sum of weights; weighted mean of y */
    double squares;     /* weighted sum of (y - mean)^2 */
};

/** Censored observations that share an x and a limit. */
struct rit_tobit_limit {
    double x, y, count;
};

struct rit_tobit_data {
    int groups, limits;
    const struct rit_tobit_group *group;
    const struct rit_tobit_limit *limit;
};

struct rit_tobit {
    double intercept, slope, sigma;
    double loglik; /* without the constant -log(2 pi)/2 per known observation */
};

/**
 * Maximise over b0, s and, if `free_slope`, b1 (else b1 = 0). s is kept above sigma_min, which makes data
 * without scatter a regular case. Returns false if the data do not determine the parameters (no known
 * observation, or a single x for two parameters).
 */
bool rit_tobit_fit(const struct rit_tobit_data *data, bool free_slope, double sigma_min,
                   struct rit_tobit *fit);

/** log Phi(u) and phi(u)/Phi(u) for all finite u. */
double rit_log_phi(double u, double *hazard);

#endif
