/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The arithmetic of the float32 sweeps, built once per instruction set from the same source
 * (src/kernel/lanes) and chosen at run time. Every build gives the same bits:
 *   - an element of a product is one chain of fused multiply-adds in ascending order of its index, whatever
 *     the shape of the tiles;
 *   - a sum over pairs is one chain over the rows of a call in ascending order; the caller fixes the calls;
 *   - a sum over the elements of a row or an array goes through 16 fixed virtual lanes and a fixed tree, in
 *     double;
 *   - elementary functions are made of IEEE operations alone.
 *
 * Rows of states lie in memory with a stride `ld` that is a multiple of 16 floats; what lies beyond the used
 * columns is zero and stays so. All arrays are aligned to 64 bytes.
 */
#ifndef RITARDANDO_KERNEL_KERNELS_H
#define RITARDANDO_KERNEL_KERNELS_H

#include <ritardando/status.h>
#include <ritardando/wide.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RIT_VIRTUAL_LANES = 16,
    RIT_WORD = 64,        /* bits of a row that lie in one word: bit i in word i / 64 */
    RIT_BITS_AT_ONCE = 4, /* lists of set bits are filled up to a multiple of this */
    RIT_MAX_CHAINS = 32,  /* sequences that advance together */
    RIT_PAIR_SUMS = 3
};

/** n rounded up to a whole number of virtual lanes. */
static inline int rit_ld(int n)
{
    return (n + RIT_VIRTUAL_LANES - 1) / RIT_VIRTUAL_LANES * RIT_VIRTUAL_LANES;
}

/** The two values that a bit has as a standardised input. */
struct rit_levels {
    double off, on;
};

/** Squares of per-sequence gradients, summed up on the way (rit_kernels.bit_sums). */
struct rit_bit_squares {
    float *bits; /* [ld] += sum_i g_i^2 of the weights from all bits */
    float *all;  /* [ld] += g^2 of the bias */
    struct rit_levels levels;
};

/** Complex numbers: real parts, and imaginary parts elsewhere. */
struct rit_planar {
    double *re, *im;
};

struct rit_kernels {
    const char *name; /* "avx512", "avx2", "neon", "portable" */

    /**
     * Copy W (rows x cols, row-major) into panels for y += W x (`ahead`, floats: cols * rit_ld(rows)) and for
     * x += W^T y (`back`, rows * rit_ld(cols)).
     */
    void (*pack)(int rows, int cols, const double *w, float *ahead, float *back);

    /**
     * Fold a standardised input of `width` bits into W (rows x width): table[i][j] = w[j][i] (on - off), a
     * row of zeros as table[width] to fill lists up with, and start[j] = bias[j] + off sum_i w[j][i] (bias
     * may be NULL). table is [width + 1][rit_ld(rows)].
     */
    void (*pack_bits)(int rows, int width, const double *w, const double *bias, struct rit_levels levels,
                      float *table, float *start);

    /** c[r] = start + sum of the table's rows bit[first[r]] .. bit[first[r+1] - 1], in that order. */
    void (*add_bits)(int rows, int n, const int *first, const uint8_t *bit, const float *table,
                     const float *start, float *c);

    /** c[r] (n wide, + previous content unless `fresh`) += packed a[r] (k wide), for contiguous rows. */
    void (*multiply)(int rows, int k, int n, const float *a, const float *packed, bool fresh, float *c);

    /**
     * Advance `chains` sequences by `steps` pairs: row[i] <- tanh(row[i] + M row[i - 1]), starting at the
     * rows mu[0 .. chains - 1]; before the first row of a sequence lies a row of zeros.
     */
    void (*ahead)(int chains, int steps, int n, const float *packed, float *const *mu);

    /** Back in time: d[i] <- (d[i] + M^T d[i + 1]) (1 - mu[i]^2), starting at the rows d[] and mu[]. */
    void (*back)(int chains, int steps, int n, const float *packed, float *const *d, const float *const *mu);

    /**
     * G[j][k] += sum over rows of d[r][j] x[r][k], G being [nj][rit_ld(nk)]. `chain`: the sum is begun with G
     * itself, so that several calls make one chain; otherwise the call's own sum is made first and added,
     * and its square added to `square` (same shape) unless that is NULL.
     */
    void (*outer)(int rows, int nj, int nk, const float *d, const float *x, bool chain, float *g,
                  float *square);

    /**
     * sum[i] += the rows d[row[l]] of list i (l = first[i] .. first[i+1] - 1), for `lists` lists: the rows in
     * which each bit is set, and at last all rows; sum is [lists][rit_ld(n)]. `chain` as above. squares: NULL
     * or where to add g_i^2.
     */
    void (*bit_sums)(int n, int lists, const int *first, const int *row, const float *d, bool chain,
                     float *sum, const struct rit_bit_squares *squares);

