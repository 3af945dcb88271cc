/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A sweep under MPI: rank 0 is the master, the others are workers. With one rank, or without a launcher, the
 * same master and one worker take turns in one process.
 */
#ifndef RITARDANDO_SWEEP_SWEEP_H
#define RITARDANDO_SWEEP_SWEEP_H

#include "sweep/conductor.h"

/**
 * Run a sweep to its end. To be called once by every rank of the launcher, before any other use of MPI.
 * Prints its progress on standard error. Returns the exit status, on rank 0 that of the sweep; `err` is
 * filled when it could not begin. `at_once`: the process must end by _exit, since other ranks may be dead and
 * MPI_Finalize would wait for them, or since its trainer is in the middle of a step that nobody waits for.
 */
enum rit_status rit_sweep(const struct rit_sweep_options *options, bool *at_once, struct rit_error *err);

#endif
