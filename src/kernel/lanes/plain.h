/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Row-major matrices in double, multiplied in the order of the formulas. */
#ifndef RITARDANDO_LANES_PLAIN_H
#define RITARDANDO_LANES_PLAIN_H

#include "kernel/lanes/vector.h"

enum { CHAINS_F64 = 8 }; /* rows at once: their chains do not wait for each other */

INLINE void apply_rows(const int rows, int cols, const double *w, const double *x, double *y)
{
    double sum[CHAINS_F64];
    UNROLL for (int i = 0; i < rows; i++) sum[i] = y[i];
    for (int j = 0; j < cols; j++)
        UNROLL for (int i = 0; i < rows; i++) sum[i] =
            fma(w[(size_t)i * (size_t)cols + (size_t)j], x[j], sum[i]);
    UNROLL for (int i = 0; i < rows; i++) y[i] = sum[i];
}

static void apply(int rows, int cols, const double *w, const double *x, double *y)
{
    int i = 0;
    for (; i + CHAINS_F64 <= rows; i += CHAINS_F64)
        apply_rows(CHAINS_F64, cols, w + (size_t)i * (size_t)cols, x, y + i);
    for (; i < rows; i++)
        apply_rows(1, cols, w + (size_t)i * (size_t)cols, x, y + i);
}

static void apply_back(int rows, int cols, const double *w, const double *y, double *x)
{
    for (int i = 0; i < rows; i++, w += cols) {
        int j = 0;
        for (; j + HALF <= cols; j += HALF)
            *(vd_any *)(x + j) = fma_f64(*(const vd_any *)(w + j), all_f64(y[i]), *(vd_any *)(x + j));
        for (; j < cols; j++)
            x[j] = fma(w[j], y[i], x[j]);
    }
}

static void subtract_outer(int rows, int cols, const double *d, const double *x, double *g)
{
    for (int i = 0; i < rows; i++, g += cols) {
        int j = 0;
        for (; j + HALF <= cols; j += HALF)
            *(vd_any *)(g + j) -= all_f64(d[i]) * *(const vd_any *)(x + j);
        for (; j < cols; j++)
            g[j] -= d[i] * x[j];
    }
}

#endif
