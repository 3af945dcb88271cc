/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/slope.h"

#include "kernel/kernels.h"

#include <string.h>

const struct rit_param rit_decay_params[] = {
    {.key = "rule.weight-decay",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0.0,
     .high = 1e6,
     .unit = "nat/w^2",
     .meaning =
         "weight decay lambda: (lambda/2) |w|^2 is added to the cost, over all weights but output biases "
         "and matrices kept orthogonal; learning times are of the cost without it"},
};

static bool decays(const struct rit_weights *block)
{
    return block->in_all && !block->orthogonal;
}

static size_t count_of(const struct rit_weights *block)
{
    return (size_t)block->rows * (size_t)block->cols;
}

void rit_decay(const struct rit_layout *layout, double eta, double lambda, double *w)
{
    if (lambda == 0.0)
        return;
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        for (size_t i = 0; i < count_of(block) && decays(block); i++)
            w[block->offset + i] *= 1.0 - eta * lambda;
    }
}

double rit_decay_cost(const struct rit_layout *layout, double lambda, const double *w)
{
    double sum = 0.0;
    for (int b = 0; b < layout->blocks && lambda != 0.0; b++) {
        const struct rit_weights *block = &layout->block[b];
        if (decays(block))
            sum += rit_kernels()->sum_squares(count_of(block), w + block->offset);
    }
    return 0.5 * lambda * sum;
}

size_t rit_slope_work(const struct rit_layout *layout)
{
    size_t most = 0;
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        size_t needed = 4 * (size_t)block->rows * (size_t)rit_ld(block->rows);
        if (block->orthogonal && needed > most)
            most = needed;
    }
    return most;
}

/* Element of the real square matrix that a block is, or stands for. */
static double element(const struct rit_weights *block, const double *x, int i, int j)
{
    int n = block->cols;
    if (j < n)
        return x[i * n + j];
    return i < n ? -x[(i + n) * n + j - n] : x[(i - n) * n + j - n];
}

/* X <- X - M sym(M^T X)/s^2; rows in `work` are padded to stride ld. */
static void project(const struct rit_weights *block, const double *m, double *x, double *work)
{
    int n = block->rows, ld = rit_ld(n);
    size_t size = (size_t)n * (size_t)ld;
    double *left = work, *right = work + size, *product = right + size, *symmetric = product + size;
    memset(work, 0, 4 * size * sizeof *work);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            left[j * ld + i] = element(block, m, i, j);
            right[i * ld + j] = element(block, x, i, j);
        }
    rit_kernels()->multiply_f64(n, n, n, left, ld, right, ld, product, ld);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            symmetric[i * ld + j] =
                0.5 * (product[i * ld + j] + product[j * ld + i]) / (block->scale * block->scale);
            left[i * ld + j] = element(block, m, i, j);
        }
    rit_kernels()->multiply_f64(n, n, n, left, ld, symmetric, ld, product, ld);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < block->cols; j++)
            x[i * block->cols + j] -= product[i * ld + j];
}

void rit_tangent(const struct rit_layout *layout, const double *w, double *x, double *work)
{
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        if (block->orthogonal)
            project(block, w + block->offset, x + block->offset, work);
    }
}

void rit_slope(const struct rit_layout *layout, double lambda, const double *w, const double *g,
               double *slope, double *work)
{
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        double decay = decays(block) ? lambda : 0.0;
        for (size_t i = block->offset; i < block->offset + count_of(block); i++)
            slope[i] = g[i] + decay * w[i];
    }
    rit_tangent(layout, w, slope, work);
}

double rit_descent_edge(const struct rit_rule_use *use)
{
    (void)use;
    return 2.0;
}
