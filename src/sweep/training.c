/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/training.h"

#include <ritardando/limit.h>
#include <ritardando/run.h>

#include "base/memory.h"
#include "base/process.h"
#include "store/checkpoint.h"
#include "sweep/ending.h"
#include "sweep/gathering.h"
#include "sweep/sofar.h"
#include "train/identity.h"
#include "train/schedule.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const double slice_seconds = 0.02; /* aimed at */
static const double save_share = 20;      /* writing checkpoints takes at most this fraction of the time */
static const double copy_share = 32;      /* and copying the state this one */
static const double slow_disk = 50e6;     /* bytes per second, before the first checkpoint was timed */

/* The state as it was between two slices, in the form of a checkpoint. */
struct copy {
    pthread_mutex_t lock; /* also of saved_steps */
    void *state;          /* [size] owned; its pages are taken with the first copy */
    struct rit_buffer head;
    size_t size;
    uint64_t steps; /* 0: nothing is copied yet */
    double at, seconds;
};

struct rit_training {
    struct rit_assignment assignment;
    struct rit_hash trajectory;
    const struct rit_known_block *known; /* borrowed, once it is opened */
    struct rit_run *run;
    struct copy copy;
    uint64_t slice; /* steps */
    double began, open_seconds;
    double before; /* seconds of training by others */
    double saved_at, save_seconds;
    uint64_t saved_steps;
};

struct rit_training *rit_training_new(const struct rit_assignment *assignment)
{
    struct rit_training *t = calloc(1, sizeof *t);
    RIT_CHECK(t);
    t->assignment = *assignment;
    t->slice = 1;
    t->began = rit_seconds();
    pthread_mutex_init(&t->copy.lock, NULL);
    return t;
}

void rit_training_free(struct rit_training *t)
{
    if (!t)
        return;
    rit_run_free(t->run);
    free(t->copy.state);
    rit_buffer_release(&t->copy.head);
    pthread_mutex_destroy(&t->copy.lock);
    free(t);
}

static uint64_t steps_of(const struct rit_training *t)
{
    uint64_t steps;
    double tau, nll;
    rit_run_progress(t->run, &steps, &tau, &nll);
    return steps;
}

double rit_training_seconds(const struct rit_training *t)
{
    return t->before + rit_seconds() - t->began;
}

struct rit_training_report rit_training_report(const struct rit_training *t)
{
    uint64_t steps;
    double tau, nll;
    rit_run_progress(t->run, &steps, &tau, &nll);
    return (struct rit_training_report){
        .progress = fmin(1, tau / rit_goal_of(&t->assignment.values).at),
        .save_seconds = t->save_seconds > 0 ? t->save_seconds : (double)t->copy.size / slow_disk,
        .open_seconds = t->open_seconds};
}

struct rit_hash rit_training_trajectory(const struct rit_training *t)
{
    return t->trajectory;
}

/* ---- checkpoints ---- */

/* A checkpoint is how far the point has come, for people, and the run: its owner and its state. */
static void make_head(const struct rit_training *t, const struct rit_saved *saved, struct rit_buffer *head)
{
    head->size = 0;
    struct rit_sofar sofar = {.seconds = rit_training_seconds(t)};
    rit_run_progress(t->run, &sofar.steps, &sofar.tau, &sofar.nll);
    rit_sofar_pack(&sofar, head);
    rit_pack_bytes(head, saved->owner, sizeof saved->owner);
}

static bool write_checkpoint(const struct rit_training *t, const struct rit_buffer *head, const void *state,
                             size_t size)
{
    struct rit_error err = {0};
    const struct rit_assignment *a = &t->assignment;
    struct rit_span span[] = {{head->data, head->size}, {state, size}};
    if (rit_checkpoint_write(a->fence, &rit_checkpoints, &a->identity, span, 2, &err) == RIT_OK)
        return true;
    rit_say("%s; a point in training goes on without this checkpoint", err.text);
    return false;
}

