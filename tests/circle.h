/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Points of a circle as a block, and a dense network on them: the example of many check values. */
#ifndef RITARDANDO_TESTS_CIRCLE_H
#define RITARDANDO_TESTS_CIRCLE_H

#include "running.h"

#include <math.h>

/*
 * Points of a circle of radius sqrt 2 with the target x_1 x_2 = sin 2t, in double precision: twice as many
 * dimensions as there are numbers carry what single precision leaves out (x = c u + u/s + s e), and a radius
 * of 2 makes up for them in the variance of weights, gain^2 / 4.
 */
enum { MOST = 8, D = 4 };
struct circle {
    float x[MOST * D], y[MOST];
    int start[MOST + 1];
    struct rit_block block;
};

static inline void split(double x, float *main, float *rest)
{
    const double s = 64.0, c = sqrt(1.0 - 1.0 / (s * s));
    *main = (float)(c * x);
    double u = *main / c;
    *rest = (float)(u / s + s * (x - u));
}

static inline void make_circle(struct circle *circle, int n, const double *angle)
{
    for (int p = 0; p < n; p++) {
        split(2.0 * cos(angle[p]), &circle->x[D * p], &circle->x[D * p + 1]);
        split(2.0 * sin(angle[p]), &circle->x[D * p + 2], &circle->x[D * p + 3]);
        circle->y[p] = (float)sin(2.0 * angle[p]);
    }
    for (int p = 0; p <= n; p++)
        circle->start[p] = p;
    circle->block = (struct rit_block){.sequences = n,
                                       .pairs = n,
                                       .longest = 1,
                                       .start = circle->start,
                                       .in = {.port = {RIT_ROW_REALS, D}, .real = circle->x},
                                       .asked = {.port = {RIT_ROW_REALS, 1}, .real = circle->y},
                                       .deviation = 1.0};
}

static inline void set_circle(struct rit_point *point, const struct setting *settings)
{
    static const struct setting all[] = {
        {"limit.name", "tangent"},      {"limit.start", "mean"},
        {"model.name", "dense"},        {"model.parametrisation", "ntk"},
        {"model.activation", "erf"},    {"model.gain", "1.4142135623730950488"},
        {"model.bias-variance", "0.1"}, {"cost.name", "square"},
        {"stop.when-learned", "false"}, {0}};
    rit_point_init(point, rit_registry());
    set_all(point, all);
    set_all(point, settings);
}

#endif
