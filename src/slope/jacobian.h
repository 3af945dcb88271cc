/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The Jacobian of a network's outputs, J = dH/dw, row by row: a row is a pass whose criterion is the output
 * itself, E = -H_i(t), so that delta is 1 at unit i of pair t and 0 elsewhere. Any model can make one.
 *
 * The rows are those of `pairs` pairs spread evenly over the block times `outputs` units spread evenly over a
 * row, pair by pair; all of them where there are fewer. A model is causal, so a row is found in the sequence
 * of its pair alone.
 */
#ifndef RITARDANDO_SLOPE_JACOBIAN_H
#define RITARDANDO_SLOPE_JACOBIAN_H

#include <ritardando/observe.h>

struct rit_jacobian {
    const struct rit_scene *scene;
    int pairs, outputs, rows; /* rows = pairs * outputs */
    int ld;                   /* rows rounded up to whole vectors: the stride of kernels */
    double *row;              /* [rows][weights] */
    double *tile, *part;      /* work space of the kernel */
};

/** Takes the memory of `pairs` x `outputs` rows, or of all there are. */
struct rit_jacobian rit_jacobian_open(const struct rit_scene *scene, int pairs, int outputs,
                                      struct rit_arena *work);

/** The pair and the unit of row r. */
int rit_jacobian_pair(const struct rit_jacobian *jacobian, int r);
int rit_jacobian_unit(const struct rit_jacobian *jacobian, int r);

/** One row, dH_unit(pair)/dw into g, flat, at the weights that the scene's net has; returns the output
 * itself.
 */
double rit_jacobian_row(const struct rit_scene *scene, int pair, int unit, double *g);

/** All rows at the weights w, which the net is left with, and the outputs themselves, f [rows]. */
void rit_jacobian_fill(struct rit_jacobian *jacobian, const double *w, double *f);

/** Theta = J J^T, [rows][ld]: exactly symmetric, in sums of a fixed order. */
void rit_jacobian_kernel(struct rit_jacobian *jacobian, double *theta);

/** along[r] = sum_k J_rk dw_k. */
void rit_jacobian_along(const struct rit_jacobian *jacobian, const double *dw, double *along);

/**
 * The mean squared norm of a row over the whole block, all pairs and units: tr(J J^T) / (T units), estimated
 * from `probes` rows z of standard normal numbers as the mean of |J^T z|^2 = T^2 |g|^2: one full pass each at
 * the weights the net has. g is work space of all weights.
 */
double rit_jacobian_trace(const struct rit_scene *scene, int probes, double *g);

#endif
