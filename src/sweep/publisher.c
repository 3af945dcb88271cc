/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/publisher.h"

#include "base/call.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "phase-diagram.h5";

struct rit_publisher {
    pthread_t thread;
    const struct rit_fence *fence;
    struct rit_row *rows;
    int n;
    struct rit_stored *stored;
    struct rit_dataset_about about;
    struct rit_replacement file;
    atomic_bool given_up, done;
    enum rit_status status; /* once it is done */
    struct rit_error err;
};

static void *make(void *publisher)
{
    struct rit_publisher *p = publisher;
    p->status = rit_dataset_build_file(p->file.shown, p->file.fd, p->rows, p->n, &p->about, &p->err);
    if (p->status == RIT_OK && rit_call_fsync(p->file.fd) != 0)
        p->status = rit_fail(&p->err, RIT_IO, "%s: cannot sync: %s", p->file.shown, strerror(errno));
    atomic_store(&p->done, true);
    return NULL;
}

static void release(struct rit_publisher *p)
{
    free(p->rows);
    free(p->stored);
    free(p);
}

struct rit_publisher *rit_publisher_begin(const struct rit_fence *fence, struct rit_row *rows, int n,
                                          struct rit_stored *stored, const struct rit_dataset_about *about,
                                          struct rit_error *err)
{
    struct rit_publisher *p = calloc(1, sizeof *p);
    RIT_CHECK(p);
    p->fence = fence;
    p->rows = rows;
    p->n = n;
    p->stored = stored;
    p->about = *about;
    p->about.given_up = &p->given_up;
    if (rit_fence_replace_begin(fence, name, &p->file, err) != RIT_OK) {
        release(p);
        return NULL;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the thread that began this one */
    int failed = pthread_create(&p->thread, NULL, make, p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    RIT_CHECK(!failed);
    return p;
}

bool rit_publisher_is_done(const struct rit_publisher *p)
{
    return atomic_load(&p->done);
}

void rit_publisher_give_up(struct rit_publisher *p)
{
    atomic_store(&p->given_up, true);
}

enum rit_status rit_publisher_end(struct rit_publisher *p, struct rit_error *err)
{
    pthread_join(p->thread, NULL);
    enum rit_status status = p->status;
    if (status != RIT_OK) {
        rit_fail(err, status, "%s", p->err.text);
        rit_fence_replace_abandon(p->fence, name, &p->file);
    } else {
        status = rit_fence_replace_commit(p->fence, name, &p->file, err);
    }
    release(p);
    return status;
}
