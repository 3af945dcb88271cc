/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/events.h"

#include "base/call.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1 << 16 }; /* bytes that are written at once */

static const char name[] = "events.jsonl";

static void give_up(struct rit_events *events, const char *what)
{
    rit_say("%s: cannot %s: %s; the sweep goes on without it", name, what, strerror(errno));
    rit_events_close(events);
}

void rit_events_open(struct rit_events *events, int folder)
{
    *events = RIT_EVENTS_NONE;
    events->fd = rit_call_open(folder, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC);
    if (events->fd < 0)
        give_up(events, "open");
    else if (lseek(events->fd, 0, SEEK_END) > 0)
        rit_pack_bytes(&events->lines, "\n", 1); /* a kill may have cut the last line */
}

void rit_events_close(struct rit_events *events)
{
    if (events->fd >= 0)
        rit_call_close(events->fd);
    rit_buffer_release(&events->lines);
    *events = RIT_EVENTS_NONE;
}

void rit_events_flush(struct rit_events *events)
{
    size_t written = 0;
    while (events->fd >= 0 && written < events->lines.size) {
        ssize_t n = rit_call_write(events->fd, events->lines.data + written, events->lines.size - written);
        if (n < 0)
            give_up(events, "write");
        else
            written += (size_t)n;
    }
    events->lines.size = 0;
}

/* The beginning of a line; false if nobody will read it. */
static bool begin(struct rit_events *events, const char *event)
{
    struct timespec now;
    if (events->fd < 0)
        return false;
    clock_gettime(CLOCK_REALTIME, &now);
    rit_buffer_printf(&events->lines, "{\"time\": %lld.%03ld, \"event\": \"%s\"", (long long)now.tv_sec,
                      now.tv_nsec / 1000000, event);
    return true;
}

static void end(struct rit_events *events)
{
    rit_buffer_printf(&events->lines, "}\n");
    if (events->lines.size >= PIECE)
        rit_events_flush(events);
}

static void put_point(struct rit_events *events, const struct rit_hash *point)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(point, 2 * RIT_HASH_BYTES, hex);
    rit_buffer_printf(&events->lines, ", \"point\": \"%s\"", hex);
}

void rit_events_begin(struct rit_events *events, int epoch, int points, int done, int workers)
{
    if (!begin(events, "begin"))
        return;
    rit_buffer_printf(&events->lines, ", \"epoch\": %d, \"points\": %d, \"done\": %d, \"workers\": %d", epoch,
                      points, done, workers);
    end(events);
}

void rit_events_give(struct rit_events *events, const struct rit_hash *point, int worker)
{
    if (!begin(events, "give"))
        return;
    put_point(events, point);
    rit_buffer_printf(&events->lines, ", \"worker\": %d", worker + 1);
    end(events);
}

void rit_events_result(struct rit_events *events, const struct rit_result *result)
{
    if (!begin(events, "result"))
        return;
    put_point(events, &result->identity);
    rit_buffer_printf(&events->lines, ", \"end\": \"%s\", \"steps\": %llu, \"tau\": %.17g, \"seconds\": %.6g",
                      rit_end_name(result->outcome.end), (unsigned long long)result->outcome.steps,
                      isfinite(result->outcome.tau) ? result->outcome.tau : 0,
                      isfinite(result->provenance.seconds) ? result->provenance.seconds : 0);
    rit_buffer_printf(&events->lines, ", \"host\": \"%s\"", result->provenance.host);
    end(events);
}

void rit_events_lost(struct rit_events *events, int worker, const struct rit_hash *point)
{
    if (!begin(events, "lost"))
        return;
    rit_buffer_printf(&events->lines, ", \"worker\": %d", worker + 1);
    if (point)
        put_point(events, point);
    end(events);
}

void rit_events_end(struct rit_events *events, const char *how, int done, int failed)
{
    if (!begin(events, "end"))
        return;
    rit_buffer_printf(&events->lines, ", \"how\": \"%s\", \"done\": %d, \"failed\": %d", how, done, failed);
    end(events);
    rit_events_flush(events);
}
