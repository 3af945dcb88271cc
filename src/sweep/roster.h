/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The points of one sweep, or of one share of it, with their identities and prices. */
#ifndef RITARDANDO_SWEEP_ROSTER_H
#define RITARDANDO_SWEEP_ROSTER_H

#include <ritardando/status.h>

#include "base/hash.h"
#include "config/config.h"
#include "store/dataset.h"

struct rit_roster {
    int count;
    int *plan;                   /* [count] number in the plan, ascending */
    struct rit_hash *identity;   /* [count] */
    struct rit_hash *trajectory; /* [count]; NULL if recalled */
    double *price;               /* [count] see rit_run_price */
};

/**
 * The points whose trajectory falls to share `share` of `shares`, 0 <= share < shares; all of them for 0
 * of 1; a plan that grows is not shared. Loads every data block of the plan, so that bad or missing data are
 * found before anything is trained.
 */
enum rit_status rit_roster_make(const struct rit_config *config, int share, int shares,
                                struct rit_roster *roster, struct rit_error *err);

/**
 * The plan without its data, on a machine that lacks them: points are recognised by their parameters alone.
 * Those with a result have its identity, the others have none (all zero); there are no trajectories and no
 * prices.
 */
void rit_roster_recall(const struct rit_config *config, const struct rit_results *results,
                       struct rit_roster *roster);
/**
 * The points that a growing plan has from number `first` on, behind those that there are. The blocks of the
 * roster were found good when it was made, and so are these.
 */
enum rit_status rit_roster_extend(const struct rit_config *config, int first, struct rit_roster *roster,
                                  struct rit_error *err);
/** The points that are rows of a dataset, in the order of its rows; their number in *n. The caller frees
 * them. */
int *rit_roster_rows(const struct rit_config *config, const struct rit_roster *roster, int *n);
/** A row of the dataset: point `plan` of the plan and its result. Borrows from both. */
struct rit_row rit_roster_row(const struct rit_config *config, int plan, const struct rit_stored *stored);
void rit_roster_release(struct rit_roster *roster);

/** The share that a point falls to: the same for ever, whatever else is in the plan or asked of it. */
int rit_share_of(const struct rit_hash *trajectory, int shares);

/** Reads "I/N", 0 <= I < N, as on the command line; RIT_USAGE in `err` otherwise. */
bool rit_share_parse(const char *text, int *share, int *shares, struct rit_error *err);

#endif
