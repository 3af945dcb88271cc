/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The largest eigenvalue lambda_max of the Hessian of a cost, to a stated accuracy, where curvature.h follows
 * it along a run. Products are central differences of slopes,
 *
 *     H v = P [F(w + h v) - F(w - h v)] / 2h,   F = P g,
 *
 * P being the projection on the tangent space of the orthogonal blocks (slope.h): for matrices kept on their
 * group this is the Hessian within it, with the part that the bending of the group makes. The eigenvalue is
 * found by Lanczos's iteration with full orthogonalisation, begun again from the best vector whenever the
 * basis is full. Serial, in a fixed order: every machine gives the same bits.
 * Sources: Lanczos, J. Res. NBS 45, 255 (1950); Absil, Mahony, Sepulchre, Optimization Algorithms on Matrix
 * Manifolds (2008), section 5.
 */
#ifndef RITARDANDO_SLOPE_SHARPEST_H
#define RITARDANDO_SLOPE_SHARPEST_H

#include <ritardando/model.h>
#include <ritardando/rule.h>

/** Where the curvature is asked for, and how well it is to be known. All borrowed. */
struct rit_sharpest_place {
    const struct rit_layout *layout;
    const struct rit_terrain *terrain;
    const double *w; /* orthogonal blocks on their group */
    double accuracy; /* residual |H v - lambda v| that will do, as a share of lambda: lambda is within it */
    int most;        /* products H v at most, each of two gradients */
    double *work;    /* rit_sharpest_work doubles */
};

/** What was found. All NaN if a gradient was not finite. */
struct rit_sharpest {
    double largest;  /* lambda_max [E/w^2] */
    double residual; /* |H v - lambda v|/lambda: within `accuracy` unless the products ran out */
    int products;
};

size_t rit_sharpest_work(const struct rit_layout *layout);

/**
 * Begins with the vector v, which becomes the unit eigenvector: a v of before makes it quick, with a part of
 * random numbers added so that no direction is missed. `guess` is lambda_max of before, 0 if none is known:
 * the differences are taken over h = 0.02 sqrt(accuracy/max(1, lambda)), whose error is below the accuracy.
 * Gradients in float32 allow 0.001.
 */
struct rit_sharpest rit_sharpest_find(const struct rit_sharpest_place *at, double guess, double *v);

#endif
