/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What must be known of the program that started the ranks: mpirun, srun, or nobody. */
#ifndef RITARDANDO_SWEEP_LAUNCHER_H
#define RITARDANDO_SWEEP_LAUNCHER_H

#include <ritardando/status.h>

#include <stdbool.h>

/** The rank this process was given, before MPI_Init knows it; -1 if nobody launched it. */
int rit_launcher_rank(void);

/**
 * Whether this process, alone in its world of MPI, was meant to be. RIT_USAGE, with the remedy, if its
 * launcher started several such processes together: one of another MPI, or srun without PMIx. Then each would
 * sweep for itself. Only the first of them gets a text: the others have nothing to add. That `--share` has
 * divided the points
 * (`shares` > 1) makes it right.
 */
enum rit_status rit_launcher_check_alone(int shares, struct rit_error *err);

/** Say it if this sweep of so many ranks leaves components of a heterogeneous Slurm job idle. For rank 0. */
void rit_launcher_mind_components(int ranks);

/** Whether the other ranks may live on when one dies: under mpirun --enable-recovery, and under srun. */
bool rit_launcher_recovers(void);

/**
 * Once the ranks that talk to each other have done so: let go of Slurm's PMIx server, which would otherwise
 * end the whole job step when a rank dies. MPI's messages go on; MPI_Finalize is no longer possible, which is
 * as well where ranks may be dead. Nothing happens under mpirun.
 */
void rit_launcher_let_go(void);

/** Why no two ranks but the master and another can reach each other then; NULL: they all can. */
const char *rit_launcher_parts(void);

#endif
