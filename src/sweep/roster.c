/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/roster.h"

#include <ritardando/run.h>

#include "sweep/blocks.h"
#include "train/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int rit_share_of(const struct rit_hash *trajectory, int shares)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | trajectory->byte[i];
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

/* The block of a point of the plan; a point that cannot be trained on it is refused, and named. */
static enum rit_status admit(const struct rit_config *config, int plan, const struct rit_point *point,
                             struct rit_blocks *blocks, const struct rit_known_block **known,
                             struct rit_error *err)
{
    enum rit_status status = rit_blocks_get(blocks, point, known, err);
    if (status == RIT_OK && rit_plan_is_first_seed(config, plan))
        status = rit_run_check(point, &(*known)->block, err);
    if (status == RIT_OK || config->axes == 0)
        return status;
    char label[256], what[RIT_ERROR_TEXT];
    rit_plan_label(config, plan, label, sizeof label);
    memcpy(what, err->text, sizeof what);
    return rit_fail(err, status, "%.3800s (at %s)", what, label);
}

static enum rit_status fill(const struct rit_config *config, int share, int shares, struct rit_blocks *blocks,
                            struct rit_roster *roster, struct rit_error *err)
{
    struct rit_point point;
    for (int i = 0; i < rit_plan_count(config); i++) {
        const struct rit_known_block *known;
        rit_plan_point(config, i, &point);
        RIT_TRY(admit(config, i, &point, blocks, &known, err));
        struct rit_hash trajectory = rit_point_trajectory(&point, &known->digest);
        if (rit_share_of(&trajectory, shares) != share)
            continue;
        int at = roster->count++;
        roster->plan[at] = i;
        roster->trajectory[at] = trajectory;
        roster->identity[at] = rit_point_identity(&point, &trajectory);
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
                                  .trajectory = malloc(room * sizeof *roster->trajectory),
                                  .price = malloc(room * sizeof *roster->price)};
    RIT_CHECK(roster->plan && roster->identity && roster->trajectory && roster->price);
    struct rit_blocks blocks = {0};
    enum rit_status status = fill(config, share, shares, &blocks, roster, err);
    rit_blocks_release(&blocks);
    if (status != RIT_OK)
        rit_roster_release(roster);
    return status;
}

struct rit_row rit_roster_row(const struct rit_config *config, int plan, const struct rit_stored *stored)
{
    _Static_assert((int)RIT_MAX_CHANGES <= (int)RIT_ROW_CHANGES, "a row has room for every change");
    struct rit_change change[RIT_MAX_CHANGES];
    struct rit_row row = {.point = &config->base, .stored = stored};
    row.changes = rit_plan_changes(config, plan, change);
    for (int c = 0; c < row.changes; c++) {
        row.change[c].param = change[c].param;
        row.change[c].value = change[c].value;
    }
    return row;
}

static int by_point(const void *a, const void *b)
{
    const struct rit_stored *const *x = a, *const *y = b;
    return memcmp(&(*x)->point, &(*y)->point, RIT_HASH_BYTES);
}

void rit_roster_recall(const struct rit_config *config, const struct rit_results *results,
                       struct rit_roster *roster)
{
    int n = rit_plan_count(config), known = results->count;
    *roster = (struct rit_roster){.count = n,
                                  .plan = malloc(((size_t)n + 1) * sizeof *roster->plan),
                                  .identity = calloc((size_t)n + 1, sizeof *roster->identity),
                                  .price = calloc((size_t)n + 1, sizeof *roster->price)};
    const struct rit_stored **sorted = malloc(((size_t)known + 1) * sizeof *sorted);
    RIT_CHECK(roster->plan && roster->identity && roster->price && sorted);
    for (int i = 0; i < known; i++)
        sorted[i] = &results->stored[i];
    qsort(sorted, (size_t)known, sizeof *sorted, by_point);
    struct rit_buffer text = {0};
    for (int i = 0; i < n; i++) {
        struct rit_point point;
        text.size = 0;
        rit_plan_point(config, i, &point);
        rit_point_print_identity(&point, RIT_WHOLE, &text);
        const struct rit_stored wanted = {.point = rit_hash_of(text.data, text.size)}, *key = &wanted;
        const struct rit_stored **found = bsearch(&key, sorted, (size_t)known, sizeof *sorted, by_point);
        roster->plan[i] = i;
        if (found)
            roster->identity[i] = (*found)->identity;
    }
    rit_buffer_release(&text);
    free(sorted);
}

void rit_roster_release(struct rit_roster *roster)
{
    free(roster->plan);
    free(roster->identity);
    free(roster->trajectory);
    free(roster->price);
    *roster = (struct rit_roster){0};
}
