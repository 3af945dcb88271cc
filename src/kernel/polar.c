/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/polar.h"

#include "kernel/kernels.h"

#include <math.h>
#include <string.h>

enum { MAX_ITERATIONS = 60 };

/* The matrices of the iteration, rows padded to stride rit_ld(n); what lies in the padding is of no meaning.
 */
struct iteration {
    const struct rit_kernels *kernels;
    int n, ld;
    double *x, *transposed, *gram, *y;
    double off;   /* max |X^T X - I|; NaN if X is not finite */
    double bound; /* |X^T X|_inf >= |X|_2^2 */
};

size_t rit_polar_work(int n)
{
    return 4 * (size_t)n * (size_t)rit_ld(n);
}

static void multiply(const struct iteration *it, const double *a, const double *b, double *c)
{
    it->kernels->multiply_f64(it->n, it->n, it->n, a, it->ld, b, it->ld, c, it->ld);
}

/* gram = X^T X, and how far it is from the identity */
static void find_gram(struct iteration *it)
{
    int n = it->n, ld = it->ld;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            it->transposed[(size_t)i * ld + j] = it->x[(size_t)j * ld + i];
    multiply(it, it->transposed, it->x, it->gram);
    it->off = it->bound = 0.0;
    for (int i = 0; i < n; i++) {
        double row = 0.0;
        for (int j = 0; j < n; j++) {
            double element = it->gram[(size_t)i * ld + j], off = fabs(element - (i == j));
            if (!(off <= it->off) && !isnan(it->off)) /* a NaN gets in, and stays */
                it->off = off;
            row += fabs(element);
        }
        it->bound = fmax(it->bound, row);
    }
}

/* X <- a X + b Y */
static void combine(struct iteration *it, double a, double b)
{
    for (int i = 0; i < it->n; i++) {
        double *x = it->x + (size_t)i * it->ld;
        const double *y = it->y + (size_t)i * it->ld;
        for (int j = 0; j < it->n; j++)
            x[j] = a * x[j] + b * y[j];
    }
}

/* Newton and Schulz, until X is orthogonal. */
static bool converge(struct iteration *it)
{
    find_gram(it);
    if (it->bound > 2.9 && isfinite(it->bound)) {
        combine(it, 1.0 / sqrt(it->bound), 0.0);
        find_gram(it);
    }
    for (int steps = 0; !(it->off <= 1e-14 * it->n); steps++) {
        if (steps == MAX_ITERATIONS || !isfinite(it->off))
            return false;
        multiply(it, it->x, it->gram, it->y);
        combine(it, 1.5, -0.5);
        find_gram(it);
    }
    return true;
}

bool rit_polar_project(int n, double *x, double *work)
{
    size_t size = (size_t)n * (size_t)rit_ld(n);
    struct iteration it = {.kernels = rit_kernels(),
                           .n = n,
                           .ld = rit_ld(n),
                           .x = work,
                           .transposed = work + size,
                           .gram = work + 2 * size,
                           .y = work + 3 * size};
    memset(work, 0, sizeof *work * 4 * size); /* no signalling rubbish in the padding */
    for (int i = 0; i < n; i++)
        memcpy(it.x + (size_t)i * it.ld, x + (size_t)i * n, sizeof *x * (size_t)n);
    bool orthogonal = converge(&it);
    for (int i = 0; i < n; i++)
        memcpy(x + (size_t)i * n, it.x + (size_t)i * it.ld, sizeof *x * (size_t)n);
    return orthogonal;
}
