/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop_flag = RIT_GO;

void rit_process_begin(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            open("/", O_RDONLY); /* where there is no /dev/null: nothing can be read from it or written */
    umask(umask(0) & ~(mode_t)S_IRWXU);
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit of a file's size fails, and is said */
}

double rit_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now); /* a job's limit comes nearer also while the machine sleeps */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void rit_say(const char *format, ...)
{
    char line[8192];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "ritardando: %s\n", line); /* one call: lines of several ranks do not mix */
}

static void on_signal(int number)
{
    (void)number;
    stop_flag = RIT_STOP;
}

void rit_stop_on_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART; /* whoever asks to stop shall not make a write fail */
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

enum rit_stop rit_stop_asked(void)
{
    return (enum rit_stop)stop_flag;
}

void rit_stop_ask(void)
{
    stop_flag = RIT_STOP;
}

void rit_stop_forget(void)
{
    stop_flag = RIT_GO;
}
