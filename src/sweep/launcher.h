/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What must be known of the program that started the ranks: mpirun, srun, or nobody. */
#ifndef RITARDANDO_SWEEP_LAUNCHER_H
#define RITARDANDO_SWEEP_LAUNCHER_H

#include <stdbool.h>

/** The rank this process was given, before MPI_Init knows it; -1 if nobody launched it. */
int rit_launcher_rank(void);

/** Whether the other ranks may live on when one dies: under mpirun --enable-recovery, and under srun. */
bool rit_launcher_recovers(void);

/**
 * Once the ranks that talk to each other have done so: let go of Slurm's PMIx server, which would otherwise
 * end the whole job step when a rank dies. MPI's messages go on; MPI_Finalize is no longer possible, which is
 * as well where ranks may be dead. Nothing happens under mpirun.
 */
void rit_launcher_let_go(void);

#endif
