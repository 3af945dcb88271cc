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
#include <stddef.h>

struct rit_run;

/** What is wrong with a point's settings, whatever the data: RIT_BAD_INPUT. Each of these finds another kind
 * of it. */
typedef enum rit_status rit_settings_check(const struct rit_point *point, struct rit_error *err);
enum { RIT_SETTINGS_CHECKS = 5 };
extern rit_settings_check *const rit_settings_checks[RIT_SETTINGS_CHECKS];

/**
 * Whether a run of this point can be: what its model, rule, cost, observables or schedule refuse on this
 * data. RIT_BAD_INPUT: what is accepted here, only the machine can refuse later.
 */
enum rit_status rit_run_check(const struct rit_point *point, const struct rit_block *block,
                              struct rit_error *err);

/**
 * Bytes a run of this point will use beyond its data block, with the second copy of its state from which a
 * checkpoint can be written at any moment. RIT_BAD_INPUT as rit_run_check, or if this machine has no
 * kernels. If not NULL, *state becomes what a checkpoint or end state takes.
 */
enum rit_status rit_run_memory(const struct rit_point *point, const struct rit_block *block, size_t *bytes,
                               size_t *state, struct rit_error *err);

/** Floating-point operations of the whole run up to stop.tau, roughly: what the master's queue sorts by. */
double rit_run_price(const struct rit_point *point, const struct rit_block *block);

/** A run at its start. The run borrows point and block. NULL with `err` filled on failure. */
struct rit_run *rit_run_new(const struct rit_point *point, const struct rit_block *block,
                            struct rit_error *err);
void rit_run_free(struct rit_run *run);

/**
 * Make steps until the run is over or `steps` more were made; it may take one call more to see that the last
 * one was the last. Returns true when it is over.
 */
bool rit_run_advance(struct rit_run *run, uint64_t steps);

/**
 * A moment at which a run whose rule keeps time itself is to stand, too, when it comes to it; other runs
 * stand where their steps end. Nothing else about the run changes.
 */
void rit_run_ask(struct rit_run *run, double tau);

/** Steps made, proper time (of a survey its pieces, rit_goal_of), and the last measured NLL [bits]: for
 * progress lines. */
void rit_run_progress(const struct rit_run *run, uint64_t *steps, double *tau, double *nll);

/** Before rit_run_finish: what observe.kernel-spectrum asks for, [pairs] descending, found by others;
 * borrowed. */
void rit_run_give_kernel_spectrum(struct rit_run *run, const double *value);

/** The outcome of a run that is over. The caller releases it. */
void rit_run_finish(struct rit_run *run, struct rit_outcome *outcome);

/** A run at rest, between two calls of rit_run_advance: everything needed to go on from here, bit for bit. */
struct rit_saved {
    unsigned char owner[32]; /* hash of the point's parameters and of the form of its state */
    void *state;             /* [size] borrowed from the run: the bytes change with its next step */
    size_t size;
};

/** What there is to be saved, where it lies: no copy is made. */
struct rit_saved rit_run_save(struct rit_run *run);

/**
 * Go on from a saved state. The caller has put the saved bytes into what rit_run_save gave for this new run,
 * after a look that both owners are equal: a state of another owner must not be put there.
 */
void rit_run_resume(struct rit_run *run);

/**
 * A run that can hold the state of this point but makes no steps: for rit_run_adopt. As rit_run_new
 * otherwise.
 */
struct rit_run *rit_run_new_shell(const struct rit_point *point, const struct rit_block *block,
                                  struct rit_error *err);

/**
 * Put a new run where `ended` ended, a shell of another point of the same trajectory with that state,
 * resumed. train/request.h says whether it can be: the run then goes on as if it had come here itself.
 */
void rit_run_adopt(struct rit_run *run, const struct rit_run *ended);

/** Current weights, flat; and their layout (if not NULL). Borrowed. */
const double *rit_run_weights(const struct rit_run *run, const struct rit_layout **layout);

/** The network, loaded with the current weights. Borrowed. */
struct rit_net *rit_run_net(struct rit_run *run);

#endif
