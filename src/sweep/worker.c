/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/worker.h"

#include <ritardando/run.h>

#include "base/process.h"
#include "base/version.h"
#include "config/config.h"
#include "kernel/kernels.h"
#include "store/checkpoint.h"
#include "store/results.h"
#include "sweep/blocks.h"
#include "sweep/wire.h"
#include "train/identity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double slice_seconds = 0.02;   /* aimed at */
static const double look_every = 1;         /* seconds between two looks whether the master lives */
static const double first_patience = 900;   /* while the master makes its plan */
static const double slow_machine = 1e8;     /* operations per second that a first step may be as slow as */
static const double checkpoint_share = 20.; /* writing them takes at most this fraction of the time */

/* The point in training. */
struct training {
    struct rit_run *run; /* NULL: none */
    uint64_t lease;
    int point;
    struct rit_hash identity, trajectory;
    struct rit_point values;
    uint64_t slice;       /* steps */
    double slowest_slice; /* seconds */
    double began;         /* when this worker opened it */
    double seconds;       /* of training by others before */
    double saved_at, save_seconds;
    uint64_t saved_steps;
};

/* A result on its way: its checkpoints are removed when it is on disk. */
struct sent {
    uint64_t lease;
    struct rit_hash identity;
};

struct rit_worker {
    struct rit_post *post;
    struct rit_config config;
    bool welcomed;          /* config, run and master are filled */
    struct rit_fence fence; /* of the run folder */
    struct rit_peer self, master;
    double patience, beat_every;
    double silence; /* of the master; what this worker itself slept or computed counts little */
    double turn_at, beat_at, look_at;
    double open_seconds;
    struct rit_blocks blocks;
    struct training training;
    struct sent *sent; /* [n_sent] results that are not yet acknowledged, oldest first; owned */
    int n_sent;
    bool gave_back, left, at_once;
    enum rit_status status;
    struct rit_buffer in, out; /* of messages */
};

static void say(struct rit_worker *w, const struct rit_message *message)
{
    w->out.size = 0;
    rit_message_pack(message, &w->out);
    w->post->send(w->post, 0, w->out.data, w->out.size);
}

struct rit_worker *rit_worker_new(struct rit_post *post)
{
    struct rit_worker *w = calloc(1, sizeof *w);
    RIT_CHECK(w);
    w->post = post;
    w->patience = first_patience;
    w->turn_at = rit_seconds();
    w->beat_every = INFINITY;
    w->fence.folder = -1;
    w->self = rit_peer_self();
    say(w, &(struct rit_message){.word = RIT_SAYS_HELLO, .peer = w->self, .numerics = RIT_NUMERICS_VERSION});
    return w;
}

