/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The master's eyes and hands: it tells src/sweep/master.h what happens and carries out its orders. It owns
 * the run folder; workers touch nothing there but checkpoints.
 */
#ifndef RITARDANDO_SWEEP_CONDUCTOR_H
#define RITARDANDO_SWEEP_CONDUCTOR_H

#include <ritardando/status.h>

#include "config/config.h"
#include "sweep/post.h"
#include "sweep/walltime.h"

#include <stdbool.h>
#include <stdint.h>

struct rit_sweep_options {
    const char *config; /* path */
    struct rit_overrides overrides;
    const char *run;   /* folder */
    int share, shares; /* of a job array; 0 of 1 for all points */
};

/** A number that stands for all of them: processes that were started together must have been asked for the
 * same. */
uint64_t rit_sweep_options_digest(const struct rit_sweep_options *options);

struct rit_conductor;

/**
 * Read the config, claim the run folder, make the plan, see what is done already. `walltime` says when
 * the job must have ended; `recovery` says that the launcher lets the others live when
 * one rank dies, and dead ones may be waited for by nobody. Borrows post and options. NULL on failure.
 */
struct rit_conductor *rit_conductor_new(const struct rit_sweep_options *options, struct rit_post *post,
                                        int workers, const struct rit_walltime *walltime, bool recovery,
                                        struct rit_error *err);
void rit_conductor_free(struct rit_conductor *conductor);

/** One turn: hear everybody, write, decide, speak. False when there was nothing to do: rest a little. */
bool rit_conductor_turn(struct rit_conductor *conductor);

/** Whether every worker has said hello. */
bool rit_conductor_has_met_all(const struct rit_conductor *conductor);

/**
 * Whether everything is over and everybody released. `status` is then the exit code, `at_once` whether to
 * leave without waiting for other ranks.
 */
bool rit_conductor_is_over(const struct rit_conductor *conductor, enum rit_status *status, bool *at_once);

#endif
