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

static enum rit_status fill(const struct rit_config *config, int first, int share, int shares,
                            struct rit_blocks *blocks, struct rit_roster *roster, struct rit_error *err)
{
    struct rit_point point;
    for (int i = first; i < rit_plan_count(config); i++) {
        const struct rit_known_block *known;
        if (rit_plan_is_dropped(config, i))
            continue;
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

static void make_room(const struct rit_config *config, struct rit_roster *roster)
{
    size_t room = (size_t)rit_plan_count(config) + 1;
    roster->plan = realloc(roster->plan, room * sizeof *roster->plan);
    roster->identity = realloc(roster->identity, room * sizeof *roster->identity);
    roster->trajectory = realloc(roster->trajectory, room * sizeof *roster->trajectory);
    roster->price = realloc(roster->price, room * sizeof *roster->price);
    RIT_CHECK(roster->plan && roster->identity && roster->trajectory && roster->price);
}

enum rit_status rit_roster_make(const struct rit_config *config, int share, int shares,
                                struct rit_roster *roster, struct rit_error *err)
{
    *roster = (struct rit_roster){0};
    if (shares > 1 && rit_plan_grows(config))
        return rit_fail(
            err, RIT_USAGE,
            "--share: refine decides the next points of a line by all of its results, which a share does "
            "not have; give each array task a config with lines of its own, and merge their runs");
    make_room(config, roster);
    struct rit_blocks blocks = {0};
    enum rit_status status = fill(config, 0, share, shares, &blocks, roster, err);
    rit_blocks_release(&blocks);
    if (status != RIT_OK)
        rit_roster_release(roster);
    return status;
}

enum rit_status rit_roster_extend(const struct rit_config *config, int first, struct rit_roster *roster,
                                  struct rit_error *err)
{
    struct rit_blocks blocks = {0};
    make_room(config, roster);
    enum rit_status status = fill(config, first, 0, 1, &blocks, roster, err);
    rit_blocks_release(&blocks);
    return status;
}

struct placed {
    const struct rit_config *config;
    int plan, index;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return rit_plan_compare(x->config, x->plan, y->plan);
}

int *rit_roster_rows(const struct rit_config *config, const struct rit_roster *roster, int *n)
{
    struct placed *placed = calloc((size_t)roster->count + 1, sizeof *placed);
    int *rows = calloc((size_t)roster->count + 1, sizeof *rows);
    RIT_CHECK(placed && rows);
    *n = 0;
    for (int p = 0; p < roster->count; p++)
        if (!rit_plan_is_dropped(config, roster->plan[p]))
            placed[(*n)++] = (struct placed){config, roster->plan[p], p};
    qsort(placed, (size_t)*n, sizeof *placed, by_place);
    for (int i = 0; i < *n; i++)
        rows[i] = placed[i].index;
    free(placed);
    return rows;
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
    roster->count = 0;
    for (int i = 0; i < n; i++) {
        struct rit_point point;
        if (rit_plan_is_dropped(config, i))
            continue;
        text.size = 0;
        rit_plan_point(config, i, &point);
        rit_point_print_identity(&point, RIT_WHOLE, &text);
        const struct rit_stored wanted = {.point = rit_hash_of(text.data, text.size)}, *key = &wanted;
        const struct rit_stored **found = bsearch(&key, sorted, (size_t)known, sizeof *sorted, by_point);
        if (found)
            roster->identity[roster->count] = (*found)->identity;
        roster->plan[roster->count++] = i;
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
