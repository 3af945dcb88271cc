/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * SHA-256, the one hash of the project: identities of points, content of results and datasets, checksums of
 * everything that is read back, the data file's own sum. OpenSSL's, which uses the processor's instructions
 * for it: a run of 100 000 aging points has gigabytes to verify.
 */
#ifndef RITARDANDO_BASE_HASH_H
#define RITARDANDO_BASE_HASH_H

#include <stddef.h>

enum { RIT_HASH_BYTES = 32, RIT_HASH_HEX = 2 * RIT_HASH_BYTES + 1 };

struct rit_hash {
    unsigned char byte[RIT_HASH_BYTES];
};

struct rit_hash rit_hash_of(const void *data, size_t size);

/** Hash of the concatenation of two pieces: what a frame's header and body need. */
struct rit_hash rit_hash_of_two(const void *a, size_t a_size, const void *b, size_t b_size);

/** The hash of bytes that come one piece after the other: begin, add, ..., end. */
struct rit_hashing {
    void *state; /* owned until the end */
};
struct rit_hashing rit_hash_begin(void);
void rit_hash_add(struct rit_hashing *hashing, const void *data, size_t size);
struct rit_hash rit_hash_end(struct rit_hashing *hashing);

int rit_hash_equal(const struct rit_hash *a, const struct rit_hash *b);

/** Reads what rit_hash_hex writes of all digits; 0 if that is not what stands there. */
int rit_hash_parse(const char *hex, struct rit_hash *hash);

/** Lower-case hexadecimal, `digits` of the 64, with a closing zero. */
void rit_hash_hex(const struct rit_hash *hash, int digits, char *out);

#endif
