/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What rules and observables share: weight decay, and the gradient within the group that orthogonal matrices
 * are kept on.
 *
 * With weight decay lambda the cost is E + (lambda/2) |w|^2, the sum being over all weights but the output's
 * biases and those kept orthogonal, whose norm is fixed. A matrix M kept on s times the orthogonal group
 * moves in its tangent space, s^2 = M^T M: the part of a gradient G within it is G - M sym(M^T G)/s^2. A
 * complex one, with its real part above its imaginary part, does so as the real matrix (Re, -Im; Im, Re).
 */
#ifndef RITARDANDO_SLOPE_SLOPE_H
#define RITARDANDO_SLOPE_SLOPE_H

#include <ritardando/model.h>
#include <ritardando/point.h>

struct rit_rule_use;

/** rule.weight-decay, for the .shared of the rules that have it. */
extern const struct rit_param rit_decay_params[1];

/** Decay by itself: w <- (1 - eta lambda) w for all weights that decay. */
void rit_decay(const struct rit_layout *layout, double eta, double lambda, double *w);

/** What decay adds to the cost: (lambda/2) |w|^2 over the weights that decay. */
double rit_decay_cost(const struct rit_layout *layout, double lambda, const double *w);

/** Doubles of work space that rit_slope and rit_tangent need. */
size_t rit_slope_work(const struct rit_layout *layout);

/** The part of every orthogonal block of x that is tangent to its group at w, in place; the others stay. */
void rit_tangent(const struct rit_layout *layout, const double *w, double *x, double *work);

/** The slope of E with decay at w along what w can do, from the gradient g of E; `slope` may be g. */
void rit_slope(const struct rit_layout *layout, double lambda, const double *w, const double *g,
               double *slope, double *work);

/** Steps w <- w - eta g are stable up to eta lambda_max = 2: struct rit_rule.edge of the rules that make
 * them. */
double rit_descent_edge(const struct rit_rule_use *use);

#endif
