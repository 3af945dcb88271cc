/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The tangent kernel of infinite width at all pairs of a block (kernel/gram.h), filled over the ranks of a
 * mesh: tile by tile, each rank its own, without messages. Its elements are the same bits on any number of
 * ranks.
 */
#ifndef RITARDANDO_SPECTRUM_WIDE_H
#define RITARDANDO_SPECTRUM_WIDE_H

#include <ritardando/model.h>
#include <ritardando/wide.h>

#include "base/arena.h"
#include "kernel/gram.h"
#include "spectrum/spread.h"

struct rit_wide_matrix {
    int side;
    struct rit_arena arena; /* all that grows as the side; its size is what it takes on every rank */
    struct rit_gram gram;
};

/** Of these pairs, which it borrows. RIT_BAD_INPUT without memory, or where the series of the activation do
 * not converge. Collective, as all that follows but the end. */
enum rit_status rit_wide_matrix_open(MPI_Comm comm, const struct rit_wide *wide,
                                     const struct rit_block *block, struct rit_wide_matrix *matrix,
                                     struct rit_error *err);
void rit_wide_matrix_close(struct rit_wide_matrix *matrix);

/** Seconds that filling it will take on this mesh, from a few tiles that all ranks make at once. */
double rit_wide_matrix_seconds(struct rit_wide_matrix *matrix, const struct rit_mesh *mesh);

/** Fill its lower triangle, and the tiles of the diagonal. RIT_STOPPED if any rank was asked to stop
 * meanwhile. */
enum rit_status rit_wide_matrix_fill(struct rit_wide_matrix *matrix, struct rit_spread *spread,
                                     struct rit_error *err);
/** The sum of its diagonal. */
double rit_wide_matrix_trace(const struct rit_spread *spread);

#endif
