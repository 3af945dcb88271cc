/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Finished results on disk: RUN/results/WRITER.journal, append-only, one writer per file. A frame is magic,
 * length, SHA-256 and a packed result (store/frame.h); nothing is parsed before its checksum is verified.
 */
#ifndef RITARDANDO_STORE_RESULTS_H
#define RITARDANDO_STORE_RESULTS_H

#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"
#include "store/result.h"

struct rit_fence;
struct rit_journal; /* open for appending */

/**
 * Opens or creates RUN/results/WRITER.journal; a torn tail (a frame cut by a crash) is cut off, and nothing
 * else ever is. RIT_IO when another process has it open. Name the writer by the epoch of its claim
 * (store/claim.h), so that an older incarnation of the run never shares its file. The fence is borrowed until
 * rit_journal_close.
 */
enum rit_status rit_journal_open(const struct rit_fence *fence, const char *writer,
                                 struct rit_journal **journal, struct rit_error *err);
/** Writes the packed result; durable only after the next rit_journal_sync. After RIT_IO it is not in the
 * file and may be appended again. */
enum rit_status rit_journal_append(struct rit_journal *journal, const void *packed, size_t size,
                                   struct rit_error *err);
/** Whether what is appended counts: the claim holds (rit_fence_check), and the file is where it was made. */
enum rit_status rit_journal_check(const struct rit_journal *journal, struct rit_error *err);
/**
 * rit_journal_check, then fdatasync: all results appended so far survive a power cut once it returns RIT_OK.
 * After RIT_IO nothing can be said of those since the last sync, and the journal takes no more.
 */
enum rit_status rit_journal_sync(struct rit_journal *journal, struct rit_error *err);
void rit_journal_close(struct rit_journal *journal);
/** Where the next frame begins. */
size_t rit_journal_size(const struct rit_journal *journal);

/** Bytes of a journal that are no frame any more. */
struct rit_damage {
    int file;
    size_t offset, length;
};

/** All results of a run folder, ascending by identity, each once. Owns everything. */
struct rit_results {
    int count;
    struct rit_stored *stored;
    int files;
    char **file; /* the paths */
    int damages;
    struct rit_damage *damage; /* in the order of files and offsets */
};

/**
 * Reads and verifies every journal of RUN/results. Torn tails are passed over and damages skipped: what is
 * good behind them counts, and rit_results_say says what is not. The same identity twice must have equal
 * content, else RIT_BAD_INPUT naming both places; but a failed point that was run again is outdone by its
 * result. RIT_BAD_INPUT, too, for a journal of another version of the program.
 */
enum rit_status rit_results_load(const char *run, struct rit_results *results, struct rit_error *err);
void rit_results_release(struct rit_results *results);
/** The result with this identity, or NULL. */
const struct rit_stored *rit_results_find(const struct rit_results *results, const struct rit_hash *identity);

/** One line for each damaged file: where, how often, and what becomes of it. */
void rit_results_say(const struct rit_results *results);

/**
 * Put damaged files out of the way: append what is good in them to `journal`, sync it, and only then move
 * them, unchanged, to RUN/results/damaged, where nobody reads them. The results then lie in file number
 * `own` of `results`, which is the journal's. They must be all results of the run of the fence.
 */
enum rit_status rit_results_mend(struct rit_results *results, const struct rit_fence *fence,
                                 struct rit_journal *journal, int own, struct rit_error *err);

/** The files of some results, open for reading. One thread at a time. */
struct rit_reading {
    int files;
    char *const *file; /* borrowed: the paths */
    int *fd;           /* [files] -1 where not open */
    int opened;
    struct rit_buffer bytes; /* the frame read last */
};

/** `files` as of struct rit_results, borrowed. */
void rit_reading_begin(struct rit_reading *reading, char *const *file, int files);
void rit_reading_end(struct rit_reading *reading);

/** The packed result, for rit_result_read or another journal, in memory of the reading until the next call.
 * RIT_BAD_INPUT if a byte has changed since it was loaded. */
enum rit_status rit_reading_packed(struct rit_reading *reading, const struct rit_stored *stored,
                                   struct rit_reader *packed, struct rit_error *err);
/** The result, which the caller releases; and, if not NULL, its rit_result_content. */
enum rit_status rit_reading_get(struct rit_reading *reading, const struct rit_stored *stored,
                                struct rit_result *result, struct rit_hash *content, struct rit_error *err);
/** The same for a single one. */
enum rit_status rit_results_get(const struct rit_results *results, const struct rit_stored *stored,
                                struct rit_result *result, struct rit_error *err);

#endif
