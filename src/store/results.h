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

void rit_result_release(struct rit_result *result);
void rit_result_pack(const struct rit_result *result, struct rit_buffer *out);
/** Reads untrusted bytes. */
enum rit_status rit_result_read(struct rit_reader *in, struct rit_result *result, struct rit_error *err);

/**
 * SHA-256 of identity and outcome: what two runs of one point must agree in. Of a failed point only that it
 * failed counts, since the reason may speak of a machine.
 */
struct rit_hash rit_result_content(const struct rit_result *result);

struct rit_fence;
struct rit_journal; /* open for appending */

/**
 * Opens or creates RUN/results/WRITER.journal; a torn tail (a frame cut by a crash) is cut off. RIT_IO when
 * another process has it open. Name the writer by the epoch of its claim (store/claim.h), so that an older
 * incarnation of the run never shares its file. The fence is borrowed until rit_journal_close.
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

/** All results of a run folder, ascending by identity, each once. */
struct rit_results {
    int count;
    struct rit_result *result; /* owned */
};

/**
 * Reads every journal of RUN/results. A torn tail is passed over; damage elsewhere is RIT_BAD_INPUT naming
 * the file and offset. The same identity twice must have equal content, else RIT_BAD_INPUT naming both
 * places; but a failed point that was run again is outdone by its result.
 */
enum rit_status rit_results_load(const char *run, struct rit_results *results, struct rit_error *err);
void rit_results_release(struct rit_results *results);
/** The result with this identity, or NULL. */
const struct rit_result *rit_results_find(const struct rit_results *results, const struct rit_hash *identity);

#endif