void rit_worker_free(struct rit_worker *w)
{
    if (!w)
        return;
    rit_run_free(w->training.run);
    if (w->welcomed)
        rit_config_release(&w->config);
    rit_blocks_release(&w->blocks);
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

bool rit_worker_has_left(const struct rit_worker *w, enum rit_status *status, bool *at_once)
{
    *status = w->status;
    *at_once = w->at_once;
    return w->left;
}

/* ---- the point in training ---- */

static void stop_training(struct rit_worker *w)
{
    rit_run_free(w->training.run);
    w->training.run = NULL;
}

static uint64_t steps_of(const struct rit_run *run)
{
    uint64_t steps;
    double tau, nll;
    rit_run_progress(run, &steps, &tau, &nll);
    return steps;
}

static double seconds_of(const struct training *t)
{
    return t->seconds + rit_seconds() - t->began;
}

static void beat(struct rit_worker *w)
{
    const struct training *t = &w->training;
    struct rit_message message = {.word = RIT_SAYS_BEAT};
    if (t->run) {
        uint64_t steps;
        double tau, nll;
        rit_run_progress(t->run, &steps, &tau, &nll);
        message.lease = t->lease;
        message.beat = (struct rit_beat){.progress = fmin(1, tau / rit_point_real(&t->values, "stop.tau")),
                                         .save_seconds = t->save_seconds,
                                         .open_seconds = w->open_seconds,
                                         .quiet = 20 * t->slowest_slice + 2 * t->save_seconds,
                                         .piece = t->slowest_slice};
    }
    say(w, &message);
    w->beat_at = rit_seconds() + w->beat_every;
}

/* A checkpoint is the seconds of training so far, for people, and the run. A failure to write it costs no
 * result: it is said, and training goes on. */
static void save(struct rit_worker *w)
{
    struct training *t = &w->training;
    uint64_t steps = steps_of(t->run);
    if (steps == t->saved_steps)
        return;
    double began = rit_seconds();
    struct rit_buffer head = {0};
    struct rit_error err = {0};
    struct rit_saved saved = rit_run_save(t->run);
    rit_pack_f64(&head, seconds_of(t));
    rit_pack_bytes(&head, saved.owner, sizeof saved.owner);
    struct rit_span span[] = {{head.data, head.size}, {saved.state, saved.size}};
    if (rit_checkpoint_write(&w->fence, &rit_checkpoints, &t->identity, span, 2, &err) == RIT_OK)
        t->saved_steps = steps;
    else
        rit_say("%s; a point in training goes on without this checkpoint", err.text);
    rit_buffer_release(&head);
    t->saved_at = rit_seconds();
    t->save_seconds = t->saved_at - began;
}

/* Reads what was found into the run; the run is spoilt if that fails. */
static enum rit_status take_over(struct training *t, struct rit_checkpoint *found, struct rit_error *err)
{
    struct rit_saved here = rit_run_save(t->run);
    unsigned char head[8 + sizeof here.owner];
    if (!rit_checkpoint_fetch(found, head, sizeof head) || found->left != here.size ||
        memcmp(head + 8, here.owner, sizeof here.owner) != 0)
        return rit_fail(err, RIT_BAD_INPUT, "the checkpoint belongs to another point or program version");
    if (!rit_checkpoint_fetch(found, here.state, here.size))
        return rit_fail(err, RIT_IO, "the checkpoint cannot be read again");
    rit_run_resume(t->run);
    t->seconds = rit_read_f64(&(struct rit_reader){.data = head, .size = sizeof head});
    t->saved_steps = steps_of(t->run);
    return RIT_OK;
}

static void restore(struct rit_worker *w, const struct rit_block *block)
{
    struct training *t = &w->training;
    struct rit_checkpoint found;
    struct rit_error err = {0};
    if (rit_checkpoint_find(w->fence.run, &rit_checkpoints, &t->identity, &found, &err) == RIT_OK &&
        found.fd >= 0 && take_over(t, &found, &err) != RIT_OK) {
        rit_run_free(t->run);
        t->run = rit_run_new(&t->values, block, &err);
        RIT_CHECK(t->run);
    }
    if (err.status != RIT_OK)
        rit_say("%s; the point starts anew", err.text);
    rit_checkpoint_close(&found);
}

static void send_result(struct rit_worker *w, const struct rit_outcome *outcome)
{
    struct training *t = &w->training;
    struct rit_buffer text = {0}, packed = {0};
    rit_point_print_identity(&t->values, RIT_WHOLE, &text);
    rit_pack_bytes(&text, "", 1);
    struct rit_result result = {.identity = t->identity,
                                .trajectory = t->trajectory,
                                .point = (char *)text.data,
                                .outcome = *outcome,
                                .provenance = {.seconds = seconds_of(t), .trained = outcome->steps}};
    snprintf(result.provenance.host, sizeof result.provenance.host, "%s", w->self.host);
    snprintf(result.provenance.program, sizeof result.provenance.program, "%s", rit_version());
    snprintf(result.provenance.kernel, sizeof result.provenance.kernel, "%s", rit_kernels()->name);
    rit_result_pack(&result, &packed);
    say(w, &(struct rit_message){.word = RIT_SAYS_RESULT,
                                 .lease = t->lease,
                                 .point = t->point,
                                 .failed = outcome->end == RIT_END_FAILED,
                                 .bytes = packed.data,
                                 .size = packed.size});
    rit_buffer_release(&text);
    rit_buffer_release(&packed);
    w->sent = realloc(w->sent, ((size_t)w->n_sent + 1) * sizeof *w->sent);
    RIT_CHECK(w->sent);
    w->sent[w->n_sent++] = (struct sent){t->lease, t->identity};
}

static void fail_point(struct rit_worker *w, const struct rit_error *err)
{
    struct rit_outcome outcome = {.end = RIT_END_FAILED};
    size_t length = strcspn(err->text, "\n");
    if (length >= sizeof outcome.reason)
        length = sizeof outcome.reason - 1;
    memcpy(outcome.reason, err->text, length);
    send_result(w, &outcome);
}

static enum rit_status open_point(struct rit_worker *w, struct rit_error *err)
{
    struct training *t = &w->training;
    const struct rit_known_block *known;
    RIT_TRY(rit_blocks_get(&w->blocks, &t->values, &known, err));
    t->trajectory = rit_point_trajectory(&t->values, &known->digest);
    struct rit_hash identity = rit_point_identity(&t->values, &t->trajectory);
    if (!rit_hash_equal(&identity, &t->identity))
        return rit_fail(err, RIT_BAD_INPUT, "on %s the data are not those that the sweep began with",
                        w->self.host);
    t->run = rit_run_new(&t->values, &known->block, err);
    if (!t->run)
        return err->status;
    double steps = rit_point_real(&t->values, "stop.tau") / rit_point_real(&t->values, "rule.eta");
    t->slowest_slice = rit_run_price(&t->values, &known->block) / fmax(1, steps) / slow_machine / 20;
    restore(w, &known->block);
    return RIT_OK;
}

static void start_point(struct rit_worker *w, const struct rit_message *order)
{
    struct training *t = &w->training;
    *t = (struct training){.lease = order->lease,
                           .point = order->point,
                           .identity = order->identity,
                           .slice = 1,
                           .began = rit_seconds()};
    rit_plan_point(&w->config, order->plan, &t->values);
    struct rit_error err = {0};
    if (open_point(w, &err) != RIT_OK) {
        fail_point(w, &err);
        return;
    }
    w->open_seconds = rit_seconds() - t->began;
    t->saved_at = rit_seconds();
    beat(w);
}

static void train_slice(struct rit_worker *w)
{
    struct training *t = &w->training;
    double began = rit_seconds();
    bool over = rit_run_advance(t->run, t->slice);
    double now = rit_seconds(), took = now - began;
    if (over) {
        struct rit_outcome outcome = {0};
        rit_run_finish(t->run, &outcome);
        send_result(w, &outcome);
        rit_outcome_release(&outcome);
        stop_training(w);
        return;
    }
    t->slowest_slice = fmax(t->slowest_slice, took);
    if (took < slice_seconds / 2)
        t->slice *= 2;
    else if (took > slice_seconds * 2 && t->slice > 1)
        t->slice /= 2;
    if (now - t->saved_at >= fmax(w->config.run.checkpoint_seconds, checkpoint_share * t->save_seconds))
        save(w);
}

/* ---- the master ---- */

/* No more work: keep what there is, and tell the master. */
static void give_back(struct rit_worker *w)
{
    if (w->training.run)
        save(w);
    stop_training(w);
    if (!w->gave_back)
        say(w, &(struct rit_message){.word = RIT_SAYS_BACK});
    w->gave_back = true;
}

static void leave(struct rit_worker *w, enum rit_status status, bool at_once)
{
    if (w->training.run)
        save(w);
    stop_training(w);
    w->left = true;
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
    if (w->welcomed && rit_kernels_choose(&err) &&
        rit_fence_open(&w->fence, message->run, message->epoch, message->token, &err) == RIT_OK) {
        beat(w);
        return;
    }
    rit_say("%s: %s", w->self.host, err.text); /* another machine, or another version of the program */
    give_back(w);
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

static void hear(struct rit_worker *w, const struct rit_message *message)
{
    bool at_it = w->training.run && w->training.lease == message->lease;
    switch (message->word) {
    case RIT_TELLS_WELCOME:
        be_welcomed(w, message);
        break;
    case RIT_TELLS_ASSIGN:
        RIT_CHECK(!w->training.run);
        if (!w->gave_back)
            start_point(w, message);
        break;
    case RIT_TELLS_ACKNOWLEDGE:
        be_acknowledged(w, message->lease);
        break;
    case RIT_TELLS_DROP:
        if (at_it)
            stop_training(w);
        break;
    case RIT_TELLS_HALT:
        if (at_it)
            give_back(w);
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

bool rit_worker_turn(struct rit_worker *w)
{
    bool did = false;
    int from;
    double turn_at = rit_seconds();
    w->silence += fmin(turn_at - w->turn_at, w->beat_every);
    w->turn_at = turn_at;
    while (!w->left && w->post->receive(w->post, &from, &w->in)) {
        struct rit_message message;
        RIT_CHECK(from == 0 && rit_message_read(w->in.data, w->in.size, &message));
        w->silence = 0;
        hear(w, &message);
        did = true;
    }
    if (w->left)
        return true;
    if (rit_stop_asked() != RIT_GO && !w->gave_back)
        give_back(w);
    if (w->training.run) {
        train_slice(w);
        did = true;
    }
    double now = rit_seconds();
    if (now >= w->beat_at && w->welcomed)
        beat(w);
    if (master_is_lost(w, now)) {
        rit_say("the master of the sweep is lost; what was in training is in its checkpoint");
        leave(w, RIT_STOPPED, true);
    }
    return did;
}
