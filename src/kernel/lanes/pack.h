/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Between the float64 matrices of the weights and the float32 panels of the kernels. */
#ifndef RITARDANDO_LANES_PACK_H
#define RITARDANDO_LANES_PACK_H

#include "kernel/kernels.h"
#include "kernel/lanes/tile.h"

#if LANES == 16
#define INTERLEAVE_LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define JOIN            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#elif LANES == 8
#define INTERLEAVE_LOW  0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#define JOIN            0, 1, 2, 3, 4, 5, 6, 7
#else
#define INTERLEAVE_LOW  0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#define JOIN            0, 1, 2, 3
#endif

/*
 * Transpose a square of LANES rows. One pass moves the highest bit of the row number to the lowest of the
 * lane number and the other way round; after log2(LANES) passes they have changed places.
 */
INLINE void transpose(vf m[LANES])
{
    UNROLL for (int bit = 1; bit < LANES; bit *= 2)
    {
        vf t[LANES];
        UNROLL for (int i = 0; i < LANES / 2; i++)
        {
            t[2 * i] = __builtin_shufflevector(m[i], m[i + LANES / 2], INTERLEAVE_LOW);
            t[2 * i + 1] = __builtin_shufflevector(m[i], m[i + LANES / 2], INTERLEAVE_HIGH);
        }
        UNROLL for (int i = 0; i < LANES; i++) m[i] = t[i];
    }
}

INLINE int least(int a, int b)
{
    return a < b ? a : b;
}

INLINE vf narrow(const double *p, vd scale)
{
    vh low = narrow_half(*(const vd_any *)p * scale), high = narrow_half(*(const vd_any *)(p + HALF) * scale);
    return __builtin_shufflevector(low, high, JOIN);
}

/* The square of w at (row, col) as floats, times scale; zero outside rows x cols. */
INLINE void load_square(int rows, int cols, const double *w, int row, int col, double scale, vf m[LANES])
{
    vd s = all_f64(scale);
    if (row + LANES <= rows && col + LANES <= cols) {
        UNROLL for (int i = 0; i < LANES; i++) m[i] = narrow(w + (size_t)(row + i) * cols + col, s);
        return;
    }
    int width = least(LANES, cols - col);
    for (int i = 0; i < LANES; i++) {
        double line[LANES] = {0};
        if (row + i < rows)
            memcpy(line, w + (size_t)(row + i) * cols + col, sizeof *line * (size_t)width);
        m[i] = narrow(line, s);
    }
}

/* Where a packed k x n product holds one vector of every row: that of row i at start + i * step. */
struct place {
    float *start;
    int step;
};

INLINE struct place in_panels(float *packed, struct split p, int k, int v)
{
    int panel = v < p.longer * (p.length + 1) ? v / (p.length + 1) : (v - p.longer) / p.length;
    int first = piece_start(p, panel), step = piece(p, panel) * LANES;
    return (struct place){packed + (size_t)first * LANES * k + (size_t)(v - first) * LANES, step};
}

static void pack(int rows, int cols, const double *w, float *ahead_panels, float *back_panels)
{
    struct split by_rows = panels(rows), by_cols = panels(cols);
    for (int col = 0; col < cols; col += LANES) {
        struct place back_place = in_panels(back_panels, by_cols, rows, col / LANES);
        for (int row = 0; row < rows; row += LANES) {
            struct place ahead_place = in_panels(ahead_panels, by_rows, cols, row / LANES);
            vf m[LANES];
            load_square(rows, cols, w, row, col, 1.0, m);
            for (int i = 0; i < least(LANES, rows - row); i++)
                store(back_place.start + (size_t)(row + i) * back_place.step, m[i]);
            transpose(m);
            for (int i = 0; i < least(LANES, cols - col); i++)
                store(ahead_place.start + (size_t)(col + i) * ahead_place.step, m[i]);
        }
    }
}

static void pack_bits(int rows, int width, const double *w, const double *bias, struct rit_levels levels,
                      float *table, float *start)
{
    int ld = rit_ld(rows);
    double step = levels.on - levels.off;
    vf ratio = all((float)(levels.off / step));
    for (int row = 0; row < rows; row += LANES) {
        for (int col = 0; col < width; col += LANES) {
            vf m[LANES];
            load_square(rows, width, w, row, col, step, m);
            transpose(m);
            for (int i = 0; i < least(LANES, width - col); i++)
                store(table + (size_t)(col + i) * ld + row, m[i]);
        }
        vf total = all(0.0f);
        for (int i = 0; i < width; i++)
            total += load(table + (size_t)i * ld + row);
        float own[LANES] __attribute__((aligned(64))) = {0};
        for (int i = 0; bias && i < least(LANES, rows - row); i++)
            own[i] = (float)bias[row + i];
        store(start + row, fma_f32(ratio, total, load(own)));
        store(table + (size_t)width * ld + row, all(0.0f));
    }
}

static void unpack(int rows, int cols, const float *g, double scale, double *out)
{
    int ld = rit_ld(cols);
    for (int j = 0; j < rows; j++, g += ld, out += cols) {
        int k = 0;
        for (; k + HALF <= cols; k += HALF)
            *(vd_any *)(out + k) = widen(g + k) * all_f64(scale);
        for (; k < cols; k++)
            out[k] = (double)g[k] * scale;
    }
}

static void unpack_bits(int rows, int width, const float *sum_of, struct rit_levels levels, double scale,
                        double *out)
{
    int ld = rit_ld(rows);
    double step = levels.on - levels.off;
    const float *every = sum_of + (size_t)width * ld;
    for (int row = 0; row < rows; row += LANES) {
        for (int col = 0; col < width; col += LANES) {
            vf m[LANES];
            for (int i = 0; i < LANES; i++) {
                m[i] = all(0.0f);
                if (col + i < width)
                    m[i] = load(sum_of + (size_t)(col + i) * ld + row);
            }
            transpose(m);
            for (int j = 0; j < least(LANES, rows - row); j++) {
                float line[LANES] __attribute__((aligned(64)));
                store(line, m[j]);
                double base = levels.off * (double)every[row + j];
                double *to = out + (size_t)(row + j) * width + col;
                for (int i = 0; i < least(LANES, width - col); i++)
                    to[i] = scale * fma(step, (double)line[i], base);
            }
        }
    }
}

#endif
