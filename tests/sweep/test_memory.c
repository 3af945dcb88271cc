/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory that `check` predicts is what a worker takes: opened from a checkpoint, trained, copied and
 * saved. */
#include "testing.h"

#include <ritardando/run.h>

#include "store/claim.h"
#include "sweep/training.h"
#include "train/identity.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[200];

static int enter(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/ritardando-memory-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* A state much larger than the rest: aging keeps the weights at every waiting time. */
static size_t make_assignment(const struct rit_fence *fence, struct rit_assignment *a)
{
    struct rit_block block;
    size_t bytes;
    *a = (struct rit_assignment){.fence = fence, .save_every = 1000};
    rit_point_init(&a->values, rit_registry());
    rit_point_set(&a->values, "data.chorales", "1");
    rit_point_set(&a->values, "model.width", "500");
    rit_point_set(&a->values, "model.orthogonal", "none");
    rit_point_set(&a->values, "observe.aging", "true");
    rit_point_set(&a->values, "observe.waiting-times", "[0.1, 0.2, 0.4, 1]");
    rit_point_set(&a->values, "stop.tau", "100");
    assert_int_equal(rit_block_load(&a->values, &block, NULL), RIT_OK);
    struct rit_hash digest = rit_block_digest(&block), trajectory = rit_point_trajectory(&a->values, &digest);
    a->identity = rit_point_identity(&a->values, &trajectory);
    assert_int_equal(rit_run_memory(&a->values, &block, &bytes, NULL, NULL), RIT_OK);
    rit_block_release(&block);
    return bytes;
}

static size_t peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss * 1024;
}

/* Train to the last waiting time and save; in a process of its own, which tells by how much its peak grew. */
static size_t growth(const struct rit_assignment *assignment)
{
    int ends[2];
    size_t grown = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        size_t before = peak();
        struct rit_blocks blocks = {0};
        struct rit_training *training = rit_training_new(assignment);
        RIT_CHECK(rit_training_open(training, &blocks, NULL) == RIT_OPENED);
        double progress = rit_training_report(training).progress;
        while (rit_training_report(training).progress < progress + 0.012)
            rit_training_slice(training);
        rit_training_save_copy(training);
        rit_training_slice(training);
        rit_training_save(training);
        grown = peak() - before;
        _exit(write(ends[1], &grown, sizeof grown) != (ssize_t)sizeof grown);
    }
    int end;
    assert_int_equal(waitpid(pid, &end, 0), pid);
    assert_int_equal(end, 0);
    assert_int_equal(read(ends[0], &grown, sizeof grown), sizeof grown);
    close(ends[0]);
    close(ends[1]);
    return grown;
}

static void test_prediction_and_peak(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* it has a memory of its own */
#endif
    struct rit_claim claim;
    struct rit_assignment assignment;
    assert_int_equal(rit_claim_take(folder, &claim, NULL), RIT_OK);
    size_t predicted = make_assignment(&claim.fence, &assignment);
    for (int start = 0; start < 3; start++) { /* the later ones from checkpoints */
        size_t grown = growth(&assignment);
        print_message("           predicted %.1f MB, taken %.1f MB\n", (double)predicted / 1e6,
                      (double)grown / 1e6);
        assert_in_range(grown, predicted * 7 / 10, predicted * 11 / 10 + 4000000);
    }
    rit_claim_release(&claim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_prediction_and_peak, enter, leave)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
