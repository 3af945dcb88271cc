/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What a run folder holds, for the commands that look at one: its config and its results as they are now. */
#ifndef RITARDANDO_CLI_STORED_H
#define RITARDANDO_CLI_STORED_H

#include "config/config.h"
#include "phase/critical.h"
#include "store/reader.h"
#include "store/results.h"
#include "sweep/roster.h"

/**
 * The config that the run was made with, RUN/config.yaml. The data of a run that came from elsewhere are
 * looked for where this machine has them, if they are no longer where the config says: identities know the
 * right ones.
 */
enum rit_status rit_stored_config(const char *run, struct rit_config *config, struct rit_error *err);

/** A plan that grows, as far as the results of `run` let it, for a config that was read elsewhere; run NULL:
 * as it begins. */
enum rit_status rit_stored_grow(const char *run, struct rit_config *config, struct rit_error *err);

/** Config and results together. A run of which only the results were copied here has the config of no file.
 */
struct rit_holding {
    const char *run; /* its folder, borrowed */
    struct rit_config config;
    bool planned; /* the config is that of the run */
    struct rit_results results;
};

/** A plan that grows is as far as the results let it. On failure there is nothing to close. */
enum rit_status rit_holding_open(const char *run, struct rit_holding *holding, struct rit_error *err);
void rit_holding_close(struct rit_holding *holding);

/** The variables that tables of learning times need, and the warning above them; NULL-terminated. */
extern const char *const rit_learning_only[];

/** The results as a dataset that never sees a disk; `only` as in struct rit_dataset_about. */
enum rit_status rit_stored_as_dataset(const struct rit_config *config, const struct rit_roster *roster,
                                      const struct rit_results *results, const char *const *only,
                                      struct rit_dataset *dataset, struct rit_error *err);

/**
 * The dataset of a run: RUN/phase-diagram.h5 where it holds every result, and what it would hold where a
 * sweep has not written it yet, or not again. The data of the run are not needed. `only` names the variables
 * that matter, or is NULL for all. RIT_BAD_INPUT while there is no result.
 */
enum rit_status rit_stored_dataset(const char *run, const char *const *only, struct rit_dataset *dataset,
                                   struct rit_error *err);

/**
 * The variable of `dataset` along which the run in this folder is refined, with what that says of its
 * analysis; NULL where it is the width, or nothing is refined, or the config of the run is not there.
 */
const char *rit_stored_size(const char *run, const struct rit_dataset *dataset,
                            struct rit_analysis_options *options);

#endif
