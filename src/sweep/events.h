/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * RUN/events.jsonl: what happens in a sweep, one JSON object a line, for other programs. The program itself
 * never reads it; it decides nothing, and where it cannot be written the sweep goes on without. Lines are
 * appended whole; one that a kill has cut is no JSON.
 *
 *     {"time": 1764115200.123, "event": "begin", "epoch": 1, "points": 72, "done": 0, "workers": 4}
 *     {"time": ..., "event": "give", "point": "8f3c...", "worker": 3}
 *     {"time": ..., "event": "result", "point": "8f3c...", "end": "learned", "tau": 41.2, "steps": 412,
 *      "seconds": 0.31, "host": "node7"}
 *     {"time": ..., "event": "lost", "worker": 3, "point": "8f3c..."}
 *     {"time": ..., "event": "end", "how": "complete", "done": 72, "failed": 0}
 */
#ifndef RITARDANDO_SWEEP_EVENTS_H
#define RITARDANDO_SWEEP_EVENTS_H

#include "store/results.h"

#include <stdbool.h>

struct rit_events {
    int fd;                  /* -1: not written */
    struct rit_buffer lines; /* not yet written */
};

/** What a file of events that is not open is. */
#define RIT_EVENTS_NONE ((struct rit_events){.fd = -1})

/** Open it in the folder held open as `folder`. Errors are said. */
void rit_events_open(struct rit_events *events, int folder);
void rit_events_close(struct rit_events *events);
/** Write what has come together. */
void rit_events_flush(struct rit_events *events);

void rit_events_begin(struct rit_events *events, int epoch, int points, int done, int workers);
void rit_events_give(struct rit_events *events, const struct rit_hash *point, int worker);
void rit_events_result(struct rit_events *events, const struct rit_result *result);
/** `point` may be NULL. */
void rit_events_lost(struct rit_events *events, int worker, const struct rit_hash *point);
void rit_events_end(struct rit_events *events, const char *how, int done, int failed);

#endif
