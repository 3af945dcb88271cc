/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How long this job may still run. */
#ifndef RITARDANDO_SWEEP_WALLTIME_H
#define RITARDANDO_SWEEP_WALLTIME_H

/**
 * Seconds until the job must have ended: what Slurm says ($SLURM_JOB_END_TIME, or squeue for
 * $SLURM_JOB_ID); INFINITY outside of Slurm or without a limit. Starts a process: call it before MPI_Init.
 */
double rit_walltime_left(void);

/** The same from texts: `end` as squeue prints it, "2026-03-01T12:00:00" in local time, and `now`. */
double rit_walltime_until(const char *end, long now);

#endif
