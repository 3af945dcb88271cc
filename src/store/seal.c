/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/seal.h"

#include "base/hash.h"

#include <stdio.h>
#include <string.h>

static void print_seal(char *out, size_t room, const char *before, int version, const struct rit_hash *sum)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(sum, 2 * RIT_HASH_BYTES, hex);
    memset(out, 0, room);
    snprintf(out, room, "%sritardando phase-diagram %d\nsha256 %s\n", before, version, hex);
}

void rit_seal_trailer(char trailer[RIT_SEAL_TRAILER + 1], const struct rit_hash *sum)
{
    print_seal(trailer, RIT_SEAL_TRAILER + 1, "\n", 2, sum);
}

bool rit_seal_holds(const void *bytes, size_t *size, size_t *start)
{
    const char *file = bytes;
    if (*size > RIT_SEAL_TRAILER) {
        char trailer[RIT_SEAL_TRAILER + 1];
        size_t inner = *size - RIT_SEAL_TRAILER;
        struct rit_hash sum = rit_hash_of(file, inner);
        rit_seal_trailer(trailer, &sum);
        if (memcmp(trailer, file + inner, RIT_SEAL_TRAILER) == 0) {
            *size = inner;
            *start = 0;
            return true;
        }
    }
    if (*size > RIT_SEAL_BLOCK) {
        char block[RIT_SEAL_BLOCK];
        struct rit_hash sum = rit_hash_of(file + sizeof block, *size - sizeof block);
        print_seal(block, sizeof block, "", 1, &sum);
        if (memcmp(block, file, sizeof block) == 0) {
            *size -= sizeof block;
            *start = sizeof block;
            return true;
        }
    }
    return false;
}
