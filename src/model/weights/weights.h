/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What every model does with its weight blocks: lay them out one behind the other, and start them. */
#ifndef RITARDANDO_MODEL_WEIGHTS_H
#define RITARDANDO_MODEL_WEIGHTS_H

#include <ritardando/model.h>

#include "base/random.h"

/** One more block, called "letter number", or "letter" if the number is 0, counted in "all". Returns its
 * index.
 */
int rit_weights_add(struct rit_layout *layout, const char *letter, int number, int rows, int cols);

/** The random numbers of block `index`'s start. */
struct rit_random rit_weights_random(const struct rit_point *point, int index);

/** n weights drawn from N(0, deviation^2). */
void rit_weights_gauss(struct rit_random *random, size_t n, double deviation, double *w);

/** The output bias `h` starts where constant outputs are best: at the mean target, of bits its artanh. */
void rit_weights_start_output(const struct rit_weights *h, const struct rit_block *data, double *w);

/** to = from times the factor of each block. */
void rit_weights_scale(const struct rit_layout *layout, const double *factor, const double *from, double *to);

/** What a pass with such weights found, as those that were scaled see it. */
void rit_weights_scale_pass(const struct rit_layout *layout, const double *factor, double *g,
                            struct rit_pass *sweep);

/**
 * rit_model.price of a model each of whose weights takes part once in a pair: a multiplication and an
 * addition forward, backward and for the gradient.
 */
double rit_weights_price(const struct rit_point *point, const struct rit_layout *layout);

#endif
