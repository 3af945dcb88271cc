/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What is asked of a model's outputs: the cost in training, the measure of learning, the overlap with other
 * outputs, a probe of a Jacobian. A model hands its outputs over row by row and gets back a value E and, for
 * a gradient, -dE/dy; it knows no more.
 */
#ifndef RITARDANDO_CRITERION_H
#define RITARDANDO_CRITERION_H

struct rit_criterion {
    const void *self;
    /**
     * Outputs y of the `rows` consecutive pairs of the block from `pair` on, all of one sequence, `stride`
     * elements a row. Returns the sum of E over the rows in their order; writes delta = -dE/dy, which may be
     * y itself, unless delta is NULL. What lies in a row beyond the outputs is zero and stays so.
     */
    double (*rows_f32)(const void *self, int pair, int rows, const float *y, float *delta, int stride);
    double (*rows_f64)(const void *self, int pair, int rows, const double *y, double *delta, int stride);
};

/** Where outputs are written down: [T][width] in the order of the block. */
struct rit_keep {
    int width;
    float *y;
};

/** The criterion that writes outputs down. E is zero; it has no gradient. Borrows `keep`. */
struct rit_criterion rit_keeping(const struct rit_keep *keep);

#endif
