/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/sweep.h"

#include "base/process.h"
#include "kernel/kernels.h"
#include "sweep/launcher.h"
#include "sweep/walltime.h"
#include "sweep/wire.h"
#include "sweep/worker.h"

#include <mpi.h>
#include <time.h>

static const double longest_goodbye = 5; /* seconds that the last messages may take */

static void abort_everybody(void)
{
    MPI_Abort(MPI_COMM_WORLD, 70);
}

/* ---- turns ---- */

/* An idle rank sleeps, first shortly, then for 5 ms: no core is burnt, and no message waits for long. */
static void rest(bool did_something, int *idle)
{
    if (did_something) {
        *idle = 0;
        return;
    }
    long nanoseconds = 50000L << (*idle < 7 ? *idle : 7);
    nanosleep(&(struct timespec){.tv_nsec = nanoseconds < 5000000 ? nanoseconds : 5000000}, NULL);
    *idle += 1;
}

/* Let the last messages go out; what is meant for dead ranks never will. */
static void say_goodbye(struct rit_post *post)
{
    double until = rit_seconds() + longest_goodbye;
    int idle = 0;
    while (!post->is_sent(post) && rit_seconds() < until)
        rest(false, &idle);
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
    int idle = 0;
    while (!rit_conductor_is_over(conductor, &status, at_once)) {
        rest(rit_conductor_turn(conductor), &idle);
        if (holds_on && rit_conductor_has_met_all(conductor)) {
            rit_launcher_let_go();
            holds_on = false;
        }
    }
    say_goodbye(post);
    rit_conductor_free(conductor);
    return status;
}

static enum rit_status work(struct rit_post *post, bool *at_once)
{
    struct rit_worker *worker = rit_worker_new(post);
    enum rit_status status;
    bool holds_on = true;
    int idle = 0;
    while (!rit_worker_has_left(worker, &status, at_once)) {
        rest(rit_worker_turn(worker), &idle);
        if (holds_on && rit_worker_is_welcome(worker)) {
            rit_launcher_let_go();
            holds_on = false;
        }
    }
    say_goodbye(post);
    rit_worker_free(worker);
    return status;
}

static enum rit_status alone(const struct rit_sweep_options *options, const struct rit_walltime *walltime,
                             struct rit_error *err)
{
    struct rit_post *post[2];
    bool at_once;
    RIT_TRY(rit_launcher_check_alone(options->shares, err));
    if (!rit_kernels_choose(err))
        return err->status;
    rit_post_local(2, post);
    struct rit_conductor *conductor = rit_conductor_new(options, post[0], 1, walltime, false, err);
    enum rit_status status = conductor ? RIT_OK : err->status;
    if (conductor) {
        struct rit_worker *worker = rit_worker_new(post[1]);
        enum rit_status own;
        int idle = 0;
        while (!rit_conductor_is_over(conductor, &status, &at_once)) {
            bool did = rit_conductor_turn(conductor);
            did |= !rit_worker_has_left(worker, &own, &at_once) && rit_worker_turn(worker);
            rest(did, &idle);
        }
        rit_worker_free(worker);
    }
    rit_conductor_free(conductor);
    post[0]->close(post[0]);
    post[1]->close(post[1]);
    return status;
}

static enum rit_status together(const struct rit_sweep_options *options, const struct rit_walltime *walltime,
                                bool *at_once, struct rit_error *err)
{
    struct rit_post *post = rit_post_mpi();
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    enum rit_status status =
        post->self == 0 ? conduct(options, post, ranks - 1, walltime, at_once, err) : work(post, at_once);
    post->close(post);
    return status;
}

enum rit_status rit_sweep(const struct rit_sweep_options *options, bool *at_once, struct rit_error *err)
{
    int rank = rit_launcher_rank(), ranks = 1;
    *at_once = false;
    rit_stop_on_signals();
    struct rit_walltime walltime = rank <= 0 ? rit_walltime_begin() : rit_walltime_unlimited();
    if (rank < 0)
        return alone(options, &walltime, err);
    MPI_Init(NULL, NULL);
    rit_bug_hook(abort_everybody);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    enum rit_status status =
        ranks == 1 ? alone(options, &walltime, err) : together(options, &walltime, at_once, err);
    rit_bug_hook(NULL);
    if (!*at_once)
        MPI_Finalize();
    return status;
}
