/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/hessian.h"

#include "slope/slope.h"

#include <math.h>
#include <string.h>

static const double step = 0x1p-14; /* h: its square and the rounding of gradients over it are alike */

static bool is_complex(const struct rit_weights *block)
{
    return block->rows == 2 * block->cols; /* the real part above the imaginary part */
}

/* Directions of one block. */
static int side_of(const struct rit_weights *block)
{
    int n = block->cols;
    if (!block->orthogonal)
        return block->rows * n;
    return is_complex(block) ? n * n : n * (n - 1) / 2;
}

int rit_hessian_side(const struct rit_layout *layout)
{
    int side = 0;
    for (int b = 0; b < layout->blocks; b++)
        side += side_of(&layout->block[b]);
    return side;
}

/* Elements of the largest square of a group. */
static size_t square_of(const struct rit_layout *layout)
{
    size_t most = 0;
    for (int b = 0; b < layout->blocks; b++) {
        size_t n = (size_t)layout->block[b].cols;
        if (layout->block[b].orthogonal && n * n > most)
            most = n * n;
    }
    return most;
}

size_t rit_hessian_work(const struct rit_layout *layout)
{
    return 2 * layout->size + rit_slope_work(layout) + 2 * square_of(layout);
}

struct rit_hessian rit_hessian_at(const struct rit_layout *layout, const struct rit_terrain *terrain,
                                  const double *w, double *work)
{
    struct rit_hessian h = {.layout = layout, .terrain = terrain, .w = w, .aside = work};
    h.slope = h.aside + layout->size;
    h.rest = h.slope + layout->size;
    h.along = h.rest + rit_slope_work(layout);
    h.across = h.along + square_of(layout);
    return h;
}

/* ---- a group: directions (p, q) ---- */

/* The j-th pair p < q, or p <= q. */
static void find_pair(int n, bool with_diagonal, int j, int *p, int *q)
{
    int first = with_diagonal ? 0 : 1;
    for (*p = 0; j >= n - first - *p; ++*p)
        j -= n - first - *p;
    *q = *p + first + j;
}

/* Column `to` of v <- factor times column `from` of m, times i if `turned`. */
static void set_column(const struct rit_weights *block, const double *m, int from, double factor, bool turned,
                       int to, double *v)
{
    int n = block->cols, rows = block->rows;
    for (int r = 0; r < rows; r++) {
        int other = !turned ? r : r < n ? r + n : r - n; /* i (a + i b) = -b + i a */
        double sign = turned && r < n ? -factor : factor;
        v[r * n + to] = sign * m[other * n + from];
    }
}

static void group_direction(const struct rit_weights *block, const double *m, int j, double *v)
{
    int n = block->cols, pairs = n * (n - 1) / 2, p, q;
    double unit = 1.0 / block->scale, half = unit / sqrt(2.0);
    if (j < pairs) {
        find_pair(n, false, j, &p, &q);
        set_column(block, m, p, half, false, q, v);
        set_column(block, m, q, -half, false, p, v);
        return;
    }
    find_pair(n, true, j - pairs, &p, &q);
    set_column(block, m, p, p == q ? unit : half, true, q, v);
    if (p != q)
        set_column(block, m, q, half, true, p, v);
}

/* along[p][q] = m_p . d_q and across[p][q] = (i m_p) . d_q over columns. */
static void project(const struct rit_weights *block, const double *m, const double *d, double *along,
                    double *across)
{
    int n = block->cols;
    memset(along, 0, sizeof *along * (size_t)n * (size_t)n);
    memset(across, 0, sizeof *across * (size_t)n * (size_t)n);
    for (int r = 0; r < block->rows; r++) {
        const double *turned = !is_complex(block) ? NULL : r < n ? m + (r + n) * n : m + (r - n) * n;
        double sign = r < n ? -1.0 : 1.0;
        for (int p = 0; p < n; p++)
            for (int q = 0; q < n; q++) {
                along[p * n + q] += m[r * n + p] * d[r * n + q];
                if (turned)
                    across[p * n + q] += sign * turned[p] * d[r * n + q];
            }
    }
}

static void group_components(const struct rit_hessian *h, const struct rit_weights *block, const double *m,
                             const double *d, double *x)
{
    int n = block->cols, j = 0;
    double unit = 1.0 / block->scale, half = unit / sqrt(2.0);
    project(block, m, d, h->along, h->across);
    for (int p = 0; p < n; p++)
        for (int q = p + 1; q < n; q++)
            x[j++] = half * (h->along[p * n + q] - h->along[q * n + p]);
    for (int p = 0; is_complex(block) && p < n; p++)
        for (int q = p; q < n; q++)
            x[j++] =
                p == q ? unit * h->across[p * n + p] : half * (h->across[p * n + q] + h->across[q * n + p]);
}

/* ---- all blocks ---- */

void rit_hessian_direction(const struct rit_hessian *h, int j, double *v)
{
    memset(v, 0, sizeof *v * h->layout->size);
    for (int b = 0; b < h->layout->blocks; b++) {
        const struct rit_weights *block = &h->layout->block[b];
        int side = side_of(block);
        if (j < side) {
            if (block->orthogonal)
                group_direction(block, h->w + block->offset, j, v + block->offset);
            else
                v[block->offset + (size_t)j] = 1.0;
            return;
        }
        j -= side;
    }
    RIT_CHECK(!"a direction that there is");
}

void rit_hessian_components(const struct rit_hessian *h, const double *v, double *x)
{
    for (int b = 0; b < h->layout->blocks; b++) {
        const struct rit_weights *block = &h->layout->block[b];
        int side = side_of(block);
        if (block->orthogonal)
            group_components(h, block, h->w + block->offset, v + block->offset, x);
        else
            memcpy(x, v + block->offset, sizeof *x * (size_t)side);
        x += side;
    }
}

/* slope <- F(aside). */
static void look(const struct rit_hessian *h)
{
    h->terrain->pass(h->terrain->self, h->aside, h->slope);
    rit_tangent(h->layout, h->aside, h->slope, h->rest);
}

bool rit_hessian_column(const struct rit_hessian *h, int j, double *x)
{
    int side = rit_hessian_side(h->layout);
    size_t size = h->layout->size;
    double *v = h->aside;
    bool finite = true;
    rit_hessian_direction(h, j, v);
    for (size_t i = 0; i < size; i++)
        v[i] = h->w[i] + step * v[i];
    look(h);
    rit_hessian_components(h, h->slope, x);
    for (size_t i = 0; i < size; i++)
        v[i] = 2.0 * h->w[i] - v[i];
    look(h);
    double *other = h->aside; /* it has been looked at */
    rit_hessian_components(h, h->slope, other);
    for (int i = 0; i < side; i++) {
        x[i] = (x[i] - other[i]) * (0.5 / step);
        finite = finite && isfinite(x[i]);
    }
    return finite;
}
