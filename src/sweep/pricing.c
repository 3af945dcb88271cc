/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/pricing.h"

#include "sweep/forecast.h"
#include "train/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double steps_of(const struct rit_point *point)
{
    return fmax(1, rit_schedule_steps(point));
}

double rit_pricing_step(const struct rit_point *point, double operations)
{
    return operations / steps_of(point);
}

void rit_pricing_pace(const struct rit_config *config, const struct rit_roster *roster,
                      const struct rit_stored *const *have, struct rit_pace *pace)
{
    for (int i = 0; i < roster->count; i++) {
        if (!have[i] || have[i]->end == RIT_END_FAILED)
            continue;
        struct rit_point point;
        rit_plan_point(config, roster->plan[i], &point);
        rit_pace_add(pace, &point, rit_pricing_step(&point, roster->price[i]), (double)have[i]->trained,
                     have[i]->seconds);
    }
    rit_pace_settle(pace);
}

/* 1 where nothing is measured. */
static double relative_pace(const struct rit_pace *pace, const struct rit_point *point, double work)
{
    double mean = rit_pace_mean(pace);
    return mean > 0 ? rit_pace_of(pace, point, work) / mean : 1;
}

void rit_pricing(const struct rit_config *config, const struct rit_roster *roster,
                 const struct rit_growth *growth, const struct rit_stored *const *have, double *price,
                 double *most)
{
    struct rit_pace pace = {0};
    struct rit_guess *guess = calloc((size_t)roster->count + 1, sizeof *guess);
    RIT_CHECK(guess);
    rit_pricing_pace(config, roster, have, &pace);
    rit_forecast(config, roster, have, guess);
    for (int i = 0; i < roster->count; i++) {
        struct rit_point point;
        rit_plan_point(config, roster->plan[i], &point);
        bool extends = growth->todo[i].work == RIT_WORK_EXTEND;
        double behind = extends ? (double)growth->todo[i].steps / steps_of(&point) : 0,
               work = rit_pricing_step(&point, roster->price[i]);
        double whole = roster->price[i] * relative_pace(&pace, &point, work);
        price[i] = whole * fmax(0, guess[i].share - behind);
        if (most)
            most[i] = whole * fmax(0, rit_guess_most(&guess[i], roster->count) - behind);
    }
    rit_pace_release(&pace);
    free(guess);
}

struct named {
    const struct rit_hash *identity;
    int index;
};

static int by_identity(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = memcmp(x->identity->byte, y->identity->byte, RIT_HASH_BYTES);
    return order ? order : x->index - y->index;
}

void rit_pricing_rank(const struct rit_roster *roster, int *rank)
{
    struct named *named = calloc((size_t)roster->count + 1, sizeof *named);
    RIT_CHECK(named);
    for (int i = 0; i < roster->count; i++)
        named[i] = (struct named){&roster->identity[i], i};
    qsort(named, (size_t)roster->count, sizeof *named, by_identity);
    for (int i = 0; i < roster->count; i++)
        rank[named[i].index] = i;
    free(named);
}
