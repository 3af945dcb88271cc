/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/wide.h"

#include "base/process.h"

#include <stdlib.h>

enum { TIMED = 4 }; /* tiles whose time is taken; the first only wakes the caches */

enum rit_status rit_wide_matrix_open(MPI_Comm comm, const struct rit_wide *wide,
                                     const struct rit_block *block, struct rit_wide_matrix *matrix,
                                     struct rit_error *err)
{
    struct rit_arena measured = {0};
    enum rit_status status = RIT_OK;
    *matrix = (struct rit_wide_matrix){.side = block->pairs};
    rit_gram_open(wide, block, block, &measured);
    matrix->arena = rit_arena_new(measured.used);
    if (!matrix->arena.base)
        status = rit_fail(err, RIT_BAD_INPUT, "there is no memory for the kernels of %d pairs", block->pairs);
    else
        matrix->gram = rit_gram_open(wide, block, block, &matrix->arena);
    if (status == RIT_OK && !matrix->gram.converged)
        status = rit_fail(err, RIT_BAD_INPUT, "the series of the activation do not converge");
    return rit_mesh_agree(comm, status, err);
}

void rit_wide_matrix_close(struct rit_wide_matrix *matrix)
{
    free(matrix->arena.base);
    matrix->arena.base = NULL;
}

/* Theta is symmetric: rows of the kernel are columns of the tile. What lies above the diagonal is left out,
 * and so is everything once somebody has asked to stop. */
static void make_tile(void *self, int i, int m, int j, int n, double *tile, int ld)
{
    struct rit_wide_matrix *matrix = self;
    if (j < i + m && rit_stop_asked() == RIT_GO)
        rit_gram_tile(&matrix->gram, j, n, i, m, NULL, tile, ld);
}

double rit_wide_matrix_seconds(struct rit_wide_matrix *matrix, const struct rit_mesh *mesh)
{
    int side = matrix->side, block = side < RIT_MESH_BLOCK ? side : RIT_MESH_BLOCK;
    double tiles = ((double)side / block) * ((double)side / block + 1.0) / 2.0, seconds = 0.0;
    double *tile = calloc((size_t)block * (size_t)block, sizeof *tile);
    RIT_CHECK(tile);
    for (int k = 0; k < TIMED; k++) {
        int i = (int)((double)(side - block) * (k + 1) / TIMED),
            j = (int)((double)(side - block) * k / TIMED);
        MPI_Barrier(mesh->comm);
        double began = rit_seconds();
        make_tile(matrix, i, block, j, block, tile, block);
        seconds += k > 0 ? (rit_seconds() - began) / (TIMED - 1) : 0.0;
    }
    free(tile);
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, mesh->comm);
    return seconds * tiles / (mesh->rows * mesh->cols);
}

enum rit_status rit_wide_matrix_fill(struct rit_wide_matrix *matrix, struct rit_spread *spread,
                                     struct rit_error *err)
{
    enum rit_status status = RIT_OK;
    rit_spread_fill(spread, make_tile, matrix);
    if (rit_stop_asked() != RIT_GO)
        status = rit_fail(err, RIT_STOPPED,
                          "stopped while the kernel was filled, which begins anew at the next start");
    return rit_mesh_agree(spread->mesh->comm, status, err);
}

double rit_wide_matrix_trace(const struct rit_spread *spread)
{
    double trace = 0.0;
    for (int lj = 0; lj < spread->here_cols; lj++)
        for (int li = 0; li < spread->here_rows; li++)
            if (rit_spread_row(spread, li) == rit_spread_col(spread, lj))
                trace += spread->data[(size_t)lj * (size_t)spread->ld + (size_t)li];
    MPI_Allreduce(MPI_IN_PLACE, &trace, 1, MPI_DOUBLE, MPI_SUM, spread->mesh->comm);
    return trace;
}
