/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What concerns the process as a whole: its log, its clock and the request to stop. */
#ifndef RITARDANDO_BASE_PROCESS_H
#define RITARDANDO_BASE_PROCESS_H

/**
 * To be called first of all. Whoever started the program may have closed standard input, output or error:
 * something that fails is opened in their place, so that no file of ours gets their numbers, and what is
 * printed does not end up in it. Whatever the umask hides from others, the owner may read what he makes. A
 * limit to the size of files makes writes fail instead of killing.
 */
void rit_process_begin(void);

/** Seconds on a clock that only goes forward. Never part of a result. */
double rit_seconds(void);

/** One line on standard error, with "ritardando: " before it. */
void rit_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum rit_stop {
    RIT_GO = 0,
    RIT_STOP = 1, /* write checkpoints and leave with RIT_STOPPED */
};

/** From now on SIGUSR1, SIGTERM and SIGINT ask to stop instead of killing; SIGPIPE is ignored. */
void rit_stop_on_signals(void);

/** Whether somebody asked. Async-signal-safe to set, cheap to read: look at it at every training step. */
enum rit_stop rit_stop_asked(void);

void rit_stop_ask(void);

/** For tests that continue in the same process. */
void rit_stop_forget(void);

#endif
