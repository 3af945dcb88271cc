/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What all ranks of a sweep do together for one point: the eigenvalues of its kernel of infinite width, which
 * observe.kernel-spectrum asks for (src/spectrum). The only collective work of a sweep. Everybody in it waits
 * for everybody else and hears nothing, so that it is predicted before it begins, and given up if it does not
 * fit.
 */
#ifndef RITARDANDO_SWEEP_GATHERING_H
#define RITARDANDO_SWEEP_GATHERING_H

#include <ritardando/point.h>

#include "base/pack.h"
#include "store/checkpoint.h"
#include "sweep/blocks.h"
#include "sweep/master.h"

/** Spectra that were found, and wait for their points to be trained: RUN/spectra/KERNEL, descending
 * numbers. They stay until the run is complete: points of several seeds have one kernel. */
extern const struct rit_shelf rit_spectra;

/** Whether the point asks for a kernel's eigenvalues at all; and whether that of the block is for all ranks.
 */
bool rit_gathering_is_asked(const struct rit_point *point);
bool rit_gathering_is_wanted(const struct rit_block *block);
/** All that decides the kernel: points of several seeds, rates or costs have one. */
struct rit_hash rit_gathering_kernel(const struct rit_point *point, const struct rit_known_block *known);
/** The eigenvalues of a kernel that were found before, [n] in memory for free(); NULL: there are none. */
double *rit_gathering_recall(const char *run, const struct rit_hash *kernel, int n);

/** Who takes part, and in what: what RIT_TELLS_GATHER carries. */
void rit_gathering_pack(int n, const int *rank, const void *point, size_t size, struct rit_buffer *out);
/** The ranks, of which there are *n, for free(); `point` then is the rest. Aborts if they are none. */
int *rit_gathering_read(const void *bytes, size_t size, int *n, struct rit_reader *point);

struct rit_gathering {
    int ranks;
    const int *rank; /* [ranks] of MPI_COMM_WORLD, ascending; the first is the master's */
    const struct rit_point *point;
    double until; /* on the clock of rit_seconds: of the master, what must not be passed */
    void (*say)(void *self, const char *text); /* of the master: what will be done, and what came of it */
    void *self;
};

/**
 * All of these ranks enter at once. The master gets the eigenvalues in *value, for free(), and in `err` why
 * not where the return is another than RIT_GATHERED.
 */
enum rit_gathered rit_gather(const struct rit_gathering *gathering, double **value, int *n,
                             struct rit_error *err);

#endif
