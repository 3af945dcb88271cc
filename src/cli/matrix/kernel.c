/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tangent kernel of one output at all T pairs of the block, Theta = J J^T: J^T is made column by column,
 * one pass over the sequence of a pair each, and its product with itself over all ranks.
 */
#include "cli/matrix/matrix.h"

#include "slope/jacobian.h"

#include <math.h>

struct rows {
    struct rit_scene scene;
    int unit;
};

static int side(const struct rit_site *site)
{
    return site->trail.block.pairs;
}

static void columns(const struct rit_site *site, int *rows, int *cols)
{
    *rows = (int)site->layout->size;
    *cols = side(site);
}

static void *open_kernel(const struct rit_site *site, int unit, struct rit_arena *work)
{
    struct rows *rows = RIT_TAKE(work, 1, struct rows);
    if (!rows)
        return NULL;
    rows->scene = (struct rit_scene){.point = &site->trail.point,
                                     .layout = site->layout,
                                     .block = &site->trail.block,
                                     .model = site->model,
                                     .net = site->exact->net};
    rows->unit = unit;
    site->model->load(site->exact->net, site->w);
    return rows;
}

static bool make(void *self, int j, double *x)
{
    const struct rows *rows = self;
    bool finite = isfinite(rit_jacobian_row(&rows->scene, j, rows->unit, x));
    for (size_t i = 0; i < rows->scene.layout->size; i++)
        finite = finite && isfinite(x[i]);
    return finite;
}

/* Of a kernel, which has no negative eigenvalues, errors are those of rounding. */
static enum rit_status finish(struct rit_spread *columns, struct rit_spread *matrix, double *floor,
                              struct rit_error *err)
{
    (void)err;
    double trace = 0.0;
    rit_spread_multiply(1.0, columns, true, columns, false, 0.0, matrix);
    for (int j = 0; j < columns->here_cols; j++)
        for (int i = 0; i < columns->here_rows; i++) {
            double x = columns->data[(size_t)j * (size_t)columns->ld + (size_t)i];
            trace += x * x;
        }
    MPI_Allreduce(MPI_IN_PLACE, &trace, 1, MPI_DOUBLE, MPI_SUM, columns->mesh->comm);
    *floor = 0x1p-50 * trace;
    return RIT_OK;
}

const struct rit_matrix rit_matrix_kernel = {.name = "kernel",
                                             .unit = "1/w^2",
                                             .side = side,
                                             .columns = columns,
                                             .open = open_kernel,
                                             .make = make,
                                             .finish = finish};
