/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Averages of products of an activation phi and its derivatives over at most four Gaussian inputs u,
 *
 *     < prod_i prod_k phi^(k)(u_i)^power[i][k] >,
 *
 * by the trapezoidal rule in independent variables where phi is smooth and bounded; closed for identity, and
 * for relu, whose products are homogeneous, an integral over directions by Gauss and Legendre. What leads
 * from the kernel of one layer to the fluctuations of the next (limit/cumulants.c).
 */
#ifndef RITARDANDO_KERNEL_AVERAGE_H
#define RITARDANDO_KERNEL_AVERAGE_H

#include <ritardando/wide.h>

enum { RIT_AVERAGE_INPUTS = 4, RIT_AVERAGE_ORDERS = 5 };

/** A product: of `inputs` different inputs with covariances k, and how often phi^(0) to phi^(4) of each. */
struct rit_product {
    int inputs;
    double k[RIT_AVERAGE_INPUTS][RIT_AVERAGE_INPUTS];
    int power[RIT_AVERAGE_INPUTS][RIT_AVERAGE_ORDERS];
};

/** One more factor phi^(order) of input i. */
static inline void rit_product_add(struct rit_product *product, int i, int order)
{
    product->power[i][order]++;
}

/**
 * Its average, to 1e-9 or better; of relu, and of identity, only products of phi and phi' of even degree.
 * NAN where inputs of relu are so nearly dependent that the integral is not known to 1e-6 of its size.
 */
double rit_average(enum rit_activation phi, const struct rit_product *product);

/** Phi = < phi(u) phi(v) > of variances q_1, q_2 and covariance c, and its derivatives. */
enum { RIT_BY_FIRST, RIT_BY_SECOND, RIT_BY_COVARIANCE, RIT_BY };
struct rit_curve {
    double value, slope[RIT_BY], bend[RIT_BY][RIT_BY];
};

/** u and v are different inputs. */
struct rit_curve rit_dual_curve(enum rit_activation phi, double q_1, double q_2, double c);

/** < phi(u)^2 > of one input, whose derivatives stand in slope[0] and bend[0][0]. */
struct rit_curve rit_dual_curve_alone(enum rit_activation phi, double q);

#endif
