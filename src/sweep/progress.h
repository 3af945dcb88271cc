/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How a sweep stands, for people: one live line on a terminal, plain lines in a log. */
#ifndef RITARDANDO_SWEEP_PROGRESS_H
#define RITARDANDO_SWEEP_PROGRESS_H

#include "sweep/master.h"

#include <stddef.h>

struct rit_progress {
    bool live;  /* a terminal will show it */
    bool drawn; /* a live line stands there */
    double began;
};

/** Looks whether standard error ends on a terminal, be it through mpirun. */
struct rit_progress rit_progress_begin(double now);

/** Seconds between two calls of rit_progress_show. */
double rit_progress_interval(const struct rit_progress *progress, double log_interval);

void rit_progress_show(struct rit_progress *progress, const struct rit_tally *tally, double now);

/** One line of its own; a live line makes room for it. */
void rit_progress_say(struct rit_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** "41/96 done, 2 failed, 8 running, 12.3/min, about 4 min left", as of `seconds` after the start. */
void rit_progress_text(const struct rit_tally *tally, double seconds, char *out, size_t size);

/** "3 min 12 s" */
void rit_progress_duration(double seconds, char *out, size_t size);
/** The same, and "0.43 s". */
void rit_progress_fine_duration(double seconds, char *out, size_t size);

#endif
