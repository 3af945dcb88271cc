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
};
const int rit_settings_n = sizeof rit_settings / sizeof rit_settings[0];

static const size_t places[] = {
    offsetof(struct rit_run_settings, checkpoint_seconds),
    offsetof(struct rit_run_settings, dataset_seconds),
    offsetof(struct rit_run_settings, report_seconds),
};
_Static_assert(sizeof places / sizeof places[0] == sizeof rit_settings / sizeof rit_settings[0],
               "one place for each setting");

double *rit_setting(struct rit_run_settings *run, int i)
{
    return (double *)((char *)run + places[i]);
}
