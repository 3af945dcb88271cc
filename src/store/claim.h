/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Who may write to a run folder. Every start of a run makes the next file RUN/claims/EPOCH, which only one
 * process can create, locks it, and writes only to files that carry its epoch. So two incarnations of a run
 * (a requeued job whose old ranks still live) never write to one file, and the older one finds out.
 *
 * While the newest claim's lock is held, or, where locks do not work, its process lives on this host, a
 * second start is refused. Where neither can be told, the newer start wins: the epochs keep both from harm.
 */
#ifndef RITARDANDO_STORE_CLAIM_H
#define RITARDANDO_STORE_CLAIM_H

#include <ritardando/status.h>

#include "base/file.h"

struct rit_claim {
    int epoch;       /* 1, 2, ...: which start of this run */
    char writer[16]; /* the epoch as a name, for rit_journal_open */
    int fd;          /* of the locked claim file */
    char run[RIT_PATH];
};

/**
 * Become the writer of a run folder, making it if need be. RIT_STOPPED, saying who holds the run (host,
 * process, since when), when somebody else does: the same call may succeed later. Removes what killed writers
 * left half written.
 */
enum rit_status rit_claim_take(const char *run, struct rit_claim *claim, struct rit_error *err);

/** RIT_STOPPED, naming the new holder, once a later start has taken the run. To be asked before each sync of
 * a journal. */
enum rit_status rit_claim_still_mine(const struct rit_claim *claim, struct rit_error *err);

void rit_claim_release(struct rit_claim *claim);

#endif
