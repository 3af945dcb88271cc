/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What the layered networks share: parameters, the weight blocks of
 *
 *     u_a(t) = J_a mu_{a-1}(t) + M_a mu_a(t-1) [+ b_a],  H(t) = K mu_{N_L}(t) + W x(t) + h,
 *
 * how these start, and how orthogonal ones are kept so.
 */
#ifndef RITARDANDO_MODEL_LAYERED_START_H
#define RITARDANDO_MODEL_LAYERED_START_H

#include "model/layered/layered.h"

enum { RIT_LAYERED_PARAMS = 10, RIT_DENSE_PARAMS = 2 };

/**
 * First the RIT_DENSE_PARAMS that all members share that have float32 kernels, parametrisation and precision;
 * then recurrent and feed-forward start and gain, read-out, what is kept orthogonal, hidden biases.
 */
extern const struct rit_param rit_layered_params[RIT_LAYERED_PARAMS];

/** Where the width stands: in the deviation of weights, or in a factor of theirs. */
enum rit_parametrisation { RIT_STANDARD, RIT_NTK, RIT_MEAN_FIELD };
enum rit_parametrisation rit_parametrisation_of(const struct rit_point *point);
/** RIT_BAD_INPUT for one in which a network of infinite width does not learn at a fixed rate with a fixed
 * kernel. */
enum rit_status rit_parametrisation_check_wide(const struct rit_point *point, struct rit_error *err);

/** Lays the blocks out from the layout's beginning; `shape` gets their indices, that of h being the last. */
void rit_layered_lay_out(const struct rit_point *point, struct rit_port in, struct rit_port out,
                         struct rit_layout *layout, struct rit_layered *shape);

/** The scale of J_a or M_a (`recurrent`), which is written on `block`, and whether it is kept orthogonal. */
void rit_layered_keep(const struct rit_point *point, bool recurrent, struct rit_weights *block);

/** rit_model.check: at least one layer, and no orthogonal matrix of gain 0. */
enum rit_status rit_layered_check(const struct rit_point *point, struct rit_error *err);

/** Starts the blocks of `shape`: rit_model.init. What else the layout has is zero. */
void rit_layered_start(const struct rit_point *point, const struct rit_layout *layout,
                       const struct rit_layered *shape, const struct rit_block *data, double *w);

/** rit_model.retract_period */
int rit_layered_retract_period(const struct rit_point *point);

/** rit_model.retract for square blocks; `polar` is rit_polar_work(width) doubles. */
bool rit_layered_retract(const struct rit_layout *layout, double *polar, double *w);

#endif
