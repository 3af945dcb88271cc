/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/identity.h"

#include "base/pack.h"

struct rit_hash rit_point_trajectory(const struct rit_point *point, const struct rit_hash *block_digest)
{
    struct rit_buffer text = {0};
    char digest[RIT_HASH_HEX];
    rit_hash_hex(block_digest, RIT_HASH_HEX - 1, digest);
    rit_buffer_printf(&text, "numerics: %d\nblock: %s\n", RIT_NUMERICS_VERSION, digest);
    rit_point_print_identity(point, RIT_TRAJECTORY, &text);
    struct rit_hash trajectory = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return trajectory;
}

struct rit_hash rit_point_identity(const struct rit_point *point, const struct rit_hash *trajectory)
{
    struct rit_buffer text = {0};
    rit_point_print_identity(point, RIT_REQUEST, &text);
    struct rit_hash identity =
        rit_hash_of_two(trajectory->byte, sizeof trajectory->byte, text.data, text.size);
    rit_buffer_release(&text);
    return identity;
}
