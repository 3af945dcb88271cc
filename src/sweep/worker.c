/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/worker.h"

#include "base/process.h"
#include "base/version.h"
#include "config/config.h"
#include "kernel/kernels.h"
#include "store/checkpoint.h"
#include "store/results.h"
#include "sweep/gathering.h"
#include "sweep/guard.h"
#include "sweep/trainer.h"
#include "sweep/wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double look_every = 1;         /* seconds between two looks whether the master lives */
static const double first_beat_after = 0.5; /* seconds from the first step: tiny points are over by then */
static const double first_patience = 900;   /* while the master makes its plan */

/* The point that the trainer has. */
struct charge {
    bool there;
    uint64_t lease;
    int point;
    struct rit_assignment task;
};

/* A result on its way: its checkpoints are removed when it is on disk. */
struct sent {
    uint64_t lease;
    struct rit_hash identity;
};

struct rit_worker {
    struct rit_post *post;
    struct rit_config config;
    bool welcomed;          /* config, fence and master are filled */
    struct rit_fence fence; /* of the run folder */
    struct rit_peer self, master;
    double patience, beat_every;
    double silence; /* of the master; what this worker itself slept counts little */
    double turn_at, beat_at, look_at;
    struct rit_trainer *trainer;
    struct charge charge;
    struct sent *sent; /* [n_sent] results that are not yet acknowledged, oldest first; owned */
    int n_sent;
    bool resigned;  /* takes no more work; the master is told when the charge is safe */
    bool gave_back; /* has been told */
    bool leaving, at_once;
    enum rit_status status;
    struct rit_buffer in, out; /* of messages */
};

static void say(struct rit_worker *w, const struct rit_message *message)
{
    w->out.size = 0;
    rit_message_pack(message, &w->out);
    w->post->send(w->post, 0, w->out.data, w->out.size);
}

struct rit_worker *rit_worker_new(struct rit_post *post, uint64_t asked)
{
    struct rit_worker *w = calloc(1, sizeof *w);
    RIT_CHECK(w);
    w->post = post;
    w->patience = first_patience;
    w->turn_at = rit_seconds();
    w->beat_every = INFINITY;
    w->fence.folder = -1;
    w->self = rit_peer_self();
    w->trainer = rit_trainer_new();
    say(w, &(struct rit_message){
               .word = RIT_SAYS_HELLO, .peer = w->self, .numerics = RIT_NUMERICS_VERSION, .asked = asked});
    return w;
}

void rit_worker_free(struct rit_worker *w)
{
    if (!w)
        return;
    rit_trainer_free(w->trainer);
    if (w->welcomed)
        rit_config_release(&w->config);
    rit_fence_close(&w->fence);
    free(w->sent);
    rit_buffer_release(&w->in);
    rit_buffer_release(&w->out);
    free(w);
}

bool rit_worker_is_welcome(const struct rit_worker *w)
{
    return w->welcomed;
}

bool rit_worker_is_busy(const struct rit_worker *w)
{
    return rit_trainer_is_busy(w->trainer);
}

bool rit_worker_has_left(const struct rit_worker *w, enum rit_status *status, bool *at_once)
{
    *status = w->status;
    *at_once = w->at_once;
    return w->leaving && !w->charge.there;
}

void rit_worker_rest(struct rit_worker *w, double seconds)
{
    if (seconds > 0)
        rit_trainer_wait(w->trainer, seconds);
}

/* ---- the point in training ---- */

static void beat(struct rit_worker *w)
{
    struct rit_message message = {.word = RIT_SAYS_BEAT};
    if (w->charge.there) {
        struct rit_training_report report = rit_trainer_report(w->trainer);
        message.lease = w->charge.lease;
        message.beat = (struct rit_beat){.progress = report.progress,
                                         .save_seconds = report.save_seconds,
                                         .open_seconds = report.open_seconds};
    }
    say(w, &message);
    w->beat_at = rit_seconds() + w->beat_every;
}

/* The point as it is told, wherever it stands in a plan: what decides no bits is as in the config. */
static void read_point(const struct rit_worker *w, const void *bytes, size_t size, struct rit_point *point)
{
    const struct rit_registry *registry = rit_registry();
    char *text = strndup(bytes, size);
    struct rit_error err = {0};
    RIT_CHECK(text && rit_point_read_identity(point, registry, text, &err) == RIT_OK);
    free(text);
    for (int i = 0; i < registry->count; i++)
        if (registry->param[i]->not_identity)
            point->value[i] = w->config.base.value[i];
}

