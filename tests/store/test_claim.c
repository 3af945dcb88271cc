/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"
#include "store/claim.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static void test_second_start_says_who_holds_the_run(void **state)
{
    const char *run = *state;
    struct rit_claim first, second;
    struct rit_error err;
    assert_int_equal(rit_claim_take(run, &first, NULL), RIT_OK);
    assert_string_equal(first.writer, "000001");
    assert_int_equal(rit_claim_take(run, &second, &err), RIT_STOPPED);
    char host[64] = "", process[40];
    gethostname(host, sizeof host - 1);
    snprintf(process, sizeof process, "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, host));
    assert_non_null(strstr(err.text, process));
    assert_non_null(strstr(err.text, "Z ("));
    assert_int_equal(rit_fence_check(&first.fence, NULL), RIT_OK); /* the refused start did no harm */
    rit_claim_release(&first);
    assert_int_equal(rit_claim_take(run, &second, NULL), RIT_OK);
    assert_int_equal(second.fence.epoch, 2);
    rit_claim_release(&second);
}

static void test_a_killed_holder_gives_the_run_free(void **state)
{
    const char *run = *state;
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct rit_claim claim;
        char ready = rit_claim_take(run, &claim, NULL) == RIT_OK;
        if (write(pipe_ends[1], &ready, 1) == 1)
            pause();
        _exit(0);
    }
    char ready = 0;
    assert_int_equal(read(pipe_ends[0], &ready, 1), 1);
    assert_int_equal(ready, 1);
    struct rit_claim claim;
    assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_STOPPED);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_OK);
    assert_int_equal(claim.fence.epoch, 2);
    rit_claim_release(&claim);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* As on a file system without locks, where a start on another host cannot see that the first one lives. */
static void test_an_older_incarnation_finds_out(void **state)
{
    const char *run = *state;
    struct rit_claim old, new;
    struct rit_error err;
    assert_int_equal(rit_claim_take(run, &old, NULL), RIT_OK);
    close(old.fd); /* its lock is lost, but it goes on */
    old.fd = -1;
    assert_int_equal(rit_claim_take(run, &new, NULL), RIT_OK);
    assert_string_not_equal(old.writer, new.writer);
    assert_int_equal(rit_fence_check(&new.fence, NULL), RIT_OK);
    assert_int_equal(rit_fence_check(&old.fence, &err), RIT_STOPPED);
    assert_non_null(strstr(err.text, "start 2 of this run"));
    rit_claim_release(&new);
}

enum { STARTERS = 24 };

/* Many starts at the same moment: no epoch twice, and one of them has the run. */
static void test_starts_at_once(void **state)
{
    const char *run = *state;
    int pipe_ends[2], hold[2];
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(pipe(hold), 0);
    for (int i = 0; i < STARTERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0)
            continue;
        close(hold[1]);
        struct rit_claim claim;
        int epoch = rit_claim_take(run, &claim, NULL) == RIT_OK ? claim.fence.epoch : 0;
        char end;
        if (write(pipe_ends[1], &epoch, sizeof epoch) != sizeof epoch || read(hold[0], &end, 1) != 0)
            _exit(1);
        _exit(0); /* all keep what they have until the last has tried */
    }
    int holders = 0, highest = 0;
    for (int i = 0; i < STARTERS; i++) {
        int epoch;
        assert_int_equal(read(pipe_ends[0], &epoch, sizeof epoch), sizeof epoch);
        holders += epoch > 0;
        assert_true(epoch == 0 || epoch != highest);
        highest = epoch > highest ? epoch : highest;
    }
    assert_true(holders >= 1);
    struct rit_claim claim;
    struct rit_error err;
    assert_int_equal(rit_claim_take(run, &claim, &err), RIT_STOPPED);
    close(hold[1]);
    for (int i = 0, status; i < STARTERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    print_message("%d starts at once: %d got the run\n", STARTERS, holders);
    close(hold[0]);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* Only what a start before this one left half written goes; names that only look alike are somebody's own. */
static void test_leftovers_are_removed(void **state)
{
    static const char *const ours[] = {".phase-diagram.h5.ritardando-000000-0123456789abcdef.tmp",
                                       "checkpoints/.00ff.0.ritardando-000000-0123456789abcdef.tmp"};
    static const char *const theirs[] = {
        "thesis.tmp",
        "checkpoints/model.tmp",
        "phase-diagram.h5.node1-12.tmp",
        ".ritardando-000000-0123456789abcdef.tmp",
        ".a.ritardando-000000-0123456789abcde.tmp",
        ".a.ritardando-000000-0123456789abcdeg.tmp",
        "a.ritardando-000000-0123456789abcdef.tmp",
        ".a.ritardando-000000-0123456789abcdef.tmpx",
        ".a.ritardando-000009-0123456789abcdef.tmp", /* of a later start */
    };
    const char *run = *state;
    char path[600];
    snprintf(path, sizeof path, "%s/checkpoints", run);
    assert_int_equal(mkdir(path, 0777), 0);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", run, ours[i]);
        example_write(path, "", 0);
    }
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", run, theirs[i]);
        example_write(path, "", 0);
    }
    struct rit_claim claim;
    assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_OK);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", run, ours[i]);
        assert_int_not_equal(access(path, F_OK), 0);
    }
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", run, theirs[i]);
        assert_int_equal(access(path, F_OK), 0);
    }
    rit_claim_release(&claim);
}

static void test_a_folder_that_cannot_be_made(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/file", (const char *)*state);
    example_write(path, "", 0);
    struct rit_claim claim;
    struct rit_error err;
    assert_int_equal(rit_claim_take(path, &claim, &err), RIT_IO);
    assert_non_null(strstr(err.text, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_second_start_says_who_holds_the_run),
        IN_FOLDER(test_a_killed_holder_gives_the_run_free),
        IN_FOLDER(test_an_older_incarnation_finds_out),
        IN_FOLDER(test_starts_at_once),
        IN_FOLDER(test_leftovers_are_removed),
        IN_FOLDER(test_a_folder_that_cannot_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