void rit_training_save(struct rit_training *t)
{
    uint64_t steps = steps_of(t);
    double began = rit_seconds();
    struct rit_saved saved = rit_run_save(t->run);
    struct rit_buffer head = {0};
    if (steps == t->saved_steps)
        return;
    make_head(t, &saved, &head);
    bool written = write_checkpoint(t, &head, saved.state, saved.size);
    rit_buffer_release(&head);
    pthread_mutex_lock(&t->copy.lock);
    if (written)
        t->saved_steps = steps;
    pthread_mutex_unlock(&t->copy.lock);
    t->saved_at = rit_seconds();
    t->save_seconds = t->saved_at - began;
}

void rit_training_save_copy(struct rit_training *t)
{
    struct copy *copy = &t->copy;
    pthread_mutex_lock(&copy->lock);
    if (copy->steps > t->saved_steps && write_checkpoint(t, &copy->head, copy->state, copy->size))
        t->saved_steps = copy->steps;
    pthread_mutex_unlock(&copy->lock);
}

/* The copy is at most as old as it takes to make it so many times: nothing beside a step that is long. */
static void refresh_copy(struct rit_training *t)
{
    struct copy *copy = &t->copy;
    double began = rit_seconds();
    if (copy->steps > 0 && began < copy->at + copy_share * copy->seconds)
        return;
    struct rit_saved saved = rit_run_save(t->run);
    pthread_mutex_lock(&copy->lock);
    memcpy(copy->state, saved.state, saved.size);
    make_head(t, &saved, &copy->head);
    copy->steps = steps_of(t);
    pthread_mutex_unlock(&copy->lock);
    copy->at = rit_seconds();
    copy->seconds = copy->at - began;
}

bool rit_training_wants_saving(const struct rit_training *t)
{
    double pause = fmax(t->assignment.save_every, save_share * t->save_seconds);
    return rit_seconds() - t->saved_at >= pause;
}

/* ---- from the beginning to the end ---- */

/* Reads what was found into the run; the run is spoilt if that fails. */
static enum rit_status take_over(struct rit_training *t, struct rit_checkpoint *found, struct rit_error *err)
{
    struct rit_saved here = rit_run_save(t->run);
    unsigned char head[RIT_SOFAR_BYTES + sizeof here.owner];
    if (!rit_checkpoint_fetch(found, head, sizeof head) || found->left != here.size ||
        memcmp(head + RIT_SOFAR_BYTES, here.owner, sizeof here.owner) != 0)
        return rit_fail(err, RIT_BAD_INPUT, "the checkpoint belongs to another point or program version");
    if (!rit_checkpoint_fetch(found, here.state, here.size))
        return rit_fail(err, RIT_IO, "the checkpoint cannot be read again");
    rit_run_resume(t->run);
    t->before = rit_sofar_read(head).seconds;
    t->saved_steps = steps_of(t);
    return RIT_OK;
}

/* What is asked beyond a stored result goes on from its end. */
static void extend(struct rit_training *t, const struct rit_block *block)
{
    struct rit_assignment *a = &t->assignment;
    static const struct rit_hash none;
    if (rit_hash_equal(&a->from, &none) ||
        !rit_ending_adopt(a->fence->run, &a->from, block, t->run, &t->before))
        a->from_steps = 0;
}

static enum rit_status restore(struct rit_training *t, const struct rit_block *block, struct rit_error *err)
{
    const struct rit_assignment *a = &t->assignment;
    struct rit_checkpoint found;
    struct rit_error why = {.status = RIT_OK};
    if (rit_checkpoint_find(a->fence->run, &rit_checkpoints, &a->identity, &found, &why) == RIT_OK &&
        found.fd >= 0 && take_over(t, &found, &why) != RIT_OK) {
        rit_run_free(t->run);
        t->run = rit_run_new(&a->values, block, err);
    }
    if (why.status != RIT_OK)
        rit_say("%s; the point starts anew", why.text);
    rit_checkpoint_close(&found);
    if (t->run && t->saved_steps == 0)
        extend(t, block);
    return t->run ? RIT_OK : err->status;
}

