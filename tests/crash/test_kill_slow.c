/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A writer is killed with -9 at random moments, thousands of times. It tells through a pipe what is durable;
 * after each kill everything it told must be there, and nothing wrong. RIT_KILLS asks for another number of
 * kills.
 */
#include "../store/example.h"
#include "base/file.h"
#include "base/process.h"
#include "checkpointing.h"
#include "store/claim.h"
#include "store/dataset.h"
#include "store/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

enum {
    KILLS = 2000,
    IN_ONE_FOLDER = 10, /* kills before a fresh run folder */
    NUMBERS = 1 << 20,  /* point numbers that one writer may use */
    LARGE = 1 << 12,    /* doubles in a large result: its frame spans many pages */
    LONGEST_MICROSECONDS = 2500,
    MEMORY_FOLDERS =
        4, /* one folder in so many lies on the disk, the others in memory: faster, more moments */
};

/* What the writer tells: that results up to a number, or the checkpoint of a step, are durable. */
struct message {
    uint64_t results, step;
};

struct tally {
    long acknowledged, lost, wrong, torn, states;
};

static void add_curve(struct rit_result *r, uint64_t number)
{
    if (number % 16 != 0)
        return;
    const char *dim = "curve";
    size_t length = LARGE;
    struct rit_variable *v = rit_outcome_add(&r->outcome, "curve", "1", "", 1, &dim, &length);
    for (size_t i = 0; i < length; i++)
        v->data[i] = (double)(number + i);
}

static void append(struct rit_journal *journal, uint64_t number, struct rit_buffer *bytes)
{
    struct rit_result r = example_result(number);
    add_curve(&r, number);
    bytes->size = 0;
    rit_result_pack(&r, bytes);
    RIT_CHECK(rit_journal_append(journal, bytes->data, bytes->size, NULL) == RIT_OK);
    rit_result_release(&r);
}

static void write_state(const struct rit_fence *fence, uint64_t step, struct rit_buffer *bytes)
{
    struct rit_hash point = example_identity(0);
    bytes->size = 0;
    for (int i = 0; i < 2000; i++)
        rit_pack_u64(bytes, step);
    RIT_CHECK(write_checkpoint(fence, &point, bytes->data, bytes->size, NULL) == RIT_OK);
}

static void write_dataset(const struct rit_fence *fence, struct rit_point *point)
{
    struct rit_results results;
    RIT_CHECK(rit_results_load(fence->run, &results, NULL) == RIT_OK);
    struct rit_row *rows = calloc((size_t)results.count + 1, sizeof *rows);
    RIT_CHECK(rows != NULL);
    for (int i = 0; i < results.count; i++)
        rows[i] = (struct rit_row){.point = point, .stored = &results.stored[i]};
    struct rit_dataset_about about = {.config = "", .planned = 0, .results = &results};
    struct rit_buffer image = {0};
    RIT_CHECK(rit_dataset_build("", rows, results.count, &about, &image, NULL) == RIT_OK);
    struct rit_span whole = {image.data, image.size};
    RIT_CHECK(rit_fence_replace(fence, "phase-diagram.h5", &whole, 1, NULL) == RIT_OK);
    rit_buffer_release(&image);
    free(rows);
    rit_results_release(&results);
}

/* The writer, until it is killed. With `fenced` it names its journal by its claim's epoch, as the sweep does;
 * otherwise it goes on with one journal whose end an earlier kill may have torn. */
static void write_for_ever(const char *run, uint64_t number, uint64_t step, bool fenced, int pipe_end)
{
    struct rit_claim claim;
    struct rit_journal *journal;
    struct rit_buffer bytes = {0};
    RIT_CHECK(rit_claim_take(run, &claim, NULL) == RIT_OK);
    RIT_CHECK(rit_journal_open(&claim.fence, fenced ? claim.writer : "900001", &journal, NULL) == RIT_OK);
    struct rit_point *point = malloc(sizeof *point);
    RIT_CHECK(point != NULL);
    rit_point_init(point, rit_registry());
    struct message message = {.results = number, .step = step};
    for (int round = 0;; round++) {
        int batch = 1 + (int)(number % 4);
        for (int i = 0; i < batch; i++)
            append(journal, ++number, &bytes);
        RIT_CHECK(rit_journal_sync(journal, NULL) == RIT_OK);
        message.results = number;
        if (round % 2 == 1) {
            write_state(&claim.fence, ++step, &bytes);
            message.step = step;
        }
        RIT_CHECK(write(pipe_end, &message, sizeof message) == sizeof message);
        if (round % 16 == 15)
            write_dataset(&claim.fence, point);
    }
}

/* Number of an example's point, from its text. */
static uint64_t number_of(const struct rit_result *r)
{
    uint64_t number = 0;
    sscanf(r->point, "seed: %lu", &number);
    return number;
}

