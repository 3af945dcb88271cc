/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Whether a call ends in RIT_CHECK's abort: it is made in a child process, whose words are dropped. */
#ifndef RITARDANDO_TESTS_DIES_H
#define RITARDANDO_TESTS_DIES_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool rit_test_dies(void (*call)(void))
{
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        signal(SIGABRT, SIG_DFL); /* cmocka would report it */
        call();
        _exit(0);
    }
    int ended = 0;
    return child > 0 && waitpid(child, &ended, 0) == child && WIFSIGNALED(ended) &&
           WTERMSIG(ended) == SIGABRT;
}

#endif
