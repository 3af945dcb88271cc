/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/sweep.h"

#include "base/process.h"
#include "kernel/kernels.h"
#include "sweep/launcher.h"
#include "sweep/walltime.h"
#include "sweep/wire.h"
#include "sweep/worker.h"

#include <math.h>
#include <mpi.h>
#include <sched.h>
#include <time.h>

static const double longest_rest = 1e-3;        /* seconds, of a master or of a worker that waits for work */
static const double rest_beside_trainer = 5e-3; /* of a worker whose trainer wants the core */
/* Seconds after a message in which the answer to it is awaited without a nap. */
static const double awake_after = 300e-6;
static const double longest_goodbye = 5; /* seconds that the last messages may take */

/* How this process ends. */
struct parting {
    bool unreachable; /* other ranks may be dead: MPI_Finalize would wait for them */
    bool busy;        /* a thread is still at something: nothing it uses may be freed */
};

static void abort_everybody(void)
{
    MPI_Abort(MPI_COMM_WORLD, 70);
}

/* ---- turns ---- */

/* What a rank has had to do lately. */
struct leisure {
    double since; /* when there was something last */
    int naps;     /* since then */
};

/* How long to rest now: an idle rank sleeps, first shortly. No core is burnt, and no message waits for long;
 * least where somebody has nothing to do until it comes. */
static double pause_after(bool did_something, double longest, struct leisure *leisure)
{
    static const double shortest = 50e-6;
    if (did_something)
        *leisure = (struct leisure){.since = rit_seconds()};
    else if (leisure->naps < 8)
        leisure->naps++;
    return leisure->naps == 0 ? 0 : fmin(longest, ldexp(shortest, leisure->naps - 1));
}

/* The same where only a message can end the leisure: one that is the answer to another comes sooner than any
 * nap ends, so that for a moment others get the core and nobody sleeps. */
static double pause_for_message(bool did_something, struct leisure *leisure)
{
    if (!did_something && rit_seconds() < leisure->since + awake_after) {
        sched_yield();
        return 0;
    }
    return pause_after(did_something, longest_rest, leisure);
}

static void rest(double seconds)
{
    if (seconds > 0)
        nanosleep(&(struct timespec){.tv_nsec = (long)(1e9 * seconds)}, NULL);
}

/* Let the last messages go out; what is meant for dead ranks never will. */
static void say_goodbye(struct rit_post *post)
{
    double until = rit_seconds() + longest_goodbye;
    struct leisure leisure = {0};
    while (!post->is_sent(post) && rit_seconds() < until)
        rest(pause_after(false, longest_rest, &leisure));
}

/* The sweep could not begin: everybody leaves. */
static void release_all(struct rit_post *post, int workers, bool at_once)
{
    struct rit_buffer bytes = {0};
    rit_message_pack(&(struct rit_message){.word = RIT_TELLS_RELEASE, .leave_at_once = at_once}, &bytes);
    for (int w = 1; w <= workers; w++)
        post->send(post, w, bytes.data, bytes.size);
    rit_buffer_release(&bytes);
}

static enum rit_status conduct(const struct rit_sweep_options *options, struct rit_post *post, int workers,
                               const struct rit_walltime *walltime, bool *at_once, struct rit_error *err)
{
    bool recovery = rit_launcher_recovers();
    struct rit_conductor *conductor = rit_conductor_new(options, post, workers, walltime, recovery, err);
    if (!conductor) {
        *at_once = recovery;
        release_all(post, workers, recovery);
        say_goodbye(post);
        return err->status;
    }
    enum rit_status status;
    bool holds_on = true;
    struct leisure leisure = {0};
    while (!rit_conductor_is_over(conductor, &status, at_once)) {
        rest(pause_for_message(rit_conductor_turn(conductor), &leisure));
        if (holds_on && rit_conductor_has_met_all(conductor)) {
            rit_launcher_let_go();
            holds_on = false;
        }
    }
    say_goodbye(post);
    rit_conductor_free(conductor);
    return status;
}

/* A worker whose trainer is in the middle of a step for nobody is left alone with it: the process ends by
 * _exit. */
