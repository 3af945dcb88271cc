/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Section `run`: how to run, once declared. Nothing here changes a result. */
#include "config/keys.h"

#include <stddef.h>
#include <string.h>

static const char *const keeps[] = {"none", "censored", "all", NULL};

const struct rit_param rit_settings[] = {
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

static const size_t places[] = {
    offsetof(struct rit_run_settings, checkpoint_seconds), offsetof(struct rit_run_settings, dataset_seconds),
    offsetof(struct rit_run_settings, report_seconds),     offsetof(struct rit_run_settings, lease_seconds),
    offsetof(struct rit_run_settings, walltime_seconds),   offsetof(struct rit_run_settings, keep),
};
_Static_assert(sizeof places / sizeof places[0] == sizeof rit_settings / sizeof rit_settings[0],
               "one place for each setting");

void rit_setting_put(struct rit_run_settings *run, int i, const union rit_value *value)
{
    void *place = (char *)run + places[i];
    if (rit_settings[i].kind == RIT_REAL)
        memcpy(place, &value->x, sizeof value->x);
    else
        memcpy(place, &value->name, sizeof value->name);
}

union rit_value rit_setting_get(const struct rit_run_settings *run, int i)
{
    const void *place = (const char *)run + places[i];
    union rit_value value = {.x = 0.0};
    if (rit_settings[i].kind == RIT_REAL)
        memcpy(&value.x, place, sizeof value.x);
    else
        memcpy(&value.name, place, sizeof value.name);
    return value;
}
