/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Section `run`: how to run, once declared. Nothing here changes a result. */
#include "config/keys.h"

#include <stddef.h>

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
};
const int rit_settings_n = sizeof rit_settings / sizeof rit_settings[0];

static const size_t places[] = {
    offsetof(struct rit_run_settings, checkpoint_seconds), offsetof(struct rit_run_settings, dataset_seconds),
    offsetof(struct rit_run_settings, report_seconds),     offsetof(struct rit_run_settings, lease_seconds),
    offsetof(struct rit_run_settings, walltime_seconds),
};
_Static_assert(sizeof places / sizeof places[0] == sizeof rit_settings / sizeof rit_settings[0],
               "one place for each setting");

double *rit_setting(struct rit_run_settings *run, int i)
{
    return (double *)((char *)run + places[i]);
}
