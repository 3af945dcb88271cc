/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/polar.h"

#include <math.h>
#include <string.h>

enum { MAX_ITERATIONS = 60 };

size_t rit_polar_work(int n)
{
    return 2 * (size_t)n * (size_t)n;
}

struct gram {
    double off;   /* max |X^T X - I|; NaN if X is not finite */
    double bound; /* |X^T X|_inf >= |X|_2^2 */
};

/* a = x^T x */
static struct gram gram(int n, const double *x, double *a)
{
    struct gram found = {0.0, 0.0};
    memset(a, 0, sizeof *a * (size_t)n * (size_t)n);
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                a[(size_t)i * n + j] += x[(size_t)k * n + i] * x[(size_t)k * n + j];
    for (int i = 0; i < n; i++) {
        double row = 0.0;
        for (int j = 0; j < n; j++) {
            double off = fabs(a[(size_t)i * n + j] - (i == j));
            if (!(off <= found.off)) /* a NaN gets in */
                found.off = off;
            row += fabs(a[(size_t)i * n + j]);
        }
        found.bound = fmax(found.bound, row);
    }
    return found;
}

bool rit_polar_project(int n, double *x, double *work)
{
    double *a = work, *y = work + (size_t)n * (size_t)n;
    struct gram now = gram(n, x, a);
    if (now.bound > 2.9 && isfinite(now.bound)) {
        double scale = 1.0 / sqrt(now.bound);
        for (size_t i = 0; i < (size_t)n * (size_t)n; i++)
            x[i] *= scale;
        now = gram(n, x, a);
    }
    for (int it = 0; !(now.off <= 1e-14 * n); it++) {
        if (it == MAX_ITERATIONS || !isfinite(now.off))
            return false;
        memset(y, 0, sizeof *y * (size_t)n * (size_t)n);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++)
                for (int j = 0; j < n; j++)
                    y[(size_t)i * n + j] += x[(size_t)i * n + k] * a[(size_t)k * n + j];
        for (size_t i = 0; i < (size_t)n * (size_t)n; i++)
            x[i] = 1.5 * x[i] - 0.5 * y[i];
        now = gram(n, x, a);
    }
    return true;
}