static void start_point(struct rit_worker *w, const struct rit_message *order)
{
    struct charge *c = &w->charge;
    *c = (struct charge){.there = true, .lease = order->lease, .point = order->point};
    c->task = (struct rit_assignment){.identity = order->identity,
                                      .from = order->from,
                                      .from_steps = order->from_steps,
                                      .keep = w->config.run.keep,
                                      .fence = &w->fence,
                                      .save_every = w->config.run.checkpoint_seconds};
    read_point(w, order->bytes, order->size, &c->task.values);
    rit_trainer_start(w->trainer, &c->task);
}

static void send_result(struct rit_worker *w, const struct rit_news *news, const struct rit_outcome *outcome)
{
    struct charge *c = &w->charge;
    struct rit_buffer text = {0}, packed = {0};
    bool failed = outcome->end == RIT_END_FAILED;
    rit_point_print_identity(&c->task.values, RIT_WHOLE, &text);
    rit_pack_bytes(&text, "", 1);
    struct rit_result result = {.identity = c->task.identity,
                                .trajectory = news->trajectory,
                                .point = (char *)text.data,
                                .outcome = *outcome,
                                .provenance = {.seconds = news->seconds, .trained = news->trained}};
    snprintf(result.provenance.host, sizeof result.provenance.host, "%s", w->self.host);
    snprintf(result.provenance.program, sizeof result.provenance.program, "%s", rit_version());
    snprintf(result.provenance.kernel, sizeof result.provenance.kernel, "%s", rit_kernels()->name);
    rit_result_pack(&result, &packed);
    say(w, &(struct rit_message){.word = RIT_SAYS_RESULT,
                                 .lease = c->lease,
                                 .point = c->point,
                                 .failed = failed,
                                 .bytes = packed.data,
                                 .size = packed.size});
    rit_buffer_release(&text);
    rit_buffer_release(&packed);
    if (failed)
        return; /* what was trained may still be of use */
    w->sent = realloc(w->sent, ((size_t)w->n_sent + 1) * sizeof *w->sent);
    RIT_CHECK(w->sent);
    w->sent[w->n_sent++] = (struct sent){c->lease, c->task.identity};
}

static void fail_point(struct rit_worker *w, const struct rit_news *news)
{
    const struct rit_error *err = &news->why;
    struct rit_outcome outcome = {.end = RIT_END_FAILED};
    size_t length = strcspn(err->text, "\n");
    if (length >= sizeof outcome.reason)
        length = sizeof outcome.reason - 1;
    memcpy(outcome.reason, err->text, length);
    send_result(w, news, &outcome);
}

/* This machine cannot do what others may: the master hears why, and this worker gets no more work. */
static void be_unfit(struct rit_worker *w, const struct rit_error *why)
{
    size_t length = strcspn(why->text, "\n");
    say(w, &(struct rit_message){
               .word = RIT_SAYS_UNFIT, .status = (int)why->status, .bytes = why->text, .size = length});
    w->resigned = w->gave_back = true;
}

/* This machine has no room for this point; it may have for others. */
static void decline(struct rit_worker *w, const struct rit_error *why)
{
    say(w, &(struct rit_message){.word = RIT_SAYS_DECLINE,
                                 .lease = w->charge.lease,
                                 .point = w->charge.point,
                                 .status = (int)why->status,
                                 .bytes = why->text,
                                 .size = strcspn(why->text, "\n")});
}

static void hear_trainer(struct rit_worker *w, struct rit_news *news)
{
    switch (news->kind) {
    case RIT_NEWS_OPENED:
        w->beat_at = fmin(w->beat_at, rit_seconds() + first_beat_after);
        return;
    case RIT_NEWS_OVER:
        send_result(w, news, &news->outcome);
        rit_outcome_release(&news->outcome);
        break;
    case RIT_NEWS_IMPOSSIBLE:
        fail_point(w, news);
        break;
    case RIT_NEWS_UNFIT:
        be_unfit(w, &news->why);
        break;
    case RIT_NEWS_TOO_LARGE:
        decline(w, &news->why);
        break;
    case RIT_NEWS_STOPPED:
    case RIT_NEWS_NONE:
        break;
    }
    w->charge.there = false;
}

/* ---- the master ---- */

/* No more work: keep what there is. The master is told when that is done. */
static void resign(struct rit_worker *w)
{
    if (w->charge.there && !w->resigned)
        rit_trainer_stop(w->trainer, true);
    w->resigned = true;
}

static void leave(struct rit_worker *w, enum rit_status status, bool at_once)
{
    resign(w);
    w->gave_back = true; /* nobody wants to hear it any more */
    w->leaving = true;
    w->status = status;
    w->at_once = at_once;
}

