/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The n-th call of one kind that touches a disk fails, for every n: no result that was acknowledged is lost,
 * the failure is a sentence and RIT_IO, and the same work done again on the same folder completes. The calls
 * are replaced in this program itself: its own definitions go before those of the C library.
 */
#include "../store/example.h"
#include "base/file.h"
#include "checkpointing.h"
#include "store/claim.h"
#include "store/dataset.h"
#include "store/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>

enum kind { OPEN, READ, WRITE, SYNC, RENAME, TRUNCATE, MKDIR, CLOSE, KINDS, LOCK };
enum { WRITE_AND_TRUNCATE = KINDS }; /* both: what was written in part cannot be taken back */
static const char *const kind_name[KINDS + 1] = {
    "open", "read", "write", "fsync", "rename", "ftruncate", "mkdir", "close", "write and ftruncate"};

static struct {
    int kind;
    int at;       /* the call that fails, counted from 1; 0: none */
    int error;    /* errno; 0: a short write */
    bool lasting; /* all later ones fail too */
    bool once;    /* each one fails the first time it is tried */
    int calls;    /* of this kind so far */
    int failed;
} fault;

/* Whether this call is to fail; errno is set then. */
static bool fails(enum kind kind)
{
    bool both = fault.kind == WRITE_AND_TRUNCATE && (kind == WRITE || kind == TRUNCATE);
    if (fault.at == 0 || !(both || (int)kind == fault.kind))
        return false;
    fault.calls++;
    if (fault.once && fault.calls % 2 == 0)
        return false;
    if (fault.calls != fault.at && !(fault.lasting && fault.calls > fault.at))
        return false;
    fault.failed++;
    errno = fault.error;
    return true;
}

int openat(int at, const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    return fails(OPEN) ? -1 : (int)syscall(SYS_openat, at, path, flags, mode);
}

