/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The journals of earlier starts, whose results a sweep counts as done: are they still on disk? */
#ifndef RITARDANDO_STORE_WATCH_H
#define RITARDANDO_STORE_WATCH_H

#include "store/fence.h"

#include <sys/types.h>

struct rit_watched {
    int number; /* of the journal */
    dev_t device;
    ino_t inode;
    off_t size;
};

struct rit_watch {
    int count;
    struct rit_watched *file; /* owned */
};

/** Remember the journals that lie in RUN/results now. */
enum rit_status rit_watch_begin(const struct rit_fence *fence, struct rit_watch *watch,
                                struct rit_error *err);
/** RIT_IO, naming the file, if one of them is gone, cut or another one. */
enum rit_status rit_watch_check(const struct rit_fence *fence, const struct rit_watch *watch,
                                struct rit_error *err);
void rit_watch_release(struct rit_watch *watch);

#endif
