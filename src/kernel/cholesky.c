/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/cholesky.h"

#include "base/arena.h"
#include "kernel/kernels.h"

#include <math.h>
#include <string.h>

struct rit_factor rit_factor_open(int n, struct rit_arena *arena)
{
    int ld = rit_ld(n);
    return (struct rit_factor){.n = n,
                               .ld = ld,
                               .pivot = RIT_TAKE(arena, (size_t)n, int),
                               .column = RIT_TAKE(arena, (size_t)n * (size_t)ld, double)};
}

enum { AT_ONCE = 256 }; /* columns that are taken off together */

/* x -= sum_{j < k} L_pj (column j), of columns of ld elements. */
static void take_off(const struct rit_factor *factor, int k, int p, const double *column, int ld, double *x)
{
    double minus[AT_ONCE];
    for (int from = 0; from < k; from += AT_ONCE) {
        int n = k - from < AT_ONCE ? k - from : AT_ONCE;
        for (int j = 0; j < n; j++)
            minus[j] = -factor->column[(size_t)(from + j) * (size_t)factor->ld + (size_t)p];
        rit_kernels()->apply_back(n, ld, column + (size_t)from * (size_t)ld, minus, x);
    }
}

void rit_factor_make(struct rit_factor *factor, const double *matrix, double least, double *diagonal)
{
    int n = factor->n, ld = factor->ld;
    double largest = 0.0;
    for (int t = 0; t < n; t++) {
        diagonal[t] = matrix[(size_t)t * (size_t)ld + (size_t)t];
        largest = fmax(largest, diagonal[t]);
    }
    for (factor->rank = 0; factor->rank < n; factor->rank++) {
        int k = factor->rank, p = 0;
        for (int t = 1; t < n; t++)
            if (diagonal[t] > diagonal[p])
                p = t;
        if (!(diagonal[p] > least * largest))
            return;
        double *column = factor->column + (size_t)k * (size_t)ld;
        memcpy(column, matrix + (size_t)p * (size_t)ld, sizeof *column * (size_t)ld);
        take_off(factor, k, p, factor->column, ld, column);
        double over = 1.0 / sqrt(column[p]);
        for (int t = 0; t < n; t++) {
            column[t] *= over;
            diagonal[t] -= column[t] * column[t];
        }
        for (int j = 0; j < k; j++)
            column[factor->pivot[j]] = 0.0; /* but for rounding it is */
        diagonal[p] = -INFINITY;
        factor->pivot[k] = p;
    }
}

void rit_factor_extend(const struct rit_factor *factor, const double *cross, int ld, double *column)
{
    for (int k = 0; k < factor->rank; k++) {
        int p = factor->pivot[k];
        double *at = column + (size_t)k * (size_t)ld;
        memcpy(at, cross + (size_t)p * (size_t)ld, sizeof *at * (size_t)ld);
        take_off(factor, k, p, column, ld, at);
        double over = 1.0 / factor->column[(size_t)k * (size_t)factor->ld + (size_t)p];
        for (int t = 0; t < ld; t++)
            at[t] *= over;
    }
}
