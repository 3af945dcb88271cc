/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Finished results on disk: RUN/results/WRITER.journal, append-only, one writer per file. A frame is magic,
 * length, SHA-256 and a packed result (store/frame.h); nothing is parsed before its checksum is verified.
 */
#ifndef RITARDANDO_STORE_RESULTS_H
#define RITARDANDO_STORE_RESULTS_H

#include <ritardando/outcome.h>
#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"

#include <stdbool.h>

/** Where and how a result was made: kept for people, no part of any content hash. */
struct rit_provenance {
    char host[64];
    char program[96]; /* version, git revision */
    char kernel[32];  /* instruction set that ran */
    double seconds;   /* of training, over all incarnations */
    uint64_t trained; /* steps made for it: those beyond the stored state it went on from */
};

struct rit_result {
    struct rit_hash identity;
    struct rit_hash trajectory; /* what decides the weights: equal in results of one training that were asked
                                   different things (train/identity.h) */
    char *point;                /* rit_point_print_identity's text: what was trained. Owned. */
    struct rit_outcome outcome;
    struct rit_provenance provenance;
};

/**
 * Where a stored result lies, and the little of it that is kept in memory: outcomes may be gigabytes, and
 * are read when they are needed.
 */
struct rit_stored {
    struct rit_hash identity, trajectory;
    struct rit_hash point; /* of the text of its parameters */
    uint64_t steps, trained; /* trained: as in rit_provenance, and so are seconds */
    double tau, seconds;
    size_t offset, length; /* of its frame */
    int file;
    enum rit_end end;
};

void rit_result_release(struct rit_result *result);
void rit_result_pack(const struct rit_result *result, struct rit_buffer *out);
/** Reads untrusted bytes: RIT_BAD_INPUT, with nothing to release, if they are not what pack would write. */
enum rit_status rit_result_read(struct rit_reader *in, struct rit_result *result, struct rit_error *err);

/** Reads untrusted bytes as far as struct rit_stored needs them; file, offset and length are left alone. */
enum rit_status rit_result_glance(struct rit_reader *in, struct rit_stored *stored, struct rit_error *err);

/**
 * SHA-256 of identity and outcome: what two runs of one point must agree in. Of a failed point only that it
 * failed counts, since the reason may speak of a machine.
 */
struct rit_hash rit_result_content(const struct rit_result *result);
/** The same of a packed result that was read well. */
struct rit_hash rit_result_packed_content(const struct rit_reader *packed);

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