ssize_t read(int fd, void *data, size_t size)
{
    return fails(READ) ? -1 : syscall(SYS_read, fd, data, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    return fails(READ) ? -1 : syscall(SYS_pread64, fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
    if (!fails(WRITE))
        return syscall(SYS_write, fd, data, size);
    if (fault.error == 0)
        return syscall(SYS_write, fd, data, (size + 1) / 2);
    if (!fault.once)
        syscall(SYS_write, fd, data, size / 3); /* what reached the disk before it was full */
    errno = fault.error;
    return -1;
}

/* No power is cut here: a sync that does not fail need not wait for the disk. */
int fsync(int fd)
{
    (void)fd;
    return fails(SYNC) ? -1 : 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return fails(SYNC) ? -1 : 0;
}

int renameat(int at, const char *from, int at_also, const char *to)
{
    return fails(RENAME) ? -1 : (int)syscall(SYS_renameat2, at, from, at_also, to, 0);
}

int ftruncate(int fd, off_t size)
{
    return fails(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int mkdirat(int at, const char *path, mode_t mode)
{
    return fails(MKDIR) ? -1 : (int)syscall(SYS_mkdirat, at, path, mode);
}

int close(int fd)
{
    long done = syscall(SYS_close, fd);
    return fails(CLOSE) ? -1 : (int)done;
}

int flock(int fd, int operation)
{
    return fails(LOCK) ? -1 : (int)syscall(SYS_flock, fd, operation);
}

enum { POINTS = 7, STATES = 3 };

/* What the writer was told to be durable. */
struct acknowledged {
    int points;
    int state;
};

static enum rit_status append(struct rit_journal *journal, int number, struct rit_error *err)
{
    struct rit_result r = example_result((uint64_t)number);
    struct rit_buffer bytes = {0};
    rit_result_pack(&r, &bytes);
    enum rit_status status = rit_journal_append(journal, bytes.data, bytes.size, err);
    rit_buffer_release(&bytes);
    rit_result_release(&r);
    return status;
}

static enum rit_status write_points(struct rit_journal *journal, struct acknowledged *ack,
                                    struct rit_error *err)
{
    for (int number = ack->points + 1; number <= POINTS; number++) {
        RIT_TRY(append(journal, number, err));
        if (number % 2 == 0 && number < POINTS)
            continue; /* two results to a sync */
        RIT_TRY(rit_journal_sync(journal, err));
        ack->points = number;
    }
    return RIT_OK;
}

static enum rit_status write_states(const struct rit_fence *fence, struct acknowledged *ack,
                                    struct rit_error *err)
{
    struct rit_hash point = example_identity(99);
    for (int state = ack->state + 1; state <= STATES; state++) {
        char bytes[3000];
        memset(bytes, state, sizeof bytes);
        RIT_TRY(write_checkpoint(fence, &point, bytes, sizeof bytes, err));
        ack->state = state;
    }
    return RIT_OK;
}

static enum rit_status write_dataset(const char *run, const struct rit_fence *fence, struct rit_error *err)
{
    struct rit_results results;
    RIT_TRY(rit_results_load(run, &results, err));
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    struct rit_row rows[POINTS];
    for (int i = 0; i < results.count; i++)
        rows[i] = (struct rit_row){.point = &point, .stored = &results.stored[i]};
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", run);
    struct rit_dataset_about about = {.config = "", .planned = POINTS, .results = &results};
    struct rit_buffer image = {0};
    enum rit_status status = rit_dataset_build(path, rows, results.count, &about, &image, err);
    if (status == RIT_OK)
        status =
            rit_fence_replace(fence, "phase-diagram.h5", &(struct rit_span){image.data, image.size}, 1, err);
    rit_buffer_release(&image);
    rit_results_release(&results);
    return status;
}

static const char torn_journal[] = "900001"; /* opened again by each start */

/* One start of a run: everything that the sweep does to a disk. It continues behind what is acknowledged. */
static enum rit_status start(const char *run, struct acknowledged *ack, struct rit_error *err)
{
    struct rit_claim claim;
    struct rit_journal *journal = NULL;
    RIT_TRY(rit_claim_take(run, &claim, err));
    enum rit_status status = rit_journal_open(&claim.fence, torn_journal, &journal, err);
    if (status == RIT_OK) {
        status = write_points(journal, ack, err);
        if (status != RIT_OK && append(journal, POINTS, NULL) == RIT_OK)
            rit_journal_sync(journal, NULL); /* one that goes on in spite of a failure does no harm */
    }
    if (status == RIT_OK)
        status = write_states(&claim.fence, ack, err);
    if (status == RIT_OK)
        status = write_dataset(run, &claim.fence, err);
    rit_journal_close(journal);
    rit_claim_release(&claim);
    return status;
}

/* Everything acknowledged must be there, and nothing may be wrong. */
static void verify(const char *run, const struct acknowledged *ack)
{
    struct rit_results results;
    struct rit_error err;
    if (rit_results_load(run, &results, &err) != RIT_OK)
        fail_msg("%s", err.text);
    int found = 0;
    for (int number = 1; number <= POINTS; number++) {
        struct rit_result want = example_result((uint64_t)number);
        bool there = rit_results_find(&results, &want.identity) != NULL;
        assert_true(there || number > ack->points);
        assert_true(!there || example_is_held(&results, (uint64_t)number));
        found += there;
        rit_result_release(&want);
    }
    assert_int_equal(found, results.count);
    rit_results_release(&results);

    struct rit_hash point = example_identity(99);
    struct rit_buffer state = {0};
    bool there = read_checkpoint(run, &point, &state);
    assert_true(there || ack->state == 0);
    assert_true(!there || (state.size == 3000 && state.data[0] >= ack->state && state.data[0] <= STATES &&
                           state.data[2999] == state.data[0]));
    rit_buffer_release(&state);
    example_check_dataset(run);
}

/* What a killed writer may have left: half a frame, to be cut off by the next one. */
static void leave_torn_tail(const char *run)
{
    char path[600];
    snprintf(path, sizeof path, "%s/results", run);
    assert_int_equal(rit_file_make_folder(path, NULL), RIT_OK);
    snprintf(path, sizeof path, "%s/results/%s.journal", run, torn_journal);
    struct rit_buffer frame = {0};
    rit_frame_pack(&frame, path, sizeof path);
    example_write(path, frame.data, frame.size / 2);
    rit_buffer_release(&frame);
}

/* Returns false once the n-th call does not happen any more. */
static bool one_fault(int kind, int n, int error, bool lasting, int *survived)
{
    char run[512];
    example_folder(NULL, run, sizeof run);
    leave_torn_tail(run);
    struct acknowledged ack = {0};
    struct rit_error err = {0};
    memset(&fault, 0, sizeof fault);
    fault.kind = kind;
    fault.at = n;
    fault.error = error;
    fault.lasting = lasting;
    enum rit_status status = start(run, &ack, &err);
    bool happened = fault.failed > 0;
    fault.at = 0;
    if (status == RIT_OK) {
        *survived += happened;
        assert_true(ack.points == POINTS && ack.state == STATES);
    } else {
        assert_true(happened);
        assert_int_equal(status, RIT_IO);
        assert_int_equal(err.status, RIT_IO);
        assert_non_null(strstr(err.text, run)); /* which file */
        assert_non_null(strstr(err.text, error ? strerror(error) : ""));
    }
    verify(run, &ack);
    if (start(run, &ack, &err) != RIT_OK) /* the world is well again: the same command continues */
        fail_msg("%s", err.text);
    verify(run, &ack);
    assert_int_equal(ack.points, POINTS);
    example_remove(run);
    return happened;
}

static void test_every_fault(void **state)
{
    (void)state;
    static const struct {
        int error;
        bool lasting;
    } way[] = {{EIO, false}, {ENOSPC, true}, {0, false}, {0, true}}; /* 0: a short write */
    int total = 0;
    for (int kind = OPEN; kind <= WRITE_AND_TRUNCATE; kind++) {
        int faults = 0, survived = 0;
        for (size_t w = 0; w < sizeof way / sizeof way[0]; w++)
            for (int n = 1; way[w].error != 0 || kind == WRITE; n++, faults++)
                if (!one_fault(kind, n, way[w].error, way[w].lasting, &survived))
                    break;
        print_message("%-19s %3d faults, %2d of them survived\n", kind_name[kind], faults, survived);
        total += faults;
    }
    print_message("%d faults: 0 acknowledged results lost, 0 wrong\n", total);
    assert_true(total > 200);
}

/* One start in which every call of a kind fails in this way must succeed nevertheless. */
static void survives(int kind, int error, bool once)
{
    char run[512];
    struct acknowledged ack = {0};
    struct rit_error err = {0};
    example_folder(NULL, run, sizeof run);
    leave_torn_tail(run);
    memset(&fault, 0, sizeof fault);
    fault.kind = kind;
    fault.at = 1;
    fault.error = error;
    fault.lasting = true;
    fault.once = once;
    if (start(run, &ack, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_true(fault.failed > 0);
    fault.at = 0;
    verify(run, &ack);
    assert_int_equal(ack.points, POINTS);
    assert_int_equal(ack.state, STATES);
    example_remove(run);
}

static void test_interruptions_are_no_faults(void **state)
{
    (void)state;
    for (int kind = OPEN; kind < KINDS; kind++)
        survives(kind, EINTR, true);
    survives(LOCK, EINTR, true);
    survives(SYNC, EAGAIN, true);
    survives(RENAME, EAGAIN, true);
}

/* Whatever a file system says that does not know locks, the epochs stand in for them. */
static void test_locks_that_do_not_work(void **state)
{
    (void)state;
    static const int error[] = {ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL, 524, EIO, EPERM, EBADF, EACCES};
    for (size_t i = 0; i < sizeof error / sizeof error[0]; i++)
        survives(LOCK, error[i], false);
}

/* A file that cannot be read must never look like one without results. */
static void test_faults_while_loading(void **state)
{
    const char *run = *state;
    struct acknowledged ack = {0};
    assert_int_equal(start(run, &ack, NULL), RIT_OK);
    int faults = 0;
    for (int k = 0; k < 2; k++) {
        for (int n = 1;; n++, faults++) {
            struct rit_results results;
            struct rit_error err = {0};
            memset(&fault, 0, sizeof fault);
            fault.kind = k ? OPEN : READ;
            fault.at = n;
            fault.error = EIO;
            enum rit_status status = rit_results_load(run, &results, &err);
            bool happened = fault.failed > 0;
            fault.at = 0;
            assert_int_equal(status, happened ? RIT_IO : RIT_OK);
            assert_int_equal(results.count, happened ? 0 : POINTS);
            rit_results_release(&results);
            if (!happened)
                break;
        }
    }
    print_message("%d faults while loading: all reported\n", faults);
    assert_true(faults >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault),
        cmocka_unit_test(test_interruptions_are_no_faults),
        cmocka_unit_test(test_locks_that_do_not_work),
        IN_FOLDER(test_faults_while_loading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
