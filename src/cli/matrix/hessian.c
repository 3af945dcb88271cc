/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Hessian of the cost of the whole block (slope/hessian.h): a column takes two gradients. */
#include "cli/matrix/matrix.h"

#include "base/random.h"

enum { PROBES = 8 }; /* random vectors that tell how far the matrix is from being symmetric */

static int side(const struct rit_site *site)
{
    return rit_hessian_side(site->layout);
}

static void columns(const struct rit_site *site, int *rows, int *cols)
{
    *rows = *cols = side(site);
}

static void *open_hessian(const struct rit_site *site, int unit, struct rit_arena *work)
{
    (void)unit;
    struct rit_hessian *hessian = RIT_TAKE(work, 1, struct rit_hessian);
    double *space = RIT_TAKE(work, rit_hessian_work(site->layout), double);
    if (hessian)
        *hessian = rit_hessian_at(site->layout, &site->exact->terrain, site->w, space);
    return hessian;
}

static bool make(void *self, int j, double *x)
{
    return rit_hessian_column(self, j, x);
}

static void probe(void *self, int i, int m, int j, int n, double *tile, int ld)
{
    (void)self;
    for (int c = 0; c < n; c++)
        for (int r = 0; r < m; r++) {
            struct rit_random random =
                rit_random_open(1, RIT_FOR_CURVATURE, (uint64_t)(i + r), (uint64_t)(j + c));
            tile[(size_t)c * (size_t)ld + (size_t)r] = rit_random_gauss(&random);
        }
}

/* |(H - H^T) x|^2 is |H - H^T|^2 in the mean over normal x. */
static enum rit_status finish(struct rit_spread *h, struct rit_spread *matrix, double *floor,
                              struct rit_error *err)
{
    struct rit_spread x, y = {.data = NULL};
    (void)matrix;
    int n = h->rows;
    RIT_TRY(rit_spread_new(h->mesh, n, PROBES, &x, err));
    enum rit_status status = rit_spread_new(h->mesh, n, PROBES, &y, err);
    if (status == RIT_OK) {
        double sum = 0.0;
        rit_spread_fill(&x, probe, NULL);
        rit_spread_multiply(1.0, h, true, &x, false, 0.0, &y);
        rit_spread_multiply(1.0, h, false, &x, false, -1.0, &y);
        for (int j = 0; j < y.here_cols; j++)
            for (int i = 0; i < y.here_rows; i++)
                sum += y.data[(size_t)j * (size_t)y.ld + (size_t)i] *
                       y.data[(size_t)j * (size_t)y.ld + (size_t)i];
        MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, h->mesh->comm);
        *floor = rit_levels_floor(n, sum / PROBES / n / n);
    }
    rit_spread_free(&x);
    rit_spread_free(&y);
    return status;
}

const struct rit_matrix rit_matrix_hessian = {.name = "hessian",
                                              .unit = "nat/w^2",
                                              .side = side,
                                              .columns = columns,
                                              .open = open_hessian,
                                              .make = make,
                                              .finish = finish};
