/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the master of a sweep can do: `mpirun -n K bench_dispatch CONFIG RUN` conducts the sweep as the
 * program does, with its journal, syncs, events and prices, for workers that answer every point at once,
 * untrained. Prints points a second between the first that is given out and the last result, and the CPU time
 * of the master for a point.
 */
#include "base/process.h"
#include "base/version.h"
#include "store/results.h"
#include "sweep/conductor.h"
#include "sweep/wire.h"

#include <mpi.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* CPU seconds of the turns in which there was something to do. */
static double conduct(const struct rit_sweep_options *options, struct rit_post *post, int workers)
{
    struct rit_walltime walltime = rit_walltime_unlimited();
    struct rit_error err = {0};
    struct rit_conductor *conductor = rit_conductor_new(options, post, workers, &walltime, false, &err);
    enum rit_status status;
    bool at_once;
    double used = 0;
    if (!conductor) {
        fprintf(stderr, "bench: %s\n", err.text);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    while (!rit_conductor_is_over(conductor, &status, &at_once)) {
        double began = cpu_seconds();
        if (rit_conductor_turn(conductor))
            used += cpu_seconds() - began;
        else
            sched_yield();
    }
    while (!post->is_sent(post))
        sched_yield();
    rit_conductor_free(conductor);
    return used;
}

static void say(struct rit_post *post, const struct rit_message *message)
{
    struct rit_buffer bytes = {0};
    rit_message_pack(message, &bytes);
    post->send(post, 0, bytes.data, bytes.size);
    rit_buffer_release(&bytes);
}

/* The point was run to tau = 1 without learning anything, in no time. */
static void answer(struct rit_post *post, const struct rit_message *order)
{
    struct rit_buffer packed = {0};
    char *text = strndup(order->bytes, order->size);
    RIT_CHECK(text);
    struct rit_result result = {.identity = order->identity, .trajectory = order->identity, .point = text};
    result.outcome = (struct rit_outcome){.end = RIT_END_CENSORED, .steps = 1, .tau = 1};
    snprintf(result.provenance.host, sizeof result.provenance.host, "bench");
    snprintf(result.provenance.program, sizeof result.provenance.program, "%s", rit_version());
    rit_result_pack(&result, &packed);
    say(post, &(struct rit_message){.word = RIT_SAYS_RESULT,
                                    .lease = order->lease,
                                    .point = order->point,
                                    .bytes = packed.data,
                                    .size = packed.size});
    rit_buffer_release(&packed);
    free(text);
}

/* When the first point came, and when the last result went. */
static void work(struct rit_post *post, uint64_t asked, double *first, double *last)
{
    struct rit_buffer in = {0};
    int from;
    say(post, &(struct rit_message){.word = RIT_SAYS_HELLO,
                                    .peer = rit_peer_self(),
                                    .numerics = RIT_NUMERICS_VERSION,
                                    .asked = asked});
    for (bool released = false; !released;) {
        struct rit_message message;
        if (!post->receive(post, &from, &in)) {
            sched_yield();
            continue;
        }
        RIT_CHECK(rit_message_read(in.data, in.size, &message));
        released = message.word == RIT_TELLS_RELEASE;
        if (message.word != RIT_TELLS_ASSIGN)
            continue;
        if (*first == 0)
            *first = MPI_Wtime();
        answer(post, &message);
        *last = MPI_Wtime();
    }
    while (!post->is_sent(post))
        sched_yield();
    rit_buffer_release(&in);
}

int main(int argc, char **argv)
{
    int ranks, rank, threads;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &threads);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (argc != 3 || ranks < 2) {
        fprintf(stderr, "usage: mpirun -n K bench_dispatch CONFIG RUN\n");
        return 64;
    }
    struct rit_sweep_options options = {.config = argv[1], .run = argv[2], .shares = 1};
    struct rit_post *post = rit_post_mpi();
    struct rit_config config;
    struct rit_error err = {0};
    double used = 0, first = 0, last = 0, began, ended;
    RIT_CHECK(rit_config_read(argv[1], &config, &err) == RIT_OK);
    if (rank == 0)
        used = conduct(&options, post, ranks - 1);
    else
        work(post, rit_sweep_options_digest(&options), &first, &last);
    first = rank == 0 ? 1e300 : first;
    MPI_Reduce(&first, &began, 1, MPI_DOUBLE, MPI_MIN, 0, MPI_COMM_WORLD);
    MPI_Reduce(&last, &ended, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    int points = rit_plan_count(&config);
    if (rank == 0)
        printf("%.1f %.3g\n", points / (ended - began), used / points);
    post->close(post);
    rit_config_release(&config);
    MPI_Finalize();
    return 0;
}
