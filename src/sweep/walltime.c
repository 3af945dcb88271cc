/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/walltime.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double rit_walltime_until(const char *end, long now)
{
    struct tm local = {.tm_isdst = -1};
    if (sscanf(end, "%d-%d-%dT%d:%d:%d", &local.tm_year, &local.tm_mon, &local.tm_mday, &local.tm_hour,
               &local.tm_min, &local.tm_sec) != 6)
        return INFINITY; /* "NONE", "N/A" */
    local.tm_year -= 1900;
    local.tm_mon -= 1;
    time_t at = mktime(&local);
    return at == (time_t)-1 ? INFINITY : (double)(at - now);
}

static double ask_squeue(const char *job)
{
    char command[128], line[64] = "";
    for (const char *c = job; *c; c++)
        if (!isdigit((unsigned char)*c))
            return INFINITY;
    snprintf(command, sizeof command, "timeout 20 squeue -h -j %.32s -o %%e 2>/dev/null", job);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return INFINITY;
    if (!fgets(line, sizeof line, pipe))
        line[0] = 0;
    pclose(pipe);
    return rit_walltime_until(line, (long)time(NULL));
}

double rit_walltime_left(void)
{
    const char *end = getenv("SLURM_JOB_END_TIME"), *job = getenv("SLURM_JOB_ID");
    if (end && *end) {
        char *rest;
        long long at = strtoll(end, &rest, 10);
        if (*rest == 0 && at > 0)
            return (double)(at - (long long)time(NULL));
    }
    return job && *job ? ask_squeue(job) : INFINITY;
}
