/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "theatre.h"

#include "base/random.h"
#include "sweep/master.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static const double lease = 120, beat_every = 15, checkpoint_every = 60, turn_every = 0.5;
enum { ATTEMPTS = 3, MOST_STARTS = 2000 };

enum scene_kind {
    MASTER_TURN,
    MASTER_DIES,
    SOMEBODY_STOPS,
    SOMEBODY_DRAINS,
    TO_MASTER, /* a message arrives: `message` under `lease` */
    TO_WORKER,
    BEAT,
    CHECKPOINT,
    DATASET_IS_WRITTEN,
    POINT_ENDS,
    DEATH,
    HANG,
    SIGNALLED,
    ALL_ARE_BACK, /* from a gathering for `point` */
};

enum message { HELLO, SIGN_OF_LIFE, RESULT, GIVEN_BACK, UNFIT, DECLINED, READY };

enum { FAILS_EVERYWHERE = 1, FAILS_ON_ONE = 2 };

struct scene {
    double time;
    uint64_t number; /* decides between equal times */
    enum scene_kind kind;
    int worker, point, message; /* message: enum message, or an rit_order_kind */
    uint64_t lease;
    double progress;
};

struct actor {
    bool alive, leaving, busy, unfit;
    uint64_t lease;
    int point;
    double began, progress_first;    /* progress grows linearly from there */
    double hung_until, silent_after; /* what it has on the way later than that is lost with it */
    double sent_until[2];            /* latest arrival on the way to the master, to it */
    bool said_lost;
    bool inside; /* was sent in together with the others */
};

struct entry {
    int point;
    bool replaces; /* a failure */
};

struct stage {
    const struct script *script;
    struct rit_random dice;
    struct scene *scene; /* binary heap */
    int scenes, room;
    uint64_t numbered;
    double now;

    struct actor *actor;
    double *length;  /* of each point [s] */
    double *on_disk; /* progress in the newest checkpoint */
    char *poison;    /* workers it will still kill */
    char *failing;
    char *together, *prepared; /* points that all gather for; of which what they made is on disk */

    /* The journal: how often each point is in it, and what a crash may still take. */
    int *recorded;
    char *recorded_failed;
    struct entry *unsynced; /* [2 * points] */
    int n_unsynced;

    struct rit_master *master;
    bool ended, died, writing;
    bool gathering; /* the master is inside, too: it hears nothing */
    double gathered_until;
    int datasets;
    double dataset_began;
    struct applause *applause;
};

static bool earlier(const struct scene *a, const struct scene *b)
{
    return a->time < b->time || (a->time == b->time && a->number < b->number);
}

