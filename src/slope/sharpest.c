/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/sharpest.h"

#include "kernel/kernels.h"
#include "slope/slope.h"

#include <math.h>
#include <string.h>

enum { BASIS = 16 };

static const double span =
    0.02; /* of a difference at curvature and accuracy 1: its error is of second order */

/* The work space, and the tridiagonal matrix T of H in the basis. */
struct lanczos {
    const struct rit_sharpest_place *at;
    size_t size;
    double *basis; /* [BASIS][size], orthonormal rows */
    double *next;  /* [size] H times the last of them, and then what is left of it */
    double *aside; /* [size] displaced weights */
    double *slope; /* [size] */
    double *rest;  /* of the tangent projection */
    double diagonal[BASIS], beside[BASIS];
    double part[BASIS]; /* the leading eigenvector of T */
};

size_t rit_sharpest_work(const struct rit_layout *layout)
{
    return (BASIS + 3) * layout->size + rit_slope_work(layout);
}

static double dot(size_t n, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double norm(size_t n, const double *x)
{
    return sqrt(rit_kernels()->sum_squares(n, x));
}

static void add(size_t n, double factor, const double *x, double *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += factor * x[i];
}

static void scale(size_t n, double factor, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= factor;
}

/* The slope F at w + h v. */
static void look(struct lanczos *l, double h, const double *v, double *slope)
{
    const struct rit_sharpest_place *at = l->at;
    memcpy(l->aside, at->w, sizeof *l->aside * l->size);
    add(l->size, h, v, l->aside);
    at->terrain->pass(at->terrain->self, l->aside, slope);
    rit_tangent(at->layout, l->aside, slope, l->rest);
}

/* next <- H v for a tangent unit vector v; lambda tells how far to look. */
static void multiply(struct lanczos *l, double lambda, const double *v)
{
    double h = span * sqrt(l->at->accuracy / fmax(1.0, fabs(lambda)));
    look(l, h, v, l->next);
    look(l, -h, v, l->slope);
    add(l->size, -1.0, l->slope, l->next);
    scale(l->size, 0.5 / h, l->next);
    rit_tangent(l->at->layout, l->at->w, l->next, l->rest);
}

/* Pivots of T - theta: all negative if and only if theta is above all n eigenvalues. */
static bool pivots(const struct lanczos *l, int n, double theta, double *pivot)
{
    for (int i = 0; i < n; i++) {
        pivot[i] = l->diagonal[i] - theta;
        if (i > 0)
            pivot[i] -= l->beside[i - 1] * l->beside[i - 1] / pivot[i - 1];
        if (!(pivot[i] < 0.0))
            return false;
    }
    return true;
}

/* The largest eigenvalue of T by bisection between Gershgorin's bounds, from above to the last bit. */
static double leading_value(const struct lanczos *l, int n)
{
    double low = l->diagonal[0], high = -INFINITY, pivot[BASIS];
    for (int i = 0; i < n; i++) {
        double reach = (i > 0 ? l->beside[i - 1] : 0.0) + (i + 1 < n ? l->beside[i] : 0.0);
        low = fmax(low, l->diagonal[i]);
        high = fmax(high, l->diagonal[i] + reach);
    }
    high += 1e-15 * fmax(fabs(low), fabs(high)) + 1e-300;
    for (double middle = 0.5 * (low + high); low < middle && middle < high; middle = 0.5 * (low + high))
        *(pivots(l, n, middle, pivot) ? &high : &low) = middle;
    return high;
}

/* Its unit eigenvector, by two inverse iterations just above it, where T - theta is negative definite. */
static void leading_vector(struct lanczos *l, int n, double theta)
{
    double pivot[BASIS], *x = l->part, nudge = 1e-14 * fmax(fabs(theta), 1e-100);
    while (!pivots(l, n, theta + nudge, pivot))
        nudge *= 2.0;
    for (int i = 0; i < n; i++)
        x[i] = 1.0;
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i < n; i++)
            x[i] -= l->beside[i - 1] / pivot[i - 1] * x[i - 1];
        x[n - 1] /= pivot[n - 1];
        for (int i = n - 1; i-- > 0;)
            x[i] = (x[i] - l->beside[i] * x[i + 1]) / pivot[i];
        scale((size_t)n, 1.0 / sqrt(dot((size_t)n, x, x)), x);
    }
}

/* Takes the first n basis vectors out of x, twice, so that rounding leaves nothing of them. */
static void orthogonalise(const struct lanczos *l, int n, double *x)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++)
            add(l->size, -dot(l->size, l->basis + (size_t)i * l->size, x), l->basis + (size_t)i * l->size, x);
}

/* The largest eigenvalue by the n products made, and how far its vector is from being one. */
static void judge(struct lanczos *l, int n, double left, struct rit_sharpest *found)
{
    found->largest = leading_value(l, n);
    leading_vector(l, n, found->largest);
    double rest = left * fabs(l->part[n - 1]);
    found->residual = rest > 0.0 ? rest / fabs(found->largest) : 0.0;
}

/* One basis from v, until it is full, does, or the products run out; v becomes its best vector. False if a
 * gradient was not finite. */
static bool iterate(struct lanczos *l, struct rit_sharpest *found, double *v)
{
    int n = 0;
    bool over = false;
    memcpy(l->basis, v, sizeof *v * l->size);
    while (!over) {
        double *last = l->basis + (size_t)n * l->size;
        multiply(l, found->largest, last);
        l->diagonal[n] = dot(l->size, last, l->next);
        orthogonalise(l, ++n, l->next);
        double left = l->beside[n - 1] = norm(l->size, l->next);
        if (!isfinite(left))
            return false;
        found->products++;
        judge(l, n, left, found);
        over = n == BASIS || found->products == l->at->most || found->residual <= l->at->accuracy;
        if (!over) {
            scale(l->size, 1.0 / left, l->next);
            memcpy(last + l->size, l->next, sizeof *l->next * l->size);
        }
    }
    memset(v, 0, sizeof *v * l->size);
    for (int i = 0; i < n; i++)
        add(l->size, l->part[i], l->basis + (size_t)i * l->size, v);
    return true;
}

struct rit_sharpest rit_sharpest_find(const struct rit_sharpest_place *at, double guess, double *v)
{
    struct lanczos l = {.at = at, .size = at->layout->size, .basis = at->work};
    struct rit_sharpest found = {.largest = guess, .residual = INFINITY};
    l.next = l.basis + BASIS * l.size;
    l.aside = l.next + l.size;
    l.slope = l.aside + l.size;
    l.rest = l.slope + l.size;
    while (found.residual > at->accuracy && found.products < at->most) {
        rit_tangent(at->layout, at->w, v, l.rest);
        scale(l.size, 1.0 / norm(l.size, v), v);
        if (!iterate(&l, &found, v))
            return (struct rit_sharpest){NAN, NAN, found.products};
    }
    return found;
}
