/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The one way to write into a run folder. A fence is the run folder held open, and the claim (store/claim.h)
 * that lets its holder write: the epoch, and a random token that stands in RUN/claims/EPOCH. Everything is
 * written relative to the open folder, so it never lands in another one that took the name; and before a
 * write counts, the claim is looked at through the path that the user gave.
 *
 * A newer start removes the temporary files of older ones after it has made its claim, and an older one looks
 * at its claim after it has made its temporary file. So whatever the order, an older start that was asleep
 * never replaces what the newer one has written: it finds the newer claim, or its temporary file gone.
 */
#ifndef RITARDANDO_STORE_FENCE_H
#define RITARDANDO_STORE_FENCE_H

#include <ritardando/status.h>

#include "base/file.h"
#include "store/holder.h"

struct rit_fence {
    int folder; /* the run folder, open; -1: closed */
    int epoch;
    char token[RIT_TOKEN];
    char run[RIT_PATH]; /* as the user gave it */
};

/**
 * Open the fence of a claim that another process has made: what a worker does with what its master tells.
 * RIT_IO if this host does not see that claim under `run`: no such folder, or another one.
 */
enum rit_status rit_fence_open(struct rit_fence *fence, const char *run, int epoch, const char *token,
                               struct rit_error *err);
void rit_fence_close(struct rit_fence *fence);

/**
 * Whether what is written now counts. RIT_STOPPED, naming the new holder, once a later start has taken the
 * run; RIT_IO if the folder is gone, was moved, or another has taken its name.
 */
enum rit_status rit_fence_check(const struct rit_fence *fence, struct rit_error *err);

/** Replace RUN/NAME with the spans (base/file.h), checked right before the new content takes its place. */
enum rit_status rit_fence_replace(const struct rit_fence *fence, const char *name,
                                  const struct rit_span *span, int n, struct rit_error *err);

/** The same in steps (base/file.h), for content that is written in its place. */
enum rit_status rit_fence_replace_begin(const struct rit_fence *fence, const char *name,
                                        struct rit_replacement *replacement, struct rit_error *err);
enum rit_status rit_fence_replace_commit(const struct rit_fence *fence, const char *name,
                                         struct rit_replacement *replacement, struct rit_error *err);
void rit_fence_replace_abandon(const struct rit_fence *fence, const char *name,
                               struct rit_replacement *replacement);

/** The same of what carries a checksum and is not the only one of its kind, or can be made again. */
enum rit_status rit_fence_replace_by(const struct rit_fence *fence, const char *name, enum rit_sync sync,
                                     const struct rit_span *span, int n, struct rit_error *err);

/** Make RUN/NAME, if it is not there. */
enum rit_status rit_fence_make_folder(const struct rit_fence *fence, const char *name, struct rit_error *err);

/** Remove RUN/NAME if it is there and the claim still holds; a failure costs only space. */
void rit_fence_remove(const struct rit_fence *fence, const char *name);

/** RIT_IO unless RUN/NAME, through the path that the user gave, is the open file `fd`. */
enum rit_status rit_fence_check_file(const struct rit_fence *fence, const char *name, int fd,
                                     struct rit_error *err);

#endif
