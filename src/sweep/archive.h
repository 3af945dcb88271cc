/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What a sweep keeps on disk: the claim of its run folder, the journal of this start, the index of all
 * results, the resolved config and the dataset. The master's only way to files.
 */
#ifndef RITARDANDO_SWEEP_ARCHIVE_H
#define RITARDANDO_SWEEP_ARCHIVE_H

#include "config/config.h"
#include "store/claim.h"
#include "store/results.h"
#include "store/watch.h"
#include "sweep/growth.h"
#include "sweep/publisher.h"
#include "sweep/roster.h"

struct rit_archive {
    const char *run; /* borrowed, as are config and roster */
    const struct rit_config *config;
    const struct rit_roster *roster;
    struct rit_claim claim;
    struct rit_journal *journal;     /* opened with the first result */
    struct rit_watch watch;          /* the journals of earlier starts */
    struct rit_results loaded;       /* of earlier starts; its files are also those of this one */
    int own;                         /* of these files: the journal */
    struct rit_stored *fresh;        /* [roster->count] of this start, where have[] points to it */
    const struct rit_stored **have;  /* [roster->count] NULL where there is no result yet */
    struct rit_publisher *publisher; /* of the dataset in the making; NULL: none */
    struct rit_growth growth;        /* what there was to train when it was opened */
    struct rit_buffer config_text;   /* resolved, with a closing zero */
};

/**
 * Claim the run folder, making it if need be, and load what it holds. Waits up to `patience` seconds for a
 * holder that is about to die.
 */
enum rit_status rit_archive_open(struct rit_archive *archive, const char *run,
                                 const struct rit_config *config, const struct rit_roster *roster,
                                 double patience, struct rit_error *err);
/** The roster has grown by points from number `first` on: see what there is of them. `from` as in
 * rit_growth_add. */
void rit_archive_extend(struct rit_archive *archive, int first, const struct rit_stored *const *from);
void rit_archive_close(struct rit_archive *archive);

/** Append result number `point` of the roster, or one that replaces its failure. Durable after
 * rit_archive_sync. */
enum rit_status rit_archive_append(struct rit_archive *archive, int point, const struct rit_result *result,
                                   struct rit_error *err);
/** Read a result again, for rit_result_release. */
enum rit_status rit_archive_read(const struct rit_archive *archive, int point, struct rit_result *result,
                                 struct rit_error *err);
/** RIT_STOPPED, with nothing synced, if another start has taken the run folder. */
enum rit_status rit_archive_sync(struct rit_archive *archive, struct rit_error *err);

/** RIT_STOPPED as above, or RIT_IO if what this start has written is no longer where it was written. */
enum rit_status rit_archive_check(const struct rit_archive *archive, struct rit_error *err);
/** The same of everything that counts as done, also by earlier starts: to be asked before the run is called
 * complete. */
enum rit_status rit_archive_check_all(const struct rit_archive *archive, struct rit_error *err);

/** Remove checkpoints of points that have a result, what killed or late workers left, and when all have one
 * the spectra. */
void rit_archive_tidy(const struct rit_archive *archive);

/**
 * Rewrite RUN/phase-diagram.h5 in a thread of its own (sweep/publisher.h) from the results that are there
 * now, and put it in place when that is done. One at a time.
 */
enum rit_status rit_archive_begin_dataset(struct rit_archive *archive, struct rit_error *err);
bool rit_archive_dataset_is_done(const struct rit_archive *archive);
/** A newer one is wanted: this one will soon be done, with RIT_STOPPED. */
void rit_archive_give_up_dataset(struct rit_archive *archive);
enum rit_status rit_archive_end_dataset(struct rit_archive *archive, struct rit_error *err);
/** All at once. */
enum rit_status rit_archive_write_dataset(struct rit_archive *archive, struct rit_error *err);

#endif