/* Memory that is only promised is not there when it is needed: the machine would kill us, or another. */
static enum rit_status look_for_memory(size_t bytes, struct rit_error *err)
{
    static const size_t little = (size_t)64 << 20; /* not worth the look: tiny points come by the thousand */
    size_t here = bytes <= little ? SIZE_MAX : rit_memory_here();
    if (bytes <= here)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "model.width, model.depth: this network needs %zu MB of memory, and there are %zu MB",
                    bytes >> 20, here >> 20);
}

static enum rit_status make_run(struct rit_training *t, const struct rit_block *block, size_t bytes,
                                struct rit_error *err)
{
    RIT_TRY(look_for_memory(bytes, err));
    t->run = rit_run_new(&t->assignment.values, block, err);
    if (!t->run)
        return err->status;
    RIT_TRY(restore(t, block, err));
    t->copy.size = rit_run_save(t->run).size;
    t->copy.state = malloc(t->copy.size);
    if (!t->copy.state)
        return rit_fail(err, RIT_BAD_INPUT,
                        "model.width, model.depth: no memory for a copy of the state, %zu MB",
                        t->copy.size >> 20);
    return RIT_OK;
}

enum rit_opening rit_training_open(struct rit_training *t, struct rit_blocks *blocks, struct rit_error *err)
{
    const struct rit_assignment *a = &t->assignment;
    const struct rit_known_block *known;
    size_t bytes;
    /* The master has read this block: whoever cannot, or reads another one, is to blame himself. */
    if (rit_blocks_get(blocks, &a->values, &known, err) != RIT_OK)
        return RIT_UNFIT;
    t->trajectory = rit_point_trajectory(&a->values, &known->digest);
    struct rit_hash identity = rit_point_identity(&a->values, &t->trajectory);
    if (!rit_hash_equal(&identity, &a->identity)) {
        rit_fail(err, RIT_BAD_INPUT, "the data here are not those that the sweep began with");
        return RIT_UNFIT;
    }
    t->known = known;
    if (rit_run_memory(&a->values, &known->block, &bytes, NULL, err) != RIT_OK)
        return RIT_IMPOSSIBLE;
    if (make_run(t, &known->block, bytes, err) != RIT_OK)
        return RIT_TOO_LARGE;
    t->saved_at = rit_seconds();
    t->open_seconds = t->saved_at - t->began;
    return RIT_OPENED;
}

bool rit_training_slice(struct rit_training *t)
{
    double began = rit_seconds();
    if (rit_run_advance(t->run, t->slice))
        return true;
    double took = rit_seconds() - began;
    if (took < slice_seconds / 2)
        t->slice *= 2;
    else if (took > slice_seconds * 2 && t->slice > 1)
        t->slice /= 2;
    refresh_copy(t);
    return false;
}

uint64_t rit_training_trained(const struct rit_training *t)
{
    return steps_of(t) - t->assignment.from_steps;
}

/* What all ranks have found for it; NULL: nothing. */
static double *recall(const struct rit_training *t)
{
    const struct rit_point *point = &t->assignment.values;
    if (!rit_gathering_is_asked(point) || !rit_gathering_is_wanted(&t->known->block))
        return NULL;
    struct rit_hash kernel = rit_gathering_kernel(point, t->known);
    return rit_gathering_recall(t->assignment.fence->run, &kernel, t->known->block.pairs);
}

void rit_training_finish(struct rit_training *t, struct rit_outcome *outcome)
{
    const struct rit_assignment *a = &t->assignment;
    double *given = recall(t);
    rit_run_give_kernel_spectrum(t->run, given);
    rit_run_finish(t->run, outcome);
    free(given);
    bool more = !rit_limit_of(&a->values)->survey; /* of which nothing can be asked later */
    if (more && rit_ending_is_kept(a->keep, outcome->end))
        rit_ending_keep(a->fence, &a->identity, &a->values, t->run, rit_training_seconds(t));
}
