/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <ritardando/status.h>

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

struct rit_hash rit_hash_of(const void *data, size_t size)
{
    return rit_hash_of_two(data, size, NULL, 0);
}

struct rit_hash rit_hash_of_two(const void *a, size_t a_size, const void *b, size_t b_size)
{
    struct rit_hashing hashing = rit_hash_begin();
    rit_hash_add(&hashing, a, a_size);
    rit_hash_add(&hashing, b, b_size);
    return rit_hash_end(&hashing);
}

struct rit_hashing rit_hash_begin(void)
{
    struct rit_hashing hashing = {.state = EVP_MD_CTX_new()};
    RIT_CHECK(hashing.state && EVP_DigestInit_ex(hashing.state, EVP_sha256(), NULL));
    return hashing;
}

void rit_hash_add(struct rit_hashing *hashing, const void *data, size_t size)
{
    RIT_CHECK(EVP_DigestUpdate(hashing->state, data, size));
}

struct rit_hash rit_hash_end(struct rit_hashing *hashing)
{
    struct rit_hash hash;
    RIT_CHECK(EVP_DigestFinal_ex(hashing->state, hash.byte, NULL));
    EVP_MD_CTX_free(hashing->state);
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

int rit_hash_parse(const char *hex, struct rit_hash *hash)
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != 2 * RIT_HASH_BYTES || strspn(hex, digits) != 2 * RIT_HASH_BYTES)
        return 0;
    for (int i = 0; i < RIT_HASH_BYTES; i++)
        hash->byte[i] = (unsigned char)((strchr(digits, hex[2 * i]) - digits) * 16 +
                                        (strchr(digits, hex[2 * i + 1]) - digits));
    return 1;
}