static void be_welcomed(struct rit_worker *w, const struct rit_message *message)
{
    struct rit_error err = {0};
    RIT_CHECK(!w->welcomed);
    w->master = message->peer;
    w->patience = message->patience;
    w->beat_every = message->beat_every;
    w->welcomed = rit_config_parse(message->name, message->bytes, message->size, &w->config, &err) == RIT_OK;
    /* Another version of the program, another machine, or a run folder that is not seen from here. */
    if (w->welcomed && rit_kernels_choose(&err) &&
        rit_fence_open(&w->fence, message->run, message->epoch, message->token, &err) == RIT_OK)
        beat(w);
    else
        be_unfit(w, &err);
}

static void be_acknowledged(struct rit_worker *w, uint64_t lease)
{
    for (int i = 0; i < w->n_sent; i++) {
        if (w->sent[i].lease != lease)
            continue;
        rit_checkpoint_remove(&w->fence, &rit_checkpoints, &w->sent[i].identity);
        memmove(&w->sent[i], &w->sent[i + 1], (size_t)(w->n_sent - i - 1) * sizeof *w->sent);
        w->n_sent--;
        return;
    }
}

/* All ranks do something together: nothing is heard until that is over. */
static void gather(const struct rit_worker *w, const struct rit_message *message)
{
    struct rit_reader rest;
    struct rit_point point;
    struct rit_error err = {0};
    struct rit_gathering gathering = {.point = &point};
    int *rank = rit_gathering_read(message->bytes, message->size, &gathering.ranks, &rest), n;
    double *value;
    gathering.rank = rank;
    read_point(w, (const char *)rest.data + rest.at, rest.size - rest.at, &point);
    struct rit_guard *guard = rit_guard_new(&w->self);
    rit_guard_watch(guard, &w->master);
    rit_gather(&gathering, &value, &n, &err);
    rit_guard_free(guard);
    free(value);
    free(rank);
}

static void hear(struct rit_worker *w, const struct rit_message *message)
{
    bool at_it = w->charge.there && w->charge.lease == message->lease;
    switch (message->word) {
    case RIT_TELLS_WELCOME:
        be_welcomed(w, message);
        break;
    case RIT_TELLS_ASSIGN:
        RIT_CHECK(!w->charge.there || w->resigned);
        if (!w->resigned)
            start_point(w, message);
        break;
    case RIT_TELLS_ACKNOWLEDGE:
        be_acknowledged(w, message->lease);
        break;
    case RIT_TELLS_DROP:
        if (at_it) {
            rit_trainer_stop(w->trainer, false);
            w->charge.there = false;
        }
        break;
    case RIT_TELLS_CALL:
        say(w, &(struct rit_message){.word = RIT_SAYS_READY, .lease = message->lease});
        break;
    case RIT_TELLS_GATHER:
        gather(w, message);
        break;
    case RIT_TELLS_HALT:
        if (at_it)
            resign(w);
        break;
    case RIT_TELLS_PULSE:
        break;
    case RIT_TELLS_RELEASE:
        leave(w, RIT_OK, message->leave_at_once);
        break;
    default:
        RIT_CHECK(!"a word that the master never says");
    }
}

/* The master is lost when it died here, or has said nothing for too long elsewhere. */
static bool master_is_lost(struct rit_worker *w, double now)
{
    if (now < w->look_at)
        return false;
    w->look_at = now + look_every;
    return w->silence > w->patience || (w->welcomed && rit_peer_is_dead(&w->self, &w->master));
}

/* Everything that has arrived, from the master and from the trainer. */
static bool hear_all(struct rit_worker *w)
{
    bool did = false;
    int from;
    struct rit_news news;
    while (!w->leaving && w->post->receive(w->post, &from, &w->in)) {
        struct rit_message message;
        RIT_CHECK(from == 0 && rit_message_read(w->in.data, w->in.size, &message));
        w->silence = 0;
        hear(w, &message);
        did = true;
    }
    while (rit_trainer_news(w->trainer, &news)) {
        hear_trainer(w, &news);
        did = true;
    }
    return did;
}

bool rit_worker_turn(struct rit_worker *w)
{
    double turn_at = rit_seconds();
    w->silence += fmin(turn_at - w->turn_at, w->beat_every);
    w->turn_at = turn_at;
    bool did = hear_all(w);
    if (rit_stop_asked() != RIT_GO)
        resign(w);
    if (w->resigned && !w->gave_back && !w->charge.there) {
        say(w, &(struct rit_message){.word = RIT_SAYS_BACK});
        w->gave_back = true;
    }
    if (w->leaving)
        return did;
    double now = rit_seconds();
    if (now >= w->beat_at && w->welcomed)
        beat(w);
    if (master_is_lost(w, now)) {
        rit_say("the master of the sweep is lost; what was in training is in its checkpoint");
        leave(w, RIT_STOPPED, true);
    }
    return did;
}
