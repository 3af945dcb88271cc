/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/identity.h"

#include <ritardando/cost.h>
#include <ritardando/limit.h>
#include <ritardando/model.h>
#include <ritardando/rule.h>

#include "base/pack.h"

static void print_revision(const struct rit_member *member, struct rit_buffer *text)
{
    if (member->revision > 0)
        rit_buffer_printf(text, "%s: revision %d\n", member->name, member->revision);
}

struct rit_hash rit_point_trajectory(const struct rit_point *point, const struct rit_hash *block_digest)
{
    struct rit_buffer text = {0};
    char digest[RIT_HASH_HEX];
    rit_hash_hex(block_digest, RIT_HASH_HEX - 1, digest);
    rit_buffer_printf(&text, "numerics: %d\nblock: %s\n", RIT_NUMERICS_VERSION, digest);
    print_revision(rit_member_chosen(rit_models, point, "model.name"), &text);
    if (!rit_limit_of(point)->survey) {
        print_revision(rit_member_chosen(rit_costs, point, "cost.name"), &text);
        print_revision(rit_member_chosen(rit_rules, point, "rule.name"), &text);
    }
    print_revision(rit_member_chosen(rit_limits, point, "limit.name"), &text);
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
