/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/walltime.h"

#include "base/process.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const double farthest =
    20 * 365.25 * 86400; /* seconds; Slurm writes "no limit" as a time in 2106, too */

/* What is between white space at both ends. */
static void trim(const char *text, char *out, size_t size)
{
    text += strspn(text, " \t\r\n");
    size_t n = strcspn(text, "\r\n");
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    snprintf(out, size, "%.*s", (int)n, text);
}

static bool is_word_for_none(const char *word)
{
    static const char *const none[] = {"", "0", "UNLIMITED", "INFINITE", "NONE", "N/A", "Unknown", "NOT_SET"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strcasecmp(word, none[i]) == 0)
            return true;
    return false;
}

bool rit_walltime_read(const char *text, double *moment)
{
    char word[64];
    trim(text, word, sizeof word);
    *moment = INFINITY;
    if (is_word_for_none(word))
        return true;
    if (strspn(word, "0123456789") == strlen(word)) {
        *moment = strtod(word, NULL);
        return true;
    }
    struct tm local = {.tm_isdst = -1};
    int end = 0;
    if (sscanf(word, "%4d-%2d-%2dT%2d:%2d:%2d%n", &local.tm_year, &local.tm_mon, &local.tm_mday,
               &local.tm_hour, &local.tm_min, &local.tm_sec, &end) != 6 ||
        word[end])
        return false;
    local.tm_year -= 1900;
    local.tm_mon -= 1;
    time_t at = mktime(&local);
    if (at == (time_t)-1)
        return false;
    *moment = (double)at;
    return true;
}

bool rit_walltime_job(const char *id, char job[32])
{
    size_t n = strspn(id, "0123456789"), rest = 0;
    if (n > 0 && (id[n] == '_' || id[n] == '+'))
        rest = strspn(id + n + 1, "0123456789");
    size_t whole = rest > 0 ? n + 1 + rest : n;
    if (n == 0 || whole >= 32 || (id[whole] && id[whole] != '.'))
        return false;
    snprintf(job, 32, "%.*s", (int)whole, id);
    return true;
}

/* squeue on this job's end, asked so that no setting of the user's changes its answer; "" if it has none. */
static void ask_squeue(const char *job, char *answer, size_t size)
{
    char command[256], line[256] = "";
    snprintf(command, sizeof command,
             "unset $(env | sed -n 's/^\\(SQUEUE_[A-Z0-9_]*\\)=.*/\\1/p'); "
             "SLURM_TIME_FORMAT=standard timeout 20 squeue -h -j %s -o %%e 2>/dev/null",
             job);
    FILE *pipe = popen(command, "r");
    if (pipe && !fgets(line, sizeof line, pipe))
        line[0] = 0;
    if (pipe)
        pclose(pipe);
    trim(line, answer, size);
}

enum verdict { HOLDS, HOLDS_NOT };

/* Seconds from now to this moment; INFINITY, with a line if it is no limit of a living job. */
static enum verdict judge(const char *who, const char *text, double now, double *left)
{
    double moment;
    *left = INFINITY;
    if (!rit_walltime_read(text, &moment)) {
        rit_say("%s is '%s', which is no time that is understood here", who, text);
        return HOLDS_NOT;
    }
    if (moment == INFINITY || moment > now + farthest)
        return HOLDS;
    if (moment <= now) {
        rit_say("%s is over since %.0f s: this limit is not of this sweep and is not counted", who,
                now - moment);
        return HOLDS_NOT;
    }
    *left = moment - now;
    return HOLDS;
}

static double slurm_seconds(double now)
{
    const char *end = getenv("SLURM_JOB_END_TIME"), *id = getenv("SLURM_JOB_ID");
    char job[32], answer[64];
    double left;
    if (end && *end && judge("SLURM_JOB_END_TIME", end, now, &left) == HOLDS)
        return left;
    if (!id || !*id)
        return INFINITY;
    if (!rit_walltime_job(id, job)) {
        rit_say("SLURM_JOB_ID is '%s', which names no job: no time limit of Slurm's is known", id);
        return INFINITY;
    }
    ask_squeue(job, answer, sizeof answer);
    judge("the end of the job by squeue", answer, now, &left);
    return left;
}

struct rit_walltime rit_walltime_unlimited(void)
{
    return (struct rit_walltime){.began = rit_seconds(), .limit = INFINITY};
}

struct rit_walltime rit_walltime_begin(void)
{
    struct rit_walltime walltime = rit_walltime_unlimited();
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    walltime.limit = walltime.began + slurm_seconds((double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
    return walltime;
}
