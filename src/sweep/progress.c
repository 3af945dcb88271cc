/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/progress.h"

#include "base/process.h"
#include "base/terminal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Under mpirun our standard error is a pipe; mpirun, our parent, writes what comes through it to its own. */
static bool launcher_has_terminal(void)
{
    char path[64], target[256];
    if (!getenv("OMPI_COMM_WORLD_RANK"))
        return false;
    snprintf(path, sizeof path, "/proc/%ld/fd/2", (long)getppid());
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n < 0)
        return false;
    target[n] = 0;
    return strncmp(target, "/dev/pts/", 9) == 0 || strncmp(target, "/dev/tty", 8) == 0;
}

struct rit_progress rit_progress_begin(double now)
{
    return (struct rit_progress){.live = isatty(STDERR_FILENO) || launcher_has_terminal(), .began = now};
}

double rit_progress_interval(const struct rit_progress *progress, double log_interval)
{
    return progress->live ? 0.25 : log_interval;
}

void rit_progress_duration(double seconds, char *out, size_t size)
{
    long s = seconds < 1e9 ? lround(seconds) : 1000000000;
    if (s < 60)
        snprintf(out, size, "%ld s", s);
    else if (s < 600)
        snprintf(out, size, "%ld min %ld s", s / 60, s % 60);
    else if (s < 2 * 3600)
        snprintf(out, size, "%ld min", s / 60);
    else if (s < 48 * 3600)
        snprintf(out, size, "%ld h %ld min", s / 3600, s / 60 % 60);
    else
        snprintf(out, size, "%ld days %ld h", s / 86400, s / 3600 % 24);
}

void rit_progress_fine_duration(double seconds, char *out, size_t size)
{
    if (seconds < 10)
        snprintf(out, size, "%.2g s", seconds);
    else
        rit_progress_duration(seconds, out, size);
}

/*
 * By the work that is left, which is too little as long as the networks that learn and stop early come first;
 * and by the points that are left, which is too much as long as the large ones come first.
 */
static void time_left(const struct rit_tally *tally, double fresh, double seconds, char *out, size_t size)
{
    double work = seconds * tally->work_left / tally->work_done,
           points = fresh > 0 ? seconds * (tally->points - tally->done) / fresh : work;
    char least[32], most[32];
    rit_progress_duration(fmin(work, points), least, sizeof least);
    rit_progress_duration(fmax(work, points), most, sizeof most);
    if (fmax(work, points) > 1.25 * fmin(work, points))
        snprintf(out, size, "%s to %s", least, most);
    else
        snprintf(out, size, "about %s", most);
}

void rit_progress_text(const struct rit_tally *tally, double seconds, char *out, size_t size)
{
    size_t used = 0;
#define ADD(...)                                                                                             \
    do {                                                                                                     \
        int n = snprintf(out + used, size - used, __VA_ARGS__);                                              \
        used = n < 0 || used + (size_t)n >= size ? size - 1 : used + (size_t)n;                              \
    } while (0)
    ADD("%d/%d done", tally->done, tally->points);
    if (tally->failed > 0)
        ADD(", %d failed", tally->failed);
    ADD(", %d running", tally->running);
    if (tally->lost > 0)
        ADD(", %d lost", tally->lost);
    double fresh = tally->done - tally->kept, per_second = fresh / seconds;
    if (per_second >= 1)
        ADD(", %.1f/s", per_second);
    else if (per_second >= 1 / 60.)
        ADD(", %.1f/min", 60 * per_second);
    else if (fresh > 0)
        ADD(", %.1f/h", 3600 * per_second);
    if (tally->work_done > 0 && tally->done < tally->points) {
        char left[80];
        time_left(tally, fresh, seconds, left, sizeof left);
        ADD(", %s left", left);
    }
#undef ADD
}

static void wipe(struct rit_progress *progress)
{
    if (progress->drawn)
        fprintf(stderr, "\r\033[K");
    progress->drawn = false;
}

void rit_progress_show(struct rit_progress *progress, const struct rit_tally *tally, double now)
{
    enum { BAR = 10, COLUMNS = 79 };
    char text[COLUMNS - BAR - 2], bar[BAR + 1];
    int columns = progress->live ? rit_terminal_columns(STDERR_FILENO, COLUMNS + 1) - 1 : COLUMNS;
    size_t room = sizeof text;
    if (columns < COLUMNS) /* a line that wraps could not be wiped */
        room -= (size_t)(COLUMNS - columns);
    rit_progress_text(tally, fmax(now - progress->began, 1e-3), text, room);
    if (!progress->live) {
        rit_say("%s", text);
        return;
    }
    int full = tally->points ? (int)(BAR * (int64_t)tally->done / tally->points) : BAR;
    memset(bar, '-', BAR);
    memset(bar, '#', (size_t)full);
    bar[BAR] = 0;
    fprintf(stderr, "\r\033[K[%s] %s", bar, text);
    fflush(stderr);
    progress->drawn = true;
}

void rit_progress_say(struct rit_progress *progress, const char *format, ...)
{
    char line[8192];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    wipe(progress);
    rit_say("%s", line);
}
