/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A few points in the plane as a block, and dense networks on them, as the check values have them. */
#ifndef RITARDANDO_TESTS_POINTS_H
#define RITARDANDO_TESTS_POINTS_H

#include "running.h"

#include <math.h>

enum { MOST_POINTS = 32 };
struct points {
    float x[2 * MOST_POINTS], y[MOST_POINTS];
    int start[MOST_POINTS + 1];
    struct rit_block block;
};

static inline void make_points(struct points *points, int n, const double (*x)[2])
{
    for (int p = 0; p < n; p++) {
        points->x[2 * p] = (float)x[p][0];
        points->x[2 * p + 1] = (float)x[p][1];
        points->y[p] = (float)(x[p][0] * x[p][1]);
    }
    for (int p = 0; p <= n; p++)
        points->start[p] = p;
    points->block = (struct rit_block){.sequences = n,
                                       .pairs = n,
                                       .longest = 1,
                                       .start = points->start,
                                       .in = {.port = {RIT_ROW_REALS, 2}, .real = points->x},
                                       .asked = {.port = {RIT_ROW_REALS, 1}, .real = points->y},
                                       .deviation = 1.0};
}

/** n points evenly on the circle of radius sqrt 2, the first at half their distance. */
static inline void make_ring(struct points *points, int n)
{
    double x[MOST_POINTS][2];
    for (int p = 0; p < n; p++) {
        double t = 2.0 * M_PI * (p + 0.5) / n;
        x[p][0] = sqrt(2.0) * cos(t);
        x[p][1] = sqrt(2.0) * sin(t);
    }
    make_points(points, n, x);
}

/** The two points of check set A. */
static inline void make_two(struct points *points)
{
    const double x[2][2] = {{1.0, 0.0}, {0.5, 0.5 * sqrt(3.0)}};
    make_points(points, 2, x);
}

static inline void set_dense(struct rit_point *point, const char *activation, int depth, int width,
                             double weight_variance, double bias_variance)
{
    char text[5][32];
    snprintf(text[0], sizeof text[0], "%d", depth);
    snprintf(text[1], sizeof text[1], "%d", width);
    snprintf(text[2], sizeof text[2], "%.17g", sqrt(weight_variance));
    snprintf(text[3], sizeof text[3], "%.17g", bias_variance);
    const struct setting settings[] = {{"model.name", "dense"},
                                       {"model.parametrisation", "ntk"},
                                       {"model.activation", activation},
                                       {"model.depth", text[0]},
                                       {"model.width", text[1]},
                                       {"model.gain", text[2]},
                                       {"model.biases", bias_variance > 0.0 ? "true" : "false"},
                                       {"model.bias-variance", text[3]},
                                       {"cost.name", "square"},
                                       {"stop.when-learned", "false"},
                                       {0}};
    rit_point_init(point, rit_registry());
    set_all(point, settings);
}

#endif
