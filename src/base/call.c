/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum {
    INTERRUPTIONS = 10000, /* after so many in a row it is no signal that interrupts */
    RETRIES = 100,         /* of what should be tried again, 10 ms apart */
};

/* Whether a call that has failed for the tries-th time is to be tried again. */
static bool once_more(int tries)
{
    if (errno == EINTR)
        return tries < INTERRUPTIONS;
    if (errno != EAGAIN || tries >= RETRIES)
        return false;
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    return true;
}

#define RETURN_WHEN_DONE(type, call)                                                                         \
    for (int tries = 1;; tries++) {                                                                          \
        type done = (call);                                                                                  \
        if (done >= 0 || !once_more(tries))                                                                  \
            return done;                                                                                     \
    }

int rit_call_open(int at, const char *name,
                  int flags){RETURN_WHEN_DONE(int, openat(at, name, flags | O_CLOEXEC, 0666))}

ssize_t rit_call_read(int fd, void *data, size_t size){RETURN_WHEN_DONE(ssize_t, read(fd, data, size))}

ssize_t rit_call_pread(int fd, void *data, size_t size,
                       off_t offset){RETURN_WHEN_DONE(ssize_t, pread(fd, data, size, offset))}

ssize_t rit_call_write(int fd, const void *data, size_t size)
{
    RETURN_WHEN_DONE(ssize_t, write(fd, data, size))
}

int rit_call_fsync(int fd)
{
    RETURN_WHEN_DONE(int, fsync(fd))
}

int rit_call_fdatasync(int fd)
{
    RETURN_WHEN_DONE(int, fdatasync(fd))
}

int rit_call_ftruncate(int fd, off_t size)
{
    RETURN_WHEN_DONE(int, ftruncate(fd, size))
}

int rit_call_close(int fd)
{
    return close(fd) == 0 || errno == EINTR ? 0 : -1;
}

int rit_call_stat(int at, const char *name, struct stat *about)
{
    RETURN_WHEN_DONE(int, fstatat(at, name, about, 0))
}

int rit_call_mkdir(int at, const char *name)
{
    RETURN_WHEN_DONE(int, mkdirat(at, name, 0777))
}

int rit_call_rename(int at, const char *from, const char *to)
{
    RETURN_WHEN_DONE(int, renameat(at, from, at, to))
}

int rit_call_unlink(int at, const char *name)
{
    RETURN_WHEN_DONE(int, unlinkat(at, name, 0))
}

int rit_call_lock(int fd, bool wait)
{
    int failed, tries = 0;
    do
        failed = flock(fd, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    while (failed && errno == EINTR && ++tries < INTERRUPTIONS);
    return failed;
}