static void verify_results(const char *run, const uint64_t (*told)[2], int writers, struct tally *tally)
{
    struct rit_results results;
    struct rit_error err;
    if (rit_results_load(run, &results, &err) != RIT_OK)
        fail_msg("%s", err.text);
    for (int i = 0; i < results.count; i++) {
        struct rit_result found;
        RIT_CHECK(rit_results_get(&results, &results.stored[i], &found, NULL) == RIT_OK);
        struct rit_result want = example_result(number_of(&found));
        add_curve(&want, number_of(&want));
        struct rit_hash a = rit_result_content(&found), b = rit_result_content(&want);
        tally->wrong += !rit_hash_equal(&a, &b);
        rit_result_release(&found);
        rit_result_release(&want);
    }
    for (int w = 0; w < writers; w++) {
        for (uint64_t number = told[w][0] + 1; number <= told[w][1]; number++) {
            struct rit_hash identity = example_identity(number);
            tally->lost += rit_results_find(&results, &identity) == NULL;
        }
    }
    rit_results_release(&results);
}

static void verify_state(const char *run, uint64_t step, struct tally *tally, uint64_t *found_step)
{
    struct rit_hash point = example_identity(0);
    struct rit_buffer bytes = {0};
    bool found = read_checkpoint(run, &point, &bytes);
    struct rit_reader in = {.data = bytes.data, .size = bytes.size};
    *found_step = found ? rit_read_u64(&in) : 0;
    for (int i = 1; found && i < 2000; i++)
        tally->wrong += rit_read_u64(&in) != *found_step;
    tally->wrong += in.bad || in.at != in.size;
    tally->lost += *found_step < step;
    rit_buffer_release(&bytes);
}

static void count_torn(const char *run, struct tally *tally)
{
    char path[600];
    snprintf(path, sizeof path, "%s/results/900001.journal", run);
    struct rit_frames frames;
    struct rit_reader payload;
    if (access(path, F_OK) != 0 || rit_frames_open(&frames, path, NULL) != RIT_OK)
        return;
    size_t offset, length;
    enum rit_frame state;
    while ((state = rit_frames_next(&frames, &offset, &length, &payload, NULL)) == RIT_FRAME_GOOD)
        continue;
    tally->torn += state == RIT_FRAME_TORN;
    rit_frames_close(&frames);
}

/* A random while, mostly counted from the first message on, since a disk may need longer for the start. */
static void wait_a_while(int messages, struct rit_random *random)
{
    struct pollfd first = {.fd = messages, .events = POLLIN};
    if (rit_random_below(random, 4) != 0)
        poll(&first, 1, -1);
    usleep((useconds_t)rit_random_below(random, LONGEST_MICROSECONDS));
}

/* Start a writer, kill it at a random moment, and return what it told last. */
static struct message start_and_kill(const char *run, uint64_t number, uint64_t step, bool fenced,
                                     struct rit_random *random)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_for_ever(run, number, step, fenced, ends[1]);
    }
    close(ends[1]);
    wait_a_while(ends[0], random);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) &&
                WTERMSIG(status) == SIGKILL); /* and not by a failed check of its own */
    struct message last = {.results = number, .step = step}, message;
    while (read(ends[0], &message, sizeof message) == sizeof message)
        last = message;
    close(ends[0]);
    return last;
}

static void kill_in_one_folder(const char *parent, int kills, bool fenced, struct rit_random *random,
                               struct tally *tally)
{
    char run[512];
    example_folder(parent, run, sizeof run);
    uint64_t told[IN_ONE_FOLDER][2], step = 0;
    for (int i = 0; i < kills; i++) {
        uint64_t first = (uint64_t)i * NUMBERS;
        struct message last = start_and_kill(run, first, step, fenced, random);
        told[i][0] = first;
        told[i][1] = last.results;
        tally->acknowledged += (long)(last.results - first);
        tally->states += (long)(last.step - step);
        count_torn(run, tally);
        verify_results(run, (const uint64_t(*)[2])told, i + 1, tally);
        verify_state(run, last.step, tally, &step);
        example_check_dataset(run);
    }
    example_remove(run);
}

static void test_killed_at_random_moments(void **state)
{
    (void)state;
    const char *wanted = getenv("RIT_KILLS");
    int kills = wanted ? atoi(wanted) : KILLS;
    struct tally tally = {0};
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    double start = rit_seconds();
    for (int done = 0; done < kills; done += IN_ONE_FOLDER) {
        int now = kills - done < IN_ONE_FOLDER ? kills - done : IN_ONE_FOLDER;
        int folder = done / IN_ONE_FOLDER;
        bool on_disk = folder % MEMORY_FOLDERS == 0 || access("/dev/shm", W_OK) != 0;
        kill_in_one_folder(on_disk ? NULL : "/dev/shm", now, folder % 3 > 0, &random, &tally);
    }
    print_message(
        "%d kills in %.0f s: %ld results and %ld checkpoints acknowledged, %ld lost, %ld wrong; %ld ends of "
        "journals were torn\n",
        kills, rit_seconds() - start, tally.acknowledged, tally.states, tally.lost, tally.wrong, tally.torn);
    assert_int_equal(tally.lost, 0);
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.acknowledged > kills); /* otherwise nothing was tried */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_killed_at_random_moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
