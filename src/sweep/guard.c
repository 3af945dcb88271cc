/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/guard.h"

#include <ritardando/status.h>

#include "base/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY = 1 }; /* seconds */

struct rit_guard {
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t over;
    bool ends;
    struct rit_peer self, *peer; /* [peers] owned */
    int peers;
};

/* With the lock held. */
static void look(const struct rit_guard *guard)
{
    for (int i = 0; i < guard->peers; i++)
        if (rit_peer_is_dead(&guard->self, &guard->peer[i])) {
            rit_say(
                "process %lld on %s died while all ranks were at one kernel: the sweep ends here; the same "
                "command continues",
                (long long)guard->peer[i].pid, guard->peer[i].host);
            _exit(RIT_STOPPED);
        }
}

static void *live(void *self)
{
    struct rit_guard *guard = self;
    struct timespec until;
    pthread_mutex_lock(&guard->lock);
    while (!guard->ends) {
        look(guard);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_EVERY;
        pthread_cond_timedwait(&guard->over, &guard->lock, &until);
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

struct rit_guard *rit_guard_new(const struct rit_peer *self)
{
    struct rit_guard *guard = calloc(1, sizeof *guard);
    sigset_t all, before;
    RIT_CHECK(guard);
    guard->self = *self;
    pthread_mutex_init(&guard->lock, NULL);
    pthread_cond_init(&guard->over, NULL);
    sigfillset(&all); /* signals are for the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    RIT_CHECK(pthread_create(&guard->thread, NULL, live, guard) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return guard;
}

void rit_guard_watch(struct rit_guard *guard, const struct rit_peer *peer)
{
    pthread_mutex_lock(&guard->lock);
    guard->peer = realloc(guard->peer, ((size_t)guard->peers + 1) * sizeof *guard->peer);
    RIT_CHECK(guard->peer);
    guard->peer[guard->peers++] = *peer;
    pthread_mutex_unlock(&guard->lock);
}

void rit_guard_free(struct rit_guard *guard)
{
    pthread_mutex_lock(&guard->lock);
    guard->ends = true;
    pthread_cond_signal(&guard->over);
    pthread_mutex_unlock(&guard->lock);
    pthread_join(guard->thread, NULL);
    pthread_mutex_destroy(&guard->lock);
    pthread_cond_destroy(&guard->over);
    free(guard->peer);
    free(guard);
}
