/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A network of infinite width as a model of finitely many weights. Its function is linear in its weights,
 * with the tangent kernel Theta = F F^T of the pairs of the training block,
 *
 *     f(t) = f_0(t) + F_t w,    F [T][rank],    w [rank][outputs], zero at the start,
 *
 * so that a step along the gradient in w is one of the infinitely many weights: whatever is linear in
 * gradients does the same to both. f_0 is the mean of a network at its start, or one drawn from the Gaussian
 * process of all.
 */
#ifndef RITARDANDO_LIMIT_FUNCTIONS_H
#define RITARDANDO_LIMIT_FUNCTIONS_H

#include <ritardando/model.h>

extern const struct rit_model rit_functions_model;

/** One block of weights: T rows, of which those beyond the rank of the kernel stay zero. */
void rit_functions_layout(const struct rit_block *block, struct rit_layout *layout);

#endif
