/* SPDX-License-Identifier: GPL-3.0-or-later */
/** One finished result: what it holds, as bytes, and the little of it that stays in memory. */
#ifndef RITARDANDO_STORE_RESULT_H
#define RITARDANDO_STORE_RESULT_H

#include <ritardando/outcome.h>
#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"

#include <stddef.h>
#include <stdint.h>

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
    struct rit_hash point;   /* of the text of its parameters */
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
 * SHA-256 of identity and outcome: what two runs of one point must agree in. Numbers of a library do not
 * count, and of a failed point only that it failed, since the reason may speak of a machine.
 */
struct rit_hash rit_result_content(const struct rit_result *result);
/** The same of a packed result that was read well; *library becomes whether it has numbers of a library, in
 * which two results of one hash may differ. */
struct rit_hash rit_result_packed_content(const struct rit_reader *packed, bool *library);

#endif
