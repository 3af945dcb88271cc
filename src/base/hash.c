/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <ritardando/status.h>

#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct rit_hash rit_hash_of(const void *data, size_t size)
{
    return rit_hash_of_two(data, size, NULL, 0);
}

struct rit_hash rit_hash_of_two(const void *a, size_t a_size, const void *b, size_t b_size)
{
    struct rit_hash hash;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, a, a_size);
    if (b_size > 0)
        crypto_hash_sha256_update(&state, b, b_size);
    crypto_hash_sha256_final(&state, hash.byte);
    return hash;
}

int rit_hash_equal(const struct rit_hash *a, const struct rit_hash *b)
{
    return memcmp(a->byte, b->byte, RIT_HASH_BYTES) == 0;
}

void rit_hash_hex(const struct rit_hash *hash, int digits, char *out)
{
    RIT_CHECK(0 <= digits && digits <= 2 * RIT_HASH_BYTES);
    for (int i = 0; i < digits; i++) {
        unsigned nibble = i % 2 ? hash->byte[i / 2] & 15u : hash->byte[i / 2] >> 4;
        out[i] = "0123456789abcdef"[nibble];
    }
    out[digits] = 0;
}
