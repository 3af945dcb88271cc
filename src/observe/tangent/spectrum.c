/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/tangent/spectrum.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

enum {
    MOST_STEPS = 100, /* of QL for one eigenvalue; two or three are usual */
    PATIENCE = 30,    /* steps before what is lost in the rounding of the largest counts as nothing */
    ROWS = 4
};

/* What row j adds from column `from` on: to its own sum, and to those of the columns before the diagonal. */
static void finish_row(const double *row, int from, int j, const double *u, double *p)
{
    double y = p[j];
    for (int k = from; k < j; k++) {
        y += row[k] * u[k];
        p[k] += row[k] * u[j];
    }
    p[j] = y + row[j] * u[j];
}

/*
 * p = A u / h for the leading l x l part of A, of which the lower triangle is there; returns p.u. Every p[j]
 * is summed over k from 0 up. Row by row, as the triangle lies in memory, and ROWS of them side by side,
 * whose sums do not wait for each other.
 */
static double image(int l, const double *a, size_t ld, const double *u, double h, double *p)
{
    int j = 0;
    for (; j + ROWS <= l; j += ROWS) {
        const double *row = a + (size_t)j * ld;
        double y[ROWS] = {0.0};
        for (int k = 0; k < j; k++) {
            double below = p[k];
            for (int r = 0; r < ROWS; r++) {
                double x = row[(size_t)r * ld + (size_t)k];
                y[r] += x * u[k];
                below += x * u[j + r];
            }
            p[k] = below;
        }
        for (int r = 0; r < ROWS; r++)
            p[j + r] = y[r];
        for (int r = 0; r < ROWS; r++)
            finish_row(row + (size_t)r * ld, j, j + r, u, p);
    }
    for (; j < l; j++) {
        p[j] = 0.0;
        finish_row(a + (size_t)j * ld, 0, j, u, p);
    }
    double sum = 0.0;
    for (int i = 0; i < l; i++) {
        p[i] /= h;
        sum += p[i] * u[i];
    }
    return sum;
}

/*
 * Reflects the leading l x l part such that row u beside it, of l elements, becomes (0, ..., 0, e); returns
 * e. p is work space.
 */
static double reflect(int l, double *a, size_t ld, double *u, double *p)
{
    double scale = 0.0, h = 0.0;
    for (int k = 0; k < l; k++)
        scale += fabs(u[k]);
    if (l == 1 || scale == 0.0)
        return u[l - 1];
    for (int k = 0; k < l; k++) {
        u[k] /= scale;
        h += u[k] * u[k];
    }
    double last = u[l - 1], e = last >= 0.0 ? -sqrt(h) : sqrt(h);
    h -= last * e;
    u[l - 1] = last - e;
    double half = image(l, a, ld, u, h, p) / (h + h);
    for (int j = 0; j < l; j++) {
        p[j] -= half * u[j];
        for (int k = 0; k <= j; k++)
            a[(size_t)j * ld + (size_t)k] -= u[j] * p[k] + p[j] * u[k];
    }
    return scale * e;
}

/* To diagonal d and, e[i] between i and i + 1, what stands beside it. */
static void make_tridiagonal(int n, double *a, size_t ld, double *d, double *e)
{
    for (int i = n - 1; i > 0; i--) /* e[0 .. i - 1] is free for p */
        e[i - 1] = reflect(i, a, ld, a + (size_t)i * ld, e);
    for (int i = 0; i < n; i++)
        d[i] = a[(size_t)i * ld + (size_t)i];
    e[n - 1] = 0.0;
}

/* Where the piece that begins at l ends: the first place with nothing, or no more than `least`, beside the
 * diagonal.
 */
static int end_of(int n, int l, const double *d, const double *e, double least)
{
    int m = l;
    for (; m < n - 1; m++) {
        double size = fabs(d[m]) + fabs(d[m + 1]);
        if (fabs(e[m]) + size == size || fabs(e[m]) <= least)
            break;
    }
    return m;
}

/* One QL step with an implicit shift on the piece l .. m. */
static void turn(int l, int m, double *d, double *e)
{
    double g = (d[l + 1] - d[l]) / (2.0 * e[l]);
    double s = 1.0, c = 1.0, p = 0.0;
    g = d[m] - d[l] + e[l] / (g + copysign(sqrt(g * g + 1.0), g));
    for (int i = m - 1; i >= l; i--) {
        double f = s * e[i], b = c * e[i], r = sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0.0) { /* it has come apart early */
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Rounding errors of one step. Where many eigenvalues vanish they are more than what there is, and would
 * never be nothing beside the diagonal. */
static double errors_of(int n, const double *d, const double *e)
{
    double largest = 0.0;
    for (int i = 0; i < n; i++)
        largest = fmax(largest, fabs(d[i]) + fabs(e[i]));
    return 0x1p-52 * largest;
}

bool rit_eigenvalues(int n, double *a, int ld, double *value, double *work)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            if (!isfinite(a[(size_t)i * (size_t)ld + (size_t)j]))
                return false;
    make_tridiagonal(n, a, (size_t)ld, value, work);
    double errors = errors_of(n, value, work);
    for (int l = 0; l < n; l++) {
        int steps = 0;
        for (int m; (m = end_of(n, l, value, work, steps < PATIENCE ? 0.0 : errors)) != l;) {
            if (++steps > MOST_STEPS)
                return false;
            turn(l, m, value, work);
        }
    }
    qsort(value, (size_t)n, sizeof *value, descending);
    return true;
}
