/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Calls to the system that go on where a signal interrupted them, or where a network file system asked to try
 * again: with EINTR or EAGAIN nothing has happened yet. Each returns and sets errno as the call it is named
 * for. A name is looked up in the open folder `at`, which may be AT_FDCWD.
 */
#ifndef RITARDANDO_BASE_CALL_H
#define RITARDANDO_BASE_CALL_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/** With O_CLOEXEC; what is made may be read and written by all whom the umask lets. */
int rit_call_open(int at, const char *name, int flags);
ssize_t rit_call_read(int fd, void *data, size_t size);
ssize_t rit_call_pread(int fd, void *data, size_t size, off_t offset);
ssize_t rit_call_write(int fd, const void *data, size_t size);
int rit_call_fsync(int fd);
int rit_call_fdatasync(int fd);
int rit_call_ftruncate(int fd, off_t size);
/** Interrupted, it has closed the descriptor all the same (Linux): no failure. */
int rit_call_close(int fd);
int rit_call_stat(int at, const char *name, struct stat *about);
int rit_call_mkdir(int at, const char *name);
int rit_call_rename(int at, const char *from, const char *to);
int rit_call_unlink(int at, const char *name);
/** flock for this process alone. Without `wait`, EWOULDBLOCK, and only that, says that another holds it. */
int rit_call_lock(int fd, bool wait);

#endif
