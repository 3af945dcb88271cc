/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The series of Mehler, for many covariances abreast. */
#ifndef RITARDANDO_LANES_DUAL_H
#define RITARDANDO_LANES_DUAL_H

#include "kernel/lanes/vector.h"

INLINE void dual_vectors(const int vectors, int terms, const double *left, const double *right, int ld,
                         double over, const double *overs, const double *c, double *value, double *slope)
{
    vd x[ABREAST], p[ABREAST], s[ABREAST];
    UNROLL for (int v = 0; v < vectors; v++)
    {
        vd at = *(const vd_any *)(c + v * HALF);
        x[v] = at * all_f64(over) * (at * *(const vd_any *)(overs + v * HALF));
        p[v] = s[v] = all_f64(0.0);
    }
    for (int j = terms - 1; j >= 0; j--) {
        const double *row = right + (size_t)j * (size_t)ld;
        UNROLL for (int v = 0; v < vectors; v++)
        {
            vd e = all_f64(left[j]) * *(const vd_any *)(row + v * HALF);
            p[v] = fma_f64(p[v], x[v], e);
            s[v] = fma_f64(s[v], x[v], all_f64(2.0 * j + 1.0) * e);
        }
    }
    UNROLL for (int v = 0; v < vectors; v++)
    {
        *(vd_any *)(value + v * HALF) = *(const vd_any *)(c + v * HALF) * p[v];
        *(vd_any *)(slope + v * HALF) = s[v];
    }
}

static void dual_series(int terms, int n, const double *left, const double *right, int ld, double over,
                        const double *overs, const double *c, double *value, double *slope)
{
    for (int i = 0; i < n; i += ABREAST * HALF) {
        int left_over = (n - i + HALF - 1) / HALF, vectors = left_over < ABREAST ? left_over : ABREAST;
        WITH_CONSTANT(vectors, dual_vectors, terms, left, right + i, ld, over, overs + i, c + i, value + i,
                      slope + i)
    }
}

#endif