static void plan_scene(struct stage *s, struct scene scene)
{
    if (s->scenes == s->room) {
        s->room = s->room ? 2 * s->room : 1024;
        s->scene = realloc(s->scene, (size_t)s->room * sizeof *s->scene);
        assert_non_null(s->scene);
    }
    scene.number = s->numbered++;
    int at = s->scenes++;
    while (at > 0 && earlier(&scene, &s->scene[(at - 1) / 2])) {
        s->scene[at] = s->scene[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->scene[at] = scene;
}

static struct scene next_scene(struct stage *s)
{
    assert_true(s->scenes > 0);
    struct scene first = s->scene[0], last = s->scene[--s->scenes];
    int at = 0;
    for (int child; (child = 2 * at + 1) < s->scenes; at = child) {
        if (child + 1 < s->scenes && earlier(&s->scene[child + 1], &s->scene[child]))
            child++;
        if (!earlier(&s->scene[child], &last))
            break;
        s->scene[at] = s->scene[child];
    }
    s->scene[at] = last;
    return first;
}

static bool chance(struct stage *s, double p)
{
    return p > 0 && rit_random_uniform(&s->dice) < p;
}

static double wait_for(struct stage *s, double mean)
{
    return -mean * log(1 - rit_random_uniform(&s->dice));
}

/* A Poisson process: nothing when the rate is 0. */
static void plan_mishap(struct stage *s, enum scene_kind kind, int worker, double per_hour)
{
    if (per_hour > 0)
        plan_scene(
            s, (struct scene){.time = s->now + wait_for(s, 3600 / per_hour), .kind = kind, .worker = worker});
}

static double arrival(struct stage *s, double *sent_until)
{
    *sent_until = fmax(*sent_until, s->now + wait_for(s, s->script->delay));
    return *sent_until;
}

static double progress_of(const struct stage *s, const struct actor *a)
{
    return fmin(1, a->progress_first + (s->now - a->began) / s->length[a->point]);
}

static void tell_master(struct stage *s, int w, enum message message)
{
    struct actor *a = &s->actor[w];
    plan_scene(s, (struct scene){.time = arrival(s, &a->sent_until[0]),
                                 .kind = TO_MASTER,
                                 .worker = w,
                                 .point = a->point,
                                 .message = message,
                                 .lease = a->busy ? a->lease : 0,
                                 .progress = a->busy ? progress_of(s, a) : 0});
}

static void tell_worker(struct stage *s, const struct rit_order *order)
{
    plan_scene(s, (struct scene){.time = arrival(s, &s->actor[order->worker].sent_until[1]),
                                 .kind = TO_WORKER,
                                 .worker = order->worker,
                                 .point = order->point,
                                 .message = (int)order->kind,
                                 .lease = order->lease});
}

static void answer_call(struct stage *s, int w, uint64_t call)
{
    plan_scene(s, (struct scene){.time = arrival(s, &s->actor[w].sent_until[0]),
                                 .kind = TO_MASTER,
                                 .worker = w,
                                 .message = READY,
                                 .lease = call});
}

/* ---- the disk ---- */

static bool fails(const struct stage *s, int p, int w)
{
    return s->failing[p] == FAILS_EVERYWHERE ||
           (s->failing[p] == FAILS_ON_ONE && p % s->script->workers == w);
}

/* Never twice, whatever happened, but for a sound result in the place of a failure. */
static void record(struct stage *s, int p, bool failed, bool replaces)
{
    assert_int_equal(s->recorded[p], replaces);
    assert_true(!replaces || (s->recorded_failed[p] && !failed));
    s->recorded[p] = 1;
    s->recorded_failed[p] = failed;
    s->unsynced[s->n_unsynced++] = (struct entry){p, replaces};
}

/* ---- the master's hands ---- */

static struct rit_tally tally_of(const struct stage *s)
{
    struct rit_tally tally;
    rit_master_tally(s->master, &tally);
    return tally;
}

static void master_dies(struct stage *s);

/* Everybody waits for everybody: who is dead already, or dies inside, takes all with it. */
static void gather(struct stage *s, const struct rit_order *order)
{
    assert_true(s->together[order->point] && !s->prepared[order->point]);
    assert_int_equal(s->n_unsynced, 0);
    if (order->worker >= 0) {
        assert_false(s->actor[order->worker].alive && s->actor[order->worker].busy);
        s->actor[order->worker].inside = true;
        return;
    }
    bool all_live = true;
    s->gathering = true;
    s->gathered_until = s->now + wait_for(s, s->script->seconds);
    for (int w = 0; w < s->script->workers; w++)
        if (s->actor[w].inside) {
            all_live = all_live && s->actor[w].alive;
            s->gathered_until = fmax(s->gathered_until, s->actor[w].hung_until);
        }
    if (all_live) {
        plan_scene(s, (struct scene){.time = s->gathered_until, .kind = ALL_ARE_BACK, .point = order->point});
        return;
    }
    s->applause->broken++;
    master_dies(s);
}

static void carry_out(struct stage *s, const struct rit_order *order, const struct scene *in_hand)
{
    struct applause *sum = s->applause;
    sum->digest = (sum->digest ^ (uint64_t)order->kind) * 0x100000001b3u;
    sum->digest = (sum->digest ^ (uint64_t)(order->worker + 1)) * 0x100000001b3u;
    sum->digest = (sum->digest ^ (uint64_t)(order->point + 1)) * 0x100000001b3u;
    switch (order->kind) {
    case RIT_ORDER_APPEND:
    case RIT_ORDER_REPLACE:
        assert_non_null(in_hand);
        assert_int_equal(in_hand->point, order->point);
        record(s, order->point, fails(s, order->point, in_hand->worker), order->kind == RIT_ORDER_REPLACE);
        sum->replaced += order->kind == RIT_ORDER_REPLACE;
        break;
    case RIT_ORDER_DOUBT:
        assert_int_equal(s->recorded[order->point], 0);
        assert_true(fails(s, order->point, order->worker));
        break;
    case RIT_ORDER_COMPARE:
        assert_int_equal(s->recorded[order->point], 1);
        sum->compared++;
        break;
    case RIT_ORDER_FAIL:
        record(s, order->point, true, false);
        sum->lost_recorded += rit_master_losses(s->master, order->point) >= ATTEMPTS;
        break;
    case RIT_ORDER_ACKNOWLEDGE:
        assert_int_equal(s->recorded[order->point], 1);
        for (int i = 0; i < s->n_unsynced; i++)
            assert_int_not_equal(s->unsynced[i].point, order->point); /* acknowledged means on disk */
        tell_worker(s, order);
        break;
    case RIT_ORDER_CALL:
        assert_true(s->together[order->point] && !s->recorded[order->point]);
        sum->called++;
        tell_worker(s, order);
        break;
    case RIT_ORDER_GATHER:
        gather(s, order);
        break;
    case RIT_ORDER_ASSIGN:
        assert_int_equal(s->recorded[order->point], 0);
        assert_true(!s->together[order->point] || s->prepared[order->point]);
        tell_worker(s, order);
        break;
    case RIT_ORDER_DROP:
    case RIT_ORDER_HALT:
        tell_worker(s, order);
        break;
    case RIT_ORDER_RELEASE:
        break;
    case RIT_ORDER_LOST:
        if (s->script->fences && s->actor[order->worker].alive) {
            s->actor[order->worker].alive = false;
            s->actor[order->worker].silent_after = s->now;
        }
        break;
    case RIT_ORDER_DATASET:
        assert_true(!s->writing || tally_of(s).end != RIT_SWEEP_GOES_ON);
        s->writing = true;
        s->datasets++;
        s->dataset_began = s->now;
        plan_scene(s, (struct scene){.time = s->now + wait_for(s, s->script->dataset),
                                     .point = s->datasets,
                                     .kind = DATASET_IS_WRITTEN});
        break;
    case RIT_ORDER_REPORT:
        break;
    case RIT_ORDER_FINISH:
        s->ended = true;
        break;
    }
}

static void carry_out_all(struct stage *s, const struct scene *in_hand)
{
    struct rit_order order;
    while (!s->died && rit_master_next(s->master, &order))
        carry_out(s, &order, in_hand);
}

static void master_hears(struct stage *s, const struct scene *scene)
{
    int w = scene->worker;
    if (!s->actor[w].alive && scene->time > s->actor[w].silent_after)
        return; /* died with its sender */
    struct rit_beat beat = {.progress = scene->progress, .save_seconds = 1, .open_seconds = 2};
    switch ((enum message)scene->message) {
    case HELLO:
        rit_master_joined(s->master, w, w / 2);
        break;
    case SIGN_OF_LIFE:
        rit_master_beat(s->master, w, scene->lease, &beat);
        break;
    case RESULT:
        rit_master_result(s->master, w, scene->lease, scene->point, fails(s, scene->point, w));
        break;
    case UNFIT:
        s->applause->unfit++;
        rit_master_unfit(s->master, w);
        break;
    case DECLINED:
        s->applause->declined++;
        rit_master_declined(s->master, w, scene->lease, scene->point);
        break;
    case READY:
        rit_master_ready(s->master, w, scene->lease);
        break;
    case GIVEN_BACK:
        rit_master_given_back(s->master, w);
        break;
    }
    carry_out_all(s, scene);
}

static void all_are_back(struct stage *s, int p)
{
    enum rit_gathered gathered = RIT_GATHERED;
    s->gathering = false;
    for (int w = 0; w < s->script->workers; w++)
        s->actor[w].inside = false;
    if (chance(s, s->script->large))
        gathered = chance(s, 0.3)   ? RIT_GATHERED_TOO_LARGE
                   : chance(s, 0.5) ? RIT_GATHERED_TOO_LATE
                                    : RIT_GATHERED_STOPPED;
    s->prepared[p] = gathered == RIT_GATHERED;
    s->applause->gathered++;
    rit_master_tick(s->master, s->now);
    rit_master_gathered(s->master, p, gathered);
    carry_out_all(s, NULL);
}

static void master_turn(struct stage *s)
{
    if (s->n_unsynced > 0 && !chance(s, 0.3)) { /* batches of several turns */
        s->n_unsynced = 0;
        rit_master_synced(s->master);
        carry_out_all(s, NULL);
    }
    for (int w = 0; !s->ended && w < s->script->workers && s->script->workers < 100; w++) {
        /* A worker on the master's own machine is seen to be dead, sooner or later. */
        if (!s->actor[w].alive && !s->actor[w].said_lost && chance(s, 0.01)) {
            s->actor[w].said_lost = true;
            rit_master_lost(s->master, w);
            carry_out_all(s, NULL);
        }
    }
    if (!s->ended) {
        rit_master_tick(s->master, s->now);
        carry_out_all(s, NULL);
    }
    double next = s->now + turn_every;
    if (chance(s, s->script->stalls)) {
        next += 3 * lease * rit_random_uniform(&s->dice);
        s->applause->stalls++;
    }
    plan_scene(s, (struct scene){.time = next, .kind = MASTER_TURN});
}

/* ---- the workers ---- */

static void start_point(struct stage *s, int w, const struct scene *order)
{
    struct actor *a = &s->actor[w];
    if (a->leaving)
        return;
    assert_false(a->busy); /* one point at a time */
    if (a->unfit) {
        a->leaving = true;
        tell_master(s, w, UNFIT);
        return;
    }
    a->busy = true;
    a->lease = order->lease;
    a->point = order->point;
    a->began = s->now;
    a->progress_first = s->on_disk[a->point];
    if (chance(s, s->script->large)) {
        tell_master(s, w, DECLINED);
        a->busy = false;
        return;
    }
    tell_master(s, w, SIGN_OF_LIFE);
    double left = (1 - a->progress_first) * s->length[a->point];
    struct scene own = {.worker = w, .lease = a->lease};
    own.kind = POINT_ENDS;
    own.time = s->now + left;
    plan_scene(s, own);
    own.kind = CHECKPOINT;
    own.time = s->now + checkpoint_every;
    if (left > checkpoint_every)
        plan_scene(s, own);
    if (s->poison[a->point] > 0) {
        s->poison[a->point]--;
        own.kind = DEATH;
        own.time = s->now + left * rit_random_uniform(&s->dice);
        plan_scene(s, own);
    }
}

static void give_back(struct stage *s, int w)
{
    struct actor *a = &s->actor[w];
    if (a->leaving)
        return;
    if (a->busy)
        s->on_disk[a->point] = fmax(s->on_disk[a->point], progress_of(s, a));
    a->busy = false;
    a->leaving = true;
    tell_master(s, w, GIVEN_BACK);
}

static void worker_hears(struct stage *s, int w, const struct scene *scene)
{
    struct actor *a = &s->actor[w];
    switch ((enum rit_order_kind)scene->message) {
    case RIT_ORDER_ASSIGN:
        start_point(s, w, scene);
        break;
    case RIT_ORDER_ACKNOWLEDGE:
        break;
    case RIT_ORDER_CALL:
        answer_call(s, w, scene->lease);
        break;
    case RIT_ORDER_DROP:
        if (a->lease == scene->lease)
            a->busy = false;
        break;
    case RIT_ORDER_HALT:
        if (a->busy && a->lease == scene->lease)
            give_back(s, w);
        break;
    default:
        fail();
    }
}

static void die(struct stage *s, int w)
{
    struct actor *a = &s->actor[w];
    a->alive = false;
    a->silent_after = s->now + wait_for(s, s->script->delay);
    s->applause->deaths++;
    if (a->inside) {
        s->applause->broken++;
        master_dies(s);
    }
}

/* One scene of a living worker. */
static void act(struct stage *s, struct scene *scene)
{
    int w = scene->worker;
    struct actor *a = &s->actor[w];
    if (!a->alive)
        return;
    if (s->now < a->hung_until && scene->kind != DEATH) {
        scene->time = a->hung_until; /* it does everything later, in the same order */
        plan_scene(s, *scene);
        return;
    }
    bool under_lease = a->busy && a->lease == scene->lease;
    switch (scene->kind) {
    case TO_WORKER:
        worker_hears(s, w, scene);
        break;
    case BEAT:
        tell_master(s, w, SIGN_OF_LIFE);
        scene->time = s->now + beat_every;
        plan_scene(s, *scene);
        break;
    case CHECKPOINT:
        if (!under_lease)
            break;
        s->on_disk[a->point] = fmax(s->on_disk[a->point], progress_of(s, a));
        scene->time = s->now + checkpoint_every;
        plan_scene(s, *scene);
        break;
    case POINT_ENDS:
        if (!under_lease)
            break;
        tell_master(s, w, RESULT);
        a->busy = false;
        break;
    case DEATH:
        if (scene->lease == 0 || under_lease)
            die(s, w);
        break;
    case HANG:
        a->hung_until = s->now + 3 * lease * rit_random_uniform(&s->dice);
        s->applause->hangs++;
        plan_mishap(s, HANG, w, s->script->hangs);
        break;
    case SIGNALLED:
        give_back(s, w);
        break;
    default:
        fail();
    }
}

/* ---- one start of the program ---- */

static void raise_curtain(struct stage *s)
{
    const struct script *script = s->script;
    struct rit_master_rules rules = {.lease = lease,
                                     .limit = s->now + script->limit,
                                     .leave = 5,
                                     .report = 600,
                                     .dataset = 300,
                                     .attempts = ATTEMPTS};
    s->scenes = s->n_unsynced = 0;
    s->ended = s->died = s->writing = s->gathering = false;
    s->master = rit_master_new(&rules, script->points, s->length, script->workers, s->now);
    for (int p = 0; p < script->points; p++)
        if (s->recorded[p])
            rit_master_keep(s->master, p);
        else if (s->together[p] && !s->prepared[p])
            rit_master_together(s->master, p);
    memset(s->actor, 0, (size_t)script->workers * sizeof *s->actor);
    for (int w = 0; w < script->workers; w++) {
        s->actor[w].alive = true;
        s->actor[w].unfit = chance(s, script->unfit);
        s->actor[w].point = -1;
        s->actor[w].sent_until[0] = s->actor[w].sent_until[1] = s->now;
        tell_master(s, w, HELLO);
        plan_scene(s, (struct scene){.time = s->now + beat_every * rit_random_uniform(&s->dice),
                                     .kind = BEAT,
                                     .worker = w});
        plan_mishap(s, DEATH, w, script->deaths);
        plan_mishap(s, HANG, w, script->hangs);
        plan_mishap(s, SIGNALLED, w, script->signals);
    }
    plan_mishap(s, MASTER_DIES, -1, script->master_deaths);
    plan_mishap(s, SOMEBODY_STOPS, -1, script->stops);
    plan_mishap(s, SOMEBODY_DRAINS, -1, script->drains);
    plan_scene(s, (struct scene){.time = s->now, .kind = MASTER_TURN});
}

/* Kill -9 of the master: of what was not synced, the disk keeps the first few or none. */
static void master_dies(struct stage *s)
{
    int keeps = (int)rit_random_below(&s->dice, (uint64_t)s->n_unsynced + 1);
    for (int i = keeps; i < s->n_unsynced; i++) {
        if (s->unsynced[i].replaces)
            s->recorded_failed[s->unsynced[i].point] = true;
        else
            s->recorded[s->unsynced[i].point] = 0;
    }
    s->ended = s->died = true;
}

/* While the master is in a gathering; that it may die there is another matter. */
static bool hears_nothing(const struct scene *scene)
{
    return scene->kind == MASTER_TURN || scene->kind == SOMEBODY_STOPS || scene->kind == SOMEBODY_DRAINS ||
           scene->kind == TO_MASTER || scene->kind == DATASET_IS_WRITTEN;
}

static void play_one_start(struct stage *s)
{
    raise_curtain(s);
    double began = s->now, patience = 1000 * 3600.0;
    while (!s->ended) {
        struct scene scene = next_scene(s);
        s->now = scene.time;
        assert_true(s->now < began + patience); /* a sweep that never ends is a bug */
        if (s->gathering && hears_nothing(&scene)) {
            scene.time = s->gathered_until; /* in the same order, behind the work */
            plan_scene(s, scene);
            continue;
        }
        switch (scene.kind) {
        case MASTER_TURN:
            master_turn(s);
            break;
        case MASTER_DIES:
            master_dies(s);
            break;
        case SOMEBODY_STOPS:
            rit_master_stop(s->master);
            carry_out_all(s, NULL);
            break;
        case SOMEBODY_DRAINS:
            rit_master_drain(s->master);
            carry_out_all(s, NULL);
            break;
        case ALL_ARE_BACK:
            all_are_back(s, scene.point);
            break;
        case TO_MASTER:
            master_hears(s, &scene);
            break;
        case DATASET_IS_WRITTEN:
            if (scene.point != s->datasets)
                break; /* given up for the last one */
            s->writing = false;
            rit_master_dataset_written(s->master, s->now - s->dataset_began);
            carry_out_all(s, NULL);
            break;
        default:
            act(s, &scene);
        }
    }
    struct rit_tally tally = tally_of(s);
    if (tally.end == RIT_SWEEP_COMPLETE && !s->died)
        assert_int_equal(tally.done, s->script->points);
    if (!s->died)
        assert_int_equal(s->n_unsynced, 0);
    rit_master_free(s->master);
    s->applause->starts++;
}

static bool all_recorded(const struct stage *s)
{
    for (int p = 0; p < s->script->points; p++)
        if (!s->recorded[p])
            return false;
    return true;
}

struct applause theatre_play(const struct script *script)
{
    struct applause applause = {.digest = 0xcbf29ce484222325u};
    struct stage s = {.script = script, .applause = &applause};
    size_t points = (size_t)script->points + 1;
    s.dice = rit_random_open(script->seed, RIT_FOR_TEST, 1, 0);
    s.actor = calloc((size_t)script->workers, sizeof *s.actor);
    s.length = calloc(points, sizeof *s.length);
    s.on_disk = calloc(points, sizeof *s.on_disk);
    s.poison = calloc(points, 1);
    s.failing = calloc(points, 1);
    s.together = calloc(points, 1);
    s.prepared = calloc(points, 1);
    s.recorded = calloc(points, sizeof *s.recorded);
    s.recorded_failed = calloc(points, 1);
    s.unsynced = calloc(2 * points, sizeof *s.unsynced);
    for (int p = 0; p < script->points; p++) {
        s.length[p] = 0.1 + wait_for(&s, script->seconds);
        s.poison[p] = chance(&s, script->poisoned) ? POISON : 0;
        s.failing[p] = chance(&s, script->failing)    ? FAILS_EVERYWHERE
                       : chance(&s, script->doubtful) ? FAILS_ON_ONE
                                                      : 0;
        s.together[p] = chance(&s, script->together);
    }
    do {
        assert_true(applause.starts < MOST_STARTS);
        play_one_start(&s);
    } while (!all_recorded(&s));
    for (int p = 0; p < script->points; p++) {
        assert_int_equal(s.recorded[p], 1);
        if (s.failing[p] == FAILS_EVERYWHERE)
            assert_true(s.recorded_failed[p]);
        applause.failed += s.recorded_failed[p];
    }
    applause.hours = s.now / 3600;
    free(s.scene);
    free(s.actor);
    free(s.length);
    free(s.on_disk);
    free(s.poison);
    free(s.failing);
    free(s.together);
    free(s.prepared);
    free(s.recorded);
    free(s.recorded_failed);
    free(s.unsynced);
    return applause;
}
