/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Who may write to a run folder. Every start of a run makes the next file RUN/claims/EPOCH, which only one
 * process can create, locks it, and writes through the fence (store/fence.h) that it gets with it. So two
 * incarnations of a run (a requeued job whose old ranks still live) never write to one file, and the older
 * one finds out.
 *
 * While the newest claim's lock is held, or, where locks do not work, its process lives on this host, a
 * second start is refused. Where neither can be told, the newer start wins: the epochs keep both from harm.
 */
#ifndef RITARDANDO_STORE_CLAIM_H
#define RITARDANDO_STORE_CLAIM_H

#include <ritardando/status.h>

#include "store/fence.h"
#include "store/holder.h"

#include <stdbool.h>

struct rit_claim {
    struct rit_fence fence; /* with the epoch, 1, 2, ...: which start of this run */
    char writer[16];        /* the epoch as a name, for rit_journal_open */
    int fd;                 /* of the locked claim file */
};

/** A claim that is not taken: what rit_claim_release may be given in any case. */
#define RIT_CLAIM_NONE ((struct rit_claim){.fd = -1, .fence = {.folder = -1}})

/**
 * Become the writer of a run folder, making it if need be. RIT_STOPPED, saying who holds the run (host,
 * process, since when), when somebody else does: the same call may succeed later. Removes what killed writers
 * left half written.
 */
enum rit_status rit_claim_take(const char *run, struct rit_claim *claim, struct rit_error *err);

void rit_claim_release(struct rit_claim *claim);

/** Leave in the claim, for people, how many workers train for its holder. */
enum rit_status rit_claim_note_workers(const struct rit_claim *claim, int workers, struct rit_error *err);

/** What can be known from here of the process that made a claim. */
enum rit_life {
    RIT_NEVER,   /* nobody has made one */
    RIT_ALIVE,   /* it holds its lock, or runs on this host */
    RIT_DEAD,    /* it ran on this host and is gone */
    RIT_UNKNOWN, /* it ran on another host; no lock of it is seen here, so it has probably ended */
};

/** The newest claim of a run folder, for people: its number, its maker, and whether that lives. */
enum rit_status rit_claim_look(const char *run, int *epoch, struct rit_holder *holder, enum rit_life *life,
                               struct rit_error *err);

#endif
