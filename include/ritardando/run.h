/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The life of one point: from its parameters to its outcome. Serial, deterministic, restartable; it
 * knows nothing of MPI, files or the time of day.
 */
#ifndef RITARDANDO_RUN_H
#define RITARDANDO_RUN_H

#include <ritardando/observe.h>
#include <ritardando/outcome.h>
#include <ritardando/point.h>
#include <ritardando/source.h>

#include <stdbool.h>

struct rit_buffer;
struct rit_run;

/** Bytes a run of this point will use beyond its data block. RIT_BAD_INPUT for settings that cannot work. */
enum rit_status rit_run_memory(const struct rit_point *point, const struct rit_block *block, size_t *bytes,
                               struct rit_error *err);

/** Floating-point operations of the whole run up to stop.tau, roughly: what the master's queue sorts by. */
double rit_run_price(const struct rit_point *point, const struct rit_block *block);

/** A run at its start. The run borrows point and block. NULL with `err` filled on failure. */
struct rit_run *rit_run_new(const struct rit_point *point, const struct rit_block *block,
                            struct rit_error *err);
void rit_run_free(struct rit_run *run);

/** Make steps until the run is over or `steps` more were made. Returns true when it is over. */
bool rit_run_advance(struct rit_run *run, uint64_t steps);

/** Steps made, proper time, and the last measured NLL [bits]: for progress lines. */
void rit_run_progress(const struct rit_run *run, uint64_t *steps, double *tau, double *nll);

/** The outcome of a run that is over. The caller releases it. */
void rit_run_finish(struct rit_run *run, struct rit_outcome *outcome);

/** Everything needed to go on from here, bit for bit. */
void rit_run_save(const struct rit_run *run, struct rit_buffer *out);

/** Put a new run of the same point where `bytes` was saved. RIT_BAD_INPUT if they are not of this point. */
enum rit_status rit_run_restore(struct rit_run *run, const void *bytes, size_t size, struct rit_error *err);

/** Current weights, flat; and their layout (if not NULL). Borrowed. */
const double *rit_run_weights(const struct rit_run *run, const struct rit_layout **layout);

/** The network, loaded with the current weights. Borrowed. */
struct rit_net *rit_run_net(struct rit_run *run);

#endif
