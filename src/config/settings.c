/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections `refine` and `run`, once declared: which points there are, and how to run them. Neither changes
 * the result of a point. */
#include "config/keys.h"

#include <stddef.h>
#include <string.h>

static const char *const keeps[] = {"none", "censored", "all", NULL};

static const char *const sides[] = {"above", "below", NULL};

const char *const rit_settings_sections[] = {"refine", "run", NULL};
const char *const rit_settings_about[] = {
    "Instead of an axis of the grid: values of one parameter are chosen from round to round, where they tell "
    "most "
    "of the border between what is learned and what is not. Nothing here changes the result of a point.",
    "How to run. Nothing here changes a result."};

const struct rit_param rit_settings[] = {
    {.key = "refine.by",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "the axis whose values, with their seeds and stop.tau, are chosen; empty: the grid is all"},
    {.key = "refine.from",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = -1e300,
     .high = 1e300,
     .unit = "1",
     .meaning = "the lowest value that may be chosen"},
    {.key = "refine.to",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = -1e300,
     .high = 1e300,
     .unit = "1",
     .meaning = "the highest"},
    {.key = "refine.learns",
     .kind = RIT_NAME,
     .fallback = "above",
     .choices = sides,
     .unit = "1",
     .meaning = "on which side of the border networks learn"},
    {.key = "refine.error",
     .kind = RIT_REAL,
     .fallback = "0.03",
     .low = 0.001,
     .high = 1,
     .unit = "1",
     .meaning = "enough, for each line and threshold: half the 68 % interval of the border over its value"},
    {.key = "refine.core-hours",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0,
     .high = 1e9,
     .unit = "h",
     .meaning = "enough, for all lines together, an equal share for each: hours of a core that does 1e10 "
                "operations a "
                "second; 0: no limit"},
    {.key = "run.checkpoint",
     .kind = RIT_REAL,
     .fallback = "300",
     .low = 0.01,
     .high = 1e6,
     .unit = "s",
     .meaning = "wall-clock interval between checkpoints of a point in training"},
    {.key = "run.dataset",
     .kind = RIT_REAL,
     .fallback = "60",
     .low = 0.01,
     .high = 1e6,
     .unit = "s",
     .meaning = "wall-clock interval between rewrites of phase-diagram.h5 while the sweep runs"},
    {.key = "run.report",
     .kind = RIT_REAL,
     .fallback = "30",
     .low = 0.01,
     .high = 1e6,
     .unit = "s",
     .meaning = "interval of the plain progress lines in a log file"},
    {.key = "run.lease",
     .kind = RIT_REAL,
     .fallback = "120",
     .low = 1,
     .high = 1e6,
     .unit = "s",
     .meaning = "silence after which a worker is taken for lost and its point is given to another"},
    {.key = "run.wall-time",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0,
     .high = 1e9,
     .unit = "s",
     .meaning = "the sweep stops in time to have ended then, with checkpoints; 0: no limit but Slurm's"},
    {.key = "run.keep",
     .kind = RIT_NAME,
     .fallback = "all",
     .choices = keeps,
     .unit = "1",
     .meaning = "whose end states are kept, in RUN/states: what is asked beyond them later (a longer "
                "stop.tau, lower "
                "thresholds) then trains only what is new"},
};
const int rit_settings_n = sizeof rit_settings / sizeof rit_settings[0];

#define REFINE(field) (offsetof(struct rit_config, refine) + offsetof(struct rit_refine_settings, field))
#define RUN(field)    (offsetof(struct rit_config, run) + offsetof(struct rit_run_settings, field))

static const size_t places[] = {
    REFINE(by),
    REFINE(from),
    REFINE(to),
    REFINE(learns),
    REFINE(error),
    REFINE(core_hours),
    RUN(checkpoint_seconds),
    RUN(dataset_seconds),
    RUN(report_seconds),
    RUN(lease_seconds),
    RUN(walltime_seconds),
    RUN(keep),
};
_Static_assert(sizeof places / sizeof places[0] == sizeof rit_settings / sizeof rit_settings[0],
               "one place for each setting");

int rit_setting_find(const char *key)
{
    int i = 0;
    while (i < rit_settings_n && strcmp(rit_settings[i].key, key) != 0)
        i++;
    return i < rit_settings_n ? i : -1;
}

void rit_setting_put(struct rit_config *config, int i, const union rit_value *value)
{
    void *place = (char *)config + places[i];
    if (rit_settings[i].kind == RIT_REAL)
        memcpy(place, &value->x, sizeof value->x);
    else
        memcpy(place, &value->name, sizeof value->name);
}

union rit_value rit_setting_get(const struct rit_config *config, int i)
{
    const void *place = (const char *)config + places[i];
    union rit_value value = {.x = 0.0};
    if (rit_settings[i].kind == RIT_REAL)
        memcpy(&value.x, place, sizeof value.x);
    else
        memcpy(&value.name, place, sizeof value.name);
    return value;
}
