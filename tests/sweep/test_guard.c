/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is in a work of all ranks ends when another of them dies on its machine, and only then. */
#include "testing.h"

#include <ritardando/status.h>

#include "sweep/guard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Another rank: a process that waits to be killed. */
static pid_t start_colleague(struct rit_peer *peer)
{
    int channel[2];
    assert_int_equal(pipe(channel), 0);
    pid_t pid = fork();
    if (pid == 0) {
        *peer = rit_peer_self();
        _exit(write(channel[1], peer, sizeof *peer) == sizeof *peer ? pause() : 1);
    }
    assert_int_equal(read(channel[0], peer, sizeof *peer), sizeof *peer);
    close(channel[0]);
    close(channel[1]);
    return pid;
}

static void kill_colleague(pid_t pid)
{
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_a_death_ends_who_would_wait_for_ever(void **state)
{
    (void)state;
    struct rit_peer peer, self;
    int ended;
    pid_t colleague = start_colleague(&peer), rank = fork();
    if (rank == 0) {
        self = rit_peer_self();
        rit_guard_watch(rit_guard_new(&self), &peer);
        for (;;)
            pause();
    }
    kill_colleague(colleague);
    assert_int_equal(waitpid(rank, &ended, 0), rank);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), RIT_STOPPED);
}

static void test_the_living_and_who_is_out_of_sight_end_nobody(void **state)
{
    (void)state;
    struct rit_peer near, far, self = rit_peer_self();
    pid_t colleague = start_colleague(&near), other = start_colleague(&far);
    strcpy(far.machine, "elsewhere");
    struct rit_guard *guard = rit_guard_new(&self);
    rit_guard_watch(guard, &near);
    rit_guard_watch(guard, &far);
    kill_colleague(other); /* there nobody can see it */
    sleep(2);              /* two looks: this process would be gone */
    rit_guard_free(guard);
    kill_colleague(colleague); /* everybody is back: it may die */
    sleep(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_death_ends_who_would_wait_for_ever),
        cmocka_unit_test(test_the_living_and_who_is_out_of_sight_end_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
