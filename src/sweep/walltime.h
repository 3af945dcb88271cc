/* SPDX-License-Identifier: GPL-3.0-or-later */
/** By when this job must have ended. */
#ifndef RITARDANDO_SWEEP_WALLTIME_H
#define RITARDANDO_SWEEP_WALLTIME_H

#include <stdbool.h>

/** Two moments on the clock of rit_seconds. */
struct rit_walltime {
    double began; /* this process: what `run.wall-time` counts from */
    double limit; /* Slurm ends the job then; INFINITY outside of Slurm or without a limit */
};

/**
 * To be called first of all, before MPI_Init: it starts a process, and what is measured later is counted too
 * late. Slurm's limit is $SLURM_JOB_END_TIME or, where that is missing, past or strange, what squeue says
 * of $SLURM_JOB_ID. What is there but cannot be understood is said in a line and counts for nothing: a shell
 * outlives its job, and a limit of yesterday ends no sweep of today.
 */
struct rit_walltime rit_walltime_begin(void);

/** A process that has nothing to do with limits: no more than the time. */
struct rit_walltime rit_walltime_unlimited(void);

/**
 * A moment as Slurm writes it, in seconds since 1970: "1772366400", or "2026-03-01T12:00:00" in local time;
 * INFINITY for its words for none ("UNLIMITED", "NONE", "N/A", nothing). False if the text is neither.
 */
bool rit_walltime_read(const char *text, double *moment);

/**
 * The job of $SLURM_JOB_ID in the form that squeue takes, "12", "12_3" or "12+1", without the step's number
 * that some sites append ("12.batch"). False, with nothing written, if it names none.
 */
bool rit_walltime_job(const char *id, char job[32]);

#endif
