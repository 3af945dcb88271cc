/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Training a stored result again: to compare bits, behind `replay` and `verify`, and to have its weights at
 * any time, behind `weights` and `sing`.
 */
#ifndef RITARDANDO_CLI_AGAIN_H
#define RITARDANDO_CLI_AGAIN_H

#include <ritardando/run.h>
#include <ritardando/status.h>
#include <ritardando/task.h>

#include "cli/stored/stored.h"

enum rit_verdict {
    RIT_SAME,      /* bit for bit */
    RIT_DIFFERENT, /* same point, other bits: silent corruption, or a bug */
    RIT_FOREIGN,   /* this program and this data make another point of the same parameters */
};

/**
 * Trains the point of `stored` from its own parameters and compares every number. What decides no bits, where
 * the data lie, is that of `config`. `what` gets a few words on the first difference. RIT_STOPPED when the
 * process is asked to stop; otherwise failures of loading its data.
 */
enum rit_status rit_train_again(const struct rit_result *stored, const struct rit_config *config,
                                enum rit_verdict *verdict, char *what, size_t what_size,
                                struct rit_error *err);

/** The trajectory of a stored point, gone along once more. Owns all but the folder. */
struct rit_trail {
    const char *run_folder;
    struct rit_result stored;
    struct rit_block block;
    struct rit_point point; /* as stored */
    struct rit_point asked; /* the same trajectory, of which nothing is asked but weights */
    struct rit_run *run;
    bool jumped;    /* the kept end state was looked for */
    bool announced; /* that it trains beyond the run of the sweep */
    uint64_t step;
    double tau; /* where it stands */
};

/**
 * At the start of the point that `text` names (cli/stored/choice.h), to go up to `furthest`, which may lie
 * beyond the end of its run in the sweep. RIT_BAD_INPUT also for a point that failed, or is of other data or
 * another numerics version. To be closed in any case.
 */
enum rit_status rit_trail_open(const struct rit_holding *holding, const char *text, double furthest,
                               struct rit_trail *trail, struct rit_error *err);
/** The same in two steps: the point, its result and its block; then its run. */
enum rit_status rit_trail_look(const struct rit_holding *holding, const char *text, struct rit_trail *trail,
                               struct rit_error *err);
enum rit_status rit_trail_begin(struct rit_trail *trail, double furthest, struct rit_error *err);
void rit_trail_close(struct rit_trail *trail);

/**
 * Go on to the first step that has reached `tau`, not before where it stands: from the kept end state, if
 * there is one and it helps, else step by step. Beyond the end of the run of the sweep it says so, once.
 * RIT_BAD_INPUT if the run diverged before; RIT_STOPPED when the process is asked to stop.
 */
enum rit_status rit_trail_reach(struct rit_trail *trail, double tau, struct rit_error *err);

#endif
