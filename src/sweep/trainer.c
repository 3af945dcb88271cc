/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/trainer.h"

#include "base/process.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static const double stop_patience = 0.2; /* seconds until the end of a slice, before the copy is saved */

/* What the thread is at. */
enum doing { NOTHING, OPENING, TRAINING, SAVING, FINISHING };

/* What its owner wants of the point in hand. */
enum wish { GO_ON, FORGET, KEEP };

struct rit_trainer {
    pthread_t thread, saver;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t ordered, told;
    bool quit;
    struct rit_training *next;    /* waits to be begun; owned */
    struct rit_training *in_hand; /* of the thread; NULL: none */
    enum doing doing;
    enum wish wish;
    double wished_at;
    bool saver_began; /* `saver` writes the copy of what is in hand: the thread itself must not save */
    struct rit_training_report report;
    struct rit_news news;
    struct rit_blocks blocks; /* of the thread alone */
};

static const struct rit_training_report nothing_known = {.progress = -1};

static void tell(struct rit_trainer *t, const struct rit_news *news)
{
    t->news = *news;
    if (news->kind != RIT_NEWS_OPENED) /* that can wait until the owner looks */
        pthread_cond_signal(&t->told);
}

/* ---- the thread ---- */

/* All functions of the thread are entered and left with the lock held, which is open while something long is
 * done. */
static void begin(struct rit_trainer *t, enum doing doing)
{
    t->doing = doing;
    pthread_mutex_unlock(&t->lock);
}

static void end(struct rit_trainer *t)
{
    pthread_mutex_lock(&t->lock);
    t->doing = NOTHING;
}

static void open_point(struct rit_trainer *t)
{
    struct rit_news news = {.kind = RIT_NEWS_OPENED};
    begin(t, OPENING);
    enum rit_opening opening = rit_training_open(t->in_hand, &t->blocks, &news.why);
    end(t);
    news.trajectory = rit_training_trajectory(t->in_hand);
    if (opening == RIT_OPENED)
        t->report = rit_training_report(t->in_hand);
    else
        news.kind = opening == RIT_UNFIT       ? RIT_NEWS_UNFIT
                    : opening == RIT_TOO_LARGE ? RIT_NEWS_TOO_LARGE
                                               : RIT_NEWS_IMPOSSIBLE;
    if (t->wish == GO_ON)
        tell(t, &news);
    if (opening != RIT_OPENED)
        t->wish = FORGET;
}

static void save_point(struct rit_trainer *t)
{
    begin(t, SAVING);
    rit_training_save(t->in_hand);
    end(t);
    t->report = rit_training_report(t->in_hand);
}

static void finish_point(struct rit_trainer *t)
{
    struct rit_news news = {.kind = RIT_NEWS_OVER};
    begin(t, FINISHING);
    rit_training_finish(t->in_hand, &news.outcome);
    news.seconds = rit_training_seconds(t->in_hand);
    news.trained = rit_training_trained(t->in_hand);
    news.trajectory = rit_training_trajectory(t->in_hand);
    end(t);
    if (t->wish == FORGET || t->saver_began) /* a result that nobody waits for */
        rit_outcome_release(&news.outcome);
    else
        tell(t, &news);
}

static void stop_point(struct rit_trainer *t)
{
    if (t->wish != KEEP || t->saver_began)
        return;
    save_point(t);
    tell(t, &(struct rit_news){.kind = RIT_NEWS_STOPPED});
}

/* Until the run is over or somebody has another wish. */
static void train_point(struct rit_trainer *t)
{
    bool over = false;
    while (t->wish == GO_ON && !over) {
        begin(t, TRAINING);
        over = rit_training_slice(t->in_hand);
        end(t);
        t->report = rit_training_report(t->in_hand);
        if (t->wish == GO_ON && !over && rit_training_wants_saving(t->in_hand))
            save_point(t);
    }
    if (over && t->wish != FORGET)
        finish_point(t);
    else
        stop_point(t);
}

static void handle_point(struct rit_trainer *t)
{
    t->in_hand = t->next;
    t->next = NULL;
    t->wish = GO_ON;
    t->report = nothing_known;
    open_point(t);
    if (t->wish != FORGET)
        train_point(t);
    if (t->saver_began) {
        pthread_mutex_unlock(&t->lock);
        pthread_join(t->saver, NULL);
        pthread_mutex_lock(&t->lock);
        t->saver_began = false;
    }
    rit_training_free(t->in_hand);
    t->in_hand = NULL;
}

