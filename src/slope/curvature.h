/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The largest curvature lambda_max of a cost along what its weights can do, by power iteration on differences
 * of slopes (rit_slope): with the unit direction v and a small d,
 *
 *     H v = [slope(w + d v) - slope(w)]/d in the tangent space at w,   lambda = v.H v,   v <- H v/|H v|,
 *
 * the Hessian of the product of free weights and groups. A product takes one gradient, which the caller
 * makes, so that it can be stopped at any of them; v is kept between calls, and is then nearly right from the
 * start. What it finds is the eigenvalue of largest modulus, from below.
 */
#ifndef RITARDANDO_SLOPE_CURVATURE_H
#define RITARDANDO_SLOPE_CURVATURE_H

#include <ritardando/model.h>

#include <stdint.h>

/** A unit direction to start with, tangent at w, from stream (seed, RIT_FOR_CURVATURE); `work` as
 * rit_slope_work says. */
void rit_curvature_start(const struct rit_layout *layout, uint64_t seed, const double *w, double *v,
                         double *work);

/** v <- the direction of x within what w can do; v stays if there is none. x is overwritten. */
void rit_curvature_aim(const struct rit_layout *layout, const double *w, double *x, double *v, double *work);

/** Where the next gradient is wanted: at = w + d v, the nearer the larger lambda was found before; 0 for not
 * known yet. */
void rit_curvature_look(const struct rit_layout *layout, const double *w, double lambda, const double *v,
                        double *at);

/**
 * One product, from the slope at w and that at the place looked at by the same lambda, which is overwritten:
 * v moves on, and v.H v of the direction it had is returned [nat/w^2]. A product that vanishes or is not
 * finite leaves v.
 */
double rit_curvature_take(const struct rit_layout *layout, const double *w, double lambda,
                          const double *slope, double *slope_there, double *v, double *work);

#endif
