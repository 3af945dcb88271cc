/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/turn.h"

#include <ritardando/status.h>

#include <pthread.h>

static pthread_mutex_t mutex;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void)
{
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    RIT_CHECK(pthread_mutex_init(&mutex, &kind) == 0);
    pthread_mutexattr_destroy(&kind);
}

struct rit_turn rit_turn_begin(void)
{
    pthread_once(&once, make);
    RIT_CHECK(pthread_mutex_lock(&mutex) == 0);
    return (struct rit_turn){0};
}

void rit_turn_end(struct rit_turn *turn)
{
    (void)turn;
    RIT_CHECK(pthread_mutex_unlock(&mutex) == 0);
}