static void dismiss(struct rit_worker *worker, struct parting *parting)
{
    parting->busy = rit_worker_is_busy(worker);
    if (!parting->busy)
        rit_worker_free(worker);
}

static enum rit_status work(const struct rit_sweep_options *options, struct rit_post *post,
                            struct parting *parting)
{
    struct rit_worker *worker = rit_worker_new(post, rit_sweep_options_digest(options));
    enum rit_status status;
    bool holds_on = true;
    struct leisure leisure = {0};
    while (!rit_worker_has_left(worker, &status, &parting->unreachable)) {
        bool did = rit_worker_turn(worker);
        rit_worker_rest(worker, rit_worker_is_busy(worker) ? pause_after(did, rest_beside_trainer, &leisure)
                                                           : pause_for_message(did, &leisure));
        if (holds_on && rit_worker_is_welcome(worker)) {
            rit_launcher_let_go();
            holds_on = false;
        }
    }
    say_goodbye(post);
    dismiss(worker, parting);
    return status;
}

/* Master and worker take turns until both are done. */
static enum rit_status take_turns(struct rit_conductor *conductor, struct rit_worker *worker)
{
    enum rit_status status, own;
    bool at_once, over, left;
    struct leisure leisure = {0};
    do {
        over = rit_conductor_is_over(conductor, &status, &at_once);
        left = rit_worker_has_left(worker, &own, &at_once);
        bool did = !over && rit_conductor_turn(conductor);
        did |= !left && rit_worker_turn(worker);
        rit_worker_rest(worker, pause_after(did, rest_beside_trainer, &leisure));
    } while (!over || !left);
    return status;
}

static enum rit_status alone(const struct rit_sweep_options *options, const struct rit_walltime *walltime,
                             struct parting *parting, struct rit_error *err)
{
    struct rit_post *post[2];
    RIT_TRY(rit_launcher_check_alone(options->shares, err));
    rit_launcher_mind_components(1);
    if (!rit_kernels_choose(err))
        return err->status;
    rit_post_local(2, post);
    struct rit_conductor *conductor = rit_conductor_new(options, post[0], 1, walltime, false, err);
    enum rit_status status = conductor ? RIT_OK : err->status;
    if (conductor) {
        struct rit_worker *worker = rit_worker_new(post[1], rit_sweep_options_digest(options));
        status = take_turns(conductor, worker);
        dismiss(worker, parting);
    }
    rit_conductor_free(conductor);
    post[0]->close(post[0]);
    post[1]->close(post[1]);
    return status;
}

static enum rit_status together(const struct rit_sweep_options *options, const struct rit_walltime *walltime,
                                struct parting *parting, struct rit_error *err)
{
    struct rit_post *post = rit_post_mpi();
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (post->self == 0)
        rit_launcher_mind_components(ranks);
    enum rit_status status = post->self == 0
                                 ? conduct(options, post, ranks - 1, walltime, &parting->unreachable, err)
                                 : work(options, post, parting);
    post->close(post);
    return status;
}

static enum rit_status under_mpi(const struct rit_sweep_options *options, const struct rit_walltime *walltime,
                                 struct parting *parting, struct rit_error *err)
{
    int ranks = 1, threads;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &threads); /* the trainer's thread never calls MPI */
    rit_bug_hook(abort_everybody);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    enum rit_status status =
        ranks == 1 ? alone(options, walltime, parting, err) : together(options, walltime, parting, err);
    rit_bug_hook(NULL);
    if (!parting->unreachable)
        MPI_Finalize();
    return status;
}

enum rit_status rit_sweep(const struct rit_sweep_options *options, bool *at_once, struct rit_error *err)
{
    int rank = rit_launcher_rank();
    struct parting parting = {.busy = false};
    rit_stop_on_signals();
    struct rit_walltime walltime = rank <= 0 ? rit_walltime_begin() : rit_walltime_unlimited();
    enum rit_status status =
        rank < 0 ? alone(options, &walltime, &parting, err) : under_mpi(options, &walltime, &parting, err);
    *at_once = parting.unreachable || parting.busy;
    return status;
}