static void *live(void *self)
{
    struct rit_trainer *t = self;
    pthread_mutex_lock(&t->lock);
    while (!t->quit) {
        if (t->next)
            handle_point(t);
        else
            pthread_cond_wait(&t->ordered, &t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    rit_blocks_release(&t->blocks);
    return NULL;
}

/* ---- its owner ---- */

/* A thread that hears no signals: they wake the owner. */
static int start_thread(pthread_t *thread, void *(*life)(void *), struct rit_trainer *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(thread, NULL, life, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

struct rit_trainer *rit_trainer_new(void)
{
    struct rit_trainer *t = calloc(1, sizeof *t);
    RIT_CHECK(t);
    t->report = nothing_known;
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->ordered, &clock);
    pthread_cond_init(&t->told, &clock);
    pthread_condattr_destroy(&clock);
    RIT_CHECK(start_thread(&t->thread, live, t) == 0);
    return t;
}

static void discard_news(struct rit_trainer *t)
{
    if (t->news.kind == RIT_NEWS_OVER)
        rit_outcome_release(&t->news.outcome);
    t->news.kind = RIT_NEWS_NONE;
}

void rit_trainer_free(struct rit_trainer *t)
{
    if (!t)
        return;
    rit_trainer_stop(t, false);
    pthread_mutex_lock(&t->lock);
    t->quit = true;
    pthread_cond_signal(&t->ordered);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    discard_news(t);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->ordered);
    pthread_cond_destroy(&t->told);
    free(t);
}

void rit_trainer_start(struct rit_trainer *t, const struct rit_assignment *assignment)
{
    struct rit_training *training = rit_training_new(assignment);
    pthread_mutex_lock(&t->lock);
    RIT_CHECK(!t->next && t->news.kind == RIT_NEWS_NONE);
    t->next = training;
    pthread_cond_signal(&t->ordered);
    pthread_mutex_unlock(&t->lock);
}

void rit_trainer_stop(struct rit_trainer *t, bool keep)
{
    static const struct rit_news stopped = {.kind = RIT_NEWS_STOPPED};
    pthread_mutex_lock(&t->lock);
    bool never_begun = t->next != NULL;
    rit_training_free(t->next);
    t->next = NULL;
    if (!keep)
        discard_news(t);
    t->wish = keep && !never_begun && t->doing != OPENING ? KEEP : FORGET;
    t->wished_at = rit_seconds();
    if (keep && (never_begun || t->doing == OPENING)) /* what there is on disk stays there */
        tell(t, &stopped);
    pthread_mutex_unlock(&t->lock);
}

static void *save_copy(void *self)
{
    struct rit_trainer *t = self;
    rit_training_save_copy(t->in_hand);
    pthread_mutex_lock(&t->lock);
    if (t->wish == KEEP)
        tell(t, &(struct rit_news){.kind = RIT_NEWS_STOPPED});
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static bool saver_is_needed(const struct rit_trainer *t)
{
    return t->wish == KEEP && (t->doing == TRAINING || t->doing == FINISHING) && !t->saver_began &&
           t->news.kind == RIT_NEWS_NONE && rit_seconds() >= t->wished_at + stop_patience;
}

bool rit_trainer_news(struct rit_trainer *t, struct rit_news *news)
{
    pthread_mutex_lock(&t->lock);
    if (saver_is_needed(t) && start_thread(&t->saver, save_copy, t) == 0)
        t->saver_began = true; /* else there is no room for another thread now */
    bool any = t->news.kind != RIT_NEWS_NONE;
    if (any)
        *news = t->news;
    t->news.kind = RIT_NEWS_NONE;
    pthread_mutex_unlock(&t->lock);
    return any;
}

void rit_trainer_wait(struct rit_trainer *t, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    double end = (double)until.tv_nsec * 1e-9 + seconds;
    until.tv_sec += (time_t)end;
    until.tv_nsec = (long)((end - floor(end)) * 1e9);
    pthread_mutex_lock(&t->lock);
    if (t->news.kind == RIT_NEWS_NONE)
        pthread_cond_timedwait(&t->told, &t->lock, &until);
    pthread_mutex_unlock(&t->lock);
}

struct rit_training_report rit_trainer_report(struct rit_trainer *t)
{
    pthread_mutex_lock(&t->lock);
    struct rit_training_report report = t->next ? nothing_known : t->report;
    pthread_mutex_unlock(&t->lock);
    return report;
}

bool rit_trainer_is_busy(struct rit_trainer *t)
{
    pthread_mutex_lock(&t->lock);
    bool busy = t->next || t->in_hand;
    pthread_mutex_unlock(&t->lock);
    return busy;
}
