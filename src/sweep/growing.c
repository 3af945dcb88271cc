/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/growing.h"

#include "sweep/pricing.h"
#include "sweep/together.h"

#include <stdlib.h>
#include <string.h>

static bool tell(struct rit_conductor *c, int p, const struct rit_outcome *outcome)
{
    struct rit_point point;
    int index = c->roster.plan[p];
    rit_plan_point(&c->config, index, &point);
    double operations = outcome ? (double)outcome->steps * rit_pricing_step(&point, c->roster.price[p]) : 0;
    bool failed = outcome && outcome->end == RIT_END_FAILED;
    return rit_refinement_tell(c->refinement, index, failed ? NULL : outcome, operations);
}

/* The result of the shorter run that a new point goes on from, if there is one. */
static const struct rit_stored *shorter_of(const struct rit_conductor *c, int index)
{
    int shorter = rit_refinement_shorter(c->refinement, index);
    for (int p = c->roster.count - 1; shorter >= 0 && p >= 0; p--)
        if (c->roster.plan[p] == shorter)
            return c->archive.have[p];
    return NULL;
}

/* The plan has grown: so do the roster and what goes along with it. */
static enum rit_status enrol(struct rit_conductor *c, struct rit_error *err)
{
    int first = c->roster.count, count = rit_plan_count(&c->config);
    int from_plan = first > 0 ? c->roster.plan[first - 1] + 1 : 0;
    const struct rit_stored **from = calloc((size_t)(count - from_plan) + 1, sizeof *from);
    RIT_CHECK(from);
    for (int i = from_plan; i < count; i++)
        from[i - from_plan] = shorter_of(c, i);
    enum rit_status status = rit_roster_extend(&c->config, from_plan, &c->roster, err);
    if (status == RIT_OK) {
        RIT_CHECK(c->roster.count - first == count - from_plan);
        rit_archive_extend(&c->archive, first, from);
        c->doubt = realloc(c->doubt, ((size_t)c->roster.count + 1) * sizeof *c->doubt);
        RIT_CHECK(c->doubt);
        memset(c->doubt + first, 0, (size_t)(c->roster.count - first) * sizeof *c->doubt);
    }
    free(from);
    return status;
}

/* Results that were stored before. */
static enum rit_status tell_stored(struct rit_conductor *c, int first, struct rit_error *err)
{
    for (int p = first; p < c->roster.count; p++) {
        struct rit_result result;
        if (!c->archive.have[p])
            continue;
        RIT_TRY(rit_archive_read(&c->archive, p, &result, err));
        tell(c, p, &result.outcome);
        rit_result_release(&result);
    }
    return RIT_OK;
}

/* As far as stored results go. */
static enum rit_status grow(struct rit_conductor *c, int first, struct rit_error *err)
{
    RIT_TRY(tell_stored(c, first, err));
    while (rit_refinement_grow(c->refinement) > 0) {
        first = c->roster.count;
        RIT_TRY(enrol(c, err));
        RIT_TRY(tell_stored(c, first, err));
    }
    return RIT_OK;
}

enum rit_status rit_growing_begin(struct rit_conductor *c, struct rit_error *err)
{
    if (!rit_plan_grows(&c->config))
        return RIT_OK;
    c->refinement = rit_refinement_new(&c->config);
    return grow(c, 0, err);
}

/* The master gets the new points, at the price of all their way: the next look at prices knows better. */
static void hand_over(struct rit_conductor *c, int first)
{
    int n = c->roster.count - first;
    c->price = realloc(c->price, ((size_t)c->roster.count + 1) * sizeof *c->price);
    c->most = realloc(c->most, ((size_t)c->roster.count + 1) * sizeof *c->most);
    RIT_CHECK(c->price && c->most);
    memcpy(c->price + first, c->roster.price + first, (size_t)n * sizeof *c->price);
    rit_tail_grow(&c->tail, c->roster.count);
    rit_master_add(c->master, n, c->price + first);
    for (int p = first; p < c->roster.count; p++)
        if (c->archive.have[p])
            rit_master_keep(c->master, p);
    rit_together_look(c, first);
}

void rit_growing_hear(struct rit_conductor *c, int point, const struct rit_outcome *outcome)
{
    struct rit_error err = {.status = RIT_OK};
    int first = c->roster.count;
    if (!c->refinement)
        return;
    if (!tell(c, point, outcome))
        rit_fail(&err, RIT_STOPPED,
                 "a point that is recorded as failed has come out well, and the plan had gone on without it: "
                 "the same command continues by what is there now");
    if (err.status != RIT_OK || grow(c, first, &err) != RIT_OK) {
        rit_desk_give_up(c, &err);
        return;
    }
    if (c->roster.count > first)
        hand_over(c, first);
    rit_master_expect(c->master, !rit_refinement_is_over(c->refinement));
}