    /**
     * NLL of rows of `width` fields h (stride rit_ld(width)) with the bits of `target` as s = +-1: returns
     * sum ln(1 + exp(-2 s h)), and if `delta` is not NULL writes -dE/dh = s - tanh h there (delta may be h).
     * What lies beyond the width comes out zero. The sum is that over words of the sums over rows.
     */
    double (*nll)(int rows, int width, const uint64_t *target, const float *h, float *delta);

    /** square[r] = sum of the squares of row r. */
    void (*row_squares)(int rows, int n, const float *x, double *square);

    /** sum[i] += the chain over r of d[r] x[i][r], for n <= RIT_PAIR_SUMS arrays x[i]. */
    void (*pair_sums)(int rows, int n, const double *d, const double *const *x, double *sum);

    /**
     * sum[i] = sum_k (x[k] - y[i][k])^2 over n doubles for `count` arrays y[i], in one pass over x. Element k
     * goes to lane k mod 8, and the lanes are added as ((0+4)+(2+6)) + ((1+5)+(3+7)).
     */
    void (*distances)(size_t n, const double *x, int count, const double *const *y, double *sum);

    /** sum_k x[k]^2 in the same order. */
    double (*sum_squares)(size_t n, const double *x);

    /** Sum of n floats, n a multiple of 16. */
    double (*sum)(size_t n, const float *x);

    /** out[i] = scale G[j][k], G of [rows][rit_ld(cols)] to row-major rows x cols. */
    void (*unpack)(int rows, int cols, const float *g, double scale, double *out);

    /** out[j][i] = scale (off all[j] + (on - off) sum[i][j]) with all = sum[width]: bit sums to rows x width.
     */
    void (*unpack_bits)(int rows, int width, const float *sum, struct rit_levels levels, double scale,
                        double *out);

    /**
     * C = A B in double, row-major; c is m x n, the sum runs over k. ldb and ldc are multiples of 16, and the
     * columns up to the next multiple of 16 beyond n are computed like the others.
     */
    void (*multiply_f64)(int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c,
                         int ldc);

    /** Of rows of n units (stride rit_ld(n)), in place: x becomes phi(x), and slope phi'(x). sin and cos are
     * exact to 1e-6 for |x| < 1e4. */
    void (*activate)(enum rit_activation phi, int rows, int n, float *x, float *slope);

    /** d[i] *= slope[i], n a multiple of 16. */
    void (*weigh)(size_t n, const float *slope, float *d);

    /** y[i] = tanh x[i] */
    void (*tanh)(size_t n, const float *x, float *y);

    /** y += W x and x += W^T y of a row-major W: chains of fused multiply-adds along a row, down a column. */
    void (*apply)(int rows, int cols, const double *w, const double *x, double *y);
    void (*apply_back)(int rows, int cols, const double *w, const double *y, double *x);

    /** g[i][j] -= d[i] x[j], with two roundings. */
    void (*subtract_outer)(int rows, int cols, const double *d, const double *x, double *g);

    /**
     * Of n complex numbers, n a multiple of 16: (x, y) <- (u0 x + u1 y, u2 x + u3 y), u being four complex
     * numbers; each part is a chain of fused multiply-adds in that order.
     */
    void (*mix)(size_t n, const double u[8], struct rit_planar x, struct rit_planar y);

    /** y += z x */
    void (*add_complex)(size_t n, const double z[2], struct rit_planar x, struct rit_planar y);

    /** sum[i] += Re conj(x[i]) y[i] */
    void (*add_real_parts)(size_t n, struct rit_planar x, struct rit_planar y, double *sum);

    /** sum += sum_i conj(x[i]) y[i] */
    void (*overlap)(size_t n, struct rit_planar x, struct rit_planar y, double sum[2]);

    /**
     * For n covariances c in whole vectors of 16, x = c over (c overs) and e_j = left[j] right[j][.] (stride
     * ld): value = c sum_j e_j x^j and slope = sum_j (2j + 1) e_j x^j over `terms` terms.
     */
    void (*dual_series)(int terms, int n, const double *left, const double *right, int ld, double over,
                        const double *overs, const double *c, double *value, double *slope);
};

/**
 * The kernels of the best instruction set this CPU has, or those named by the environment variable
 * RITARDANDO_ISA (for tests). NULL, with a sentence in err, if the CPU has no fused multiply-add or the
 * named set cannot run here.
 */
const struct rit_kernels *rit_kernels_choose(struct rit_error *err);

/** The chosen kernels; a CPU that cannot run them is a bug here: the program asks rit_kernels_choose first.
 */
const struct rit_kernels *rit_kernels(void);

/** Kernels by name; NULL if they were not built in or this CPU cannot run them. */
const struct rit_kernels *rit_kernels_named(const char *name);

#endif
