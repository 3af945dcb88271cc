/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/curvature.h"

#include "base/random.h"
#include "slope/slope.h"

#include <math.h>

/* d as a part of |w|, far above what gradients in float32 resolve; and at most so far that the cost changes
 * by span^2/2 = 2e-4 nat: the walls of a stiff valley are not steep for long. */
static const double part = 0x1p-13, span = 0.02;

static double dot(size_t n, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* v <- x/|x|, unless x has no direction. */
static void turn(size_t n, const double *x, double *v)
{
    double norm = sqrt(dot(n, x, x));
    if (norm > 0.0 && isfinite(norm))
        for (size_t i = 0; i < n; i++)
            v[i] = x[i] / norm;
}

static double distance(const struct rit_layout *layout, const double *w, double lambda)
{
    double norm = sqrt(dot(layout->size, w, w));
    return fmin(norm > 0.0 ? part * norm : part, span / sqrt(fmax(lambda, 1e-100)));
}

void rit_curvature_start(const struct rit_layout *layout, uint64_t seed, const double *w, double *v,
                         double *work)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_CURVATURE, 0, 0);
    for (size_t i = 0; i < layout->size; i++)
        v[i] = rit_random_gauss(&random);
    rit_curvature_aim(layout, w, v, v, work);
}

void rit_curvature_aim(const struct rit_layout *layout, const double *w, double *x, double *v, double *work)
{
    rit_tangent(layout, w, x, work);
    turn(layout->size, x, v);
}

void rit_curvature_look(const struct rit_layout *layout, const double *w, double lambda, const double *v,
                        double *at)
{
    double d = distance(layout, w, lambda);
    for (size_t i = 0; i < layout->size; i++)
        at[i] = w[i] + d * v[i];
}

double rit_curvature_take(const struct rit_layout *layout, const double *w, double lambda,
                          const double *slope, double *slope_there, double *v, double *work)
{
    double d = distance(layout, w, lambda);
    for (size_t i = 0; i < layout->size; i++)
        slope_there[i] = (slope_there[i] - slope[i]) / d;
    rit_tangent(layout, w, slope_there, work);
    double found = dot(layout->size, v, slope_there);
    turn(layout->size, slope_there, v);
    return found;
}
