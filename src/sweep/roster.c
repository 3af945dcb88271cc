/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/roster.h"

#include <ritardando/run.h>

#include "sweep/blocks.h"
#include "train/identity.h"

#include <stdio.h>
#include <stdlib.h>

int rit_share_of(const struct rit_hash *identity, int shares)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | identity->byte[i];
    return (int)(number % (uint64_t)shares);
}

bool rit_share_parse(const char *text, int *share, int *shares, struct rit_error *err)
{
    int end = 0;
    if (sscanf(text, "%d/%d%n", share, shares, &end) == 2 && text[end] == 0 && *share >= 0 &&
        *share < *shares)
        return true;
    rit_fail(err, RIT_USAGE, "--share: '%s' is not I/N with 0 <= I < N", text);
    return false;
}

static enum rit_status fill(const struct rit_config *config, int share, int shares, struct rit_blocks *blocks,
                            struct rit_roster *roster, struct rit_error *err)
{
    struct rit_point point;
    for (int i = 0; i < rit_plan_count(config); i++) {
        const struct rit_known_block *known;
        rit_plan_point(config, i, &point);
        RIT_TRY(rit_blocks_get(blocks, &point, &known, err));
        struct rit_hash identity = rit_point_identity(&point, &known->digest);
        if (rit_share_of(&identity, shares) != share)
            continue;
        int at = roster->count++;
        roster->plan[at] = i;
        roster->identity[at] = identity;
        roster->price[at] = rit_run_price(&point, &known->block);
    }
    return RIT_OK;
}

enum rit_status rit_roster_make(const struct rit_config *config, int share, int shares,
                                struct rit_roster *roster, struct rit_error *err)
{
    size_t room = (size_t)rit_plan_count(config) + 1;
    *roster = (struct rit_roster){.plan = malloc(room * sizeof *roster->plan),
                                  .identity = malloc(room * sizeof *roster->identity),
                                  .price = malloc(room * sizeof *roster->price)};
    RIT_CHECK(roster->plan && roster->identity && roster->price);
    struct rit_blocks blocks = {0};
    enum rit_status status = fill(config, share, shares, &blocks, roster, err);
    rit_blocks_release(&blocks);
    if (status != RIT_OK)
        rit_roster_release(roster);
    return status;
}

void rit_roster_release(struct rit_roster *roster)
{
    free(roster->plan);
    free(roster->identity);
    free(roster->price);
    *roster = (struct rit_roster){0};
}
