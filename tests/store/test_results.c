/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "example.h"
#include "store/results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { PATH = 512 };

static void append(struct rit_journal *journal, const struct rit_result *result)
{
    struct rit_buffer bytes = {0};
    rit_result_pack(result, &bytes);
    assert_int_equal(rit_journal_append(journal, bytes.data, bytes.size, NULL), RIT_OK);
    rit_buffer_release(&bytes);
}

/* Append points first .. last to RUN/results/WRITER.journal. */
static void write_points(const char *run, const char *writer, uint64_t first, uint64_t last)
{
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(example_fence(run), writer, &journal, NULL), RIT_OK);
    for (uint64_t number = first; number <= last; number++) {
        struct rit_result r = example_result(number);
        append(journal, &r);
        rit_result_release(&r);
    }
    assert_int_equal(rit_journal_sync(journal, NULL), RIT_OK);
    rit_journal_close(journal);
}

static void assert_holds(const struct rit_results *results, uint64_t number)
{
    struct rit_result want = example_result(number);
    const struct rit_result *r = rit_results_find(results, &want.identity);
    assert_non_null(r);
    struct rit_hash a = rit_result_content(&want), b = rit_result_content(r);
    assert_true(rit_hash_equal(&a, &b));
    assert_string_equal(r->point, want.point);
    assert_string_equal(r->provenance.host, want.provenance.host);
    assert_true(r->provenance.seconds == want.provenance.seconds);
    rit_result_release(&want);
}

/* Loads a run that must hold exactly the points 1 .. n. */
static void assert_run_holds(const char *run, uint64_t n)
{
    struct rit_results results;
    struct rit_error err;
    if (rit_results_load(run, &results, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(results.count, n);
    for (uint64_t number = 1; number <= n; number++)
        assert_holds(&results, number);
    for (int i = 1; i < results.count; i++)
        assert_true(memcmp(&results.result[i - 1].identity, &results.result[i].identity, RIT_HASH_BYTES) < 0);
    rit_results_release(&results);
}

static size_t size_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return (size_t)about.st_size;
}

static void read_all(const char *path, struct rit_buffer *bytes)
{
    assert_int_equal(rit_file_read(path, 1 << 24, bytes, NULL), RIT_OK);
}

static void test_results_come_back(void **state)
{
    const char *run = *state;
    struct rit_results none;
    assert_int_equal(rit_results_load(run, &none, NULL), RIT_OK); /* no folder yet: no results */
    assert_int_equal(none.count, 0);
    rit_results_release(&none);
    write_points(run, "000001", 1, 20);
    write_points(run, "000001", 21, 25); /* opened again */
    write_points(run, "000002", 15, 40); /* some of them twice */
    assert_run_holds(run, 40);
}

static void test_one_writer_per_file(void **state)
{
    const char *run = *state;
    struct rit_journal *first, *second, *other;
    struct rit_error err;
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &first, NULL), RIT_OK);
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &second, &err), RIT_IO);
    assert_null(second);
    assert_non_null(strstr(err.text, "000001.journal: another process is writing"));
    assert_int_equal(rit_journal_open(example_fence(run), "000002", &other, NULL), RIT_OK);
    rit_journal_close(other);
    rit_journal_close(first);
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &second, NULL), RIT_OK);
    rit_journal_close(second);
}

static void test_torn_tail_at_every_length(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 3);
    size_t three = size_of(path);
    write_points(run, "000001", 4, 4);
    struct rit_buffer whole = {0};
    read_all(path, &whole);
    int cuts = 0;
    for (size_t size = three; size < whole.size; size++, cuts++) {
        example_write(path, whole.data, size);
        assert_run_holds(run, 3);
        if (cuts % 64 == 0) {
            write_points(run, "000001", 4, 4); /* the writer goes on behind the last whole frame */
            assert_int_equal(size_of(path), whole.size);
            assert_run_holds(run, 4);
        }
    }
    /* A power cut may leave zeros in the place of what was not yet synced. */
    struct rit_buffer zeros = {0};
    rit_pack_bytes(&zeros, whole.data, whole.size);
    memset(zeros.data + three + 40, 0, zeros.size - three - 40);
    example_write(path, zeros.data, zeros.size);
    assert_run_holds(run, 3);
    print_message("%d cut frames passed over\n", cuts);
    rit_buffer_release(&zeros);
    rit_buffer_release(&whole);
}

static void test_every_flipped_byte_is_seen(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 2);
    struct rit_buffer bytes = {0};
    read_all(path, &bytes);
    for (size_t at = 0; at < bytes.size; at++) {
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
        example_write(path, bytes.data, bytes.size);
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
        struct rit_results results;
        struct rit_error err;
        assert_int_equal(rit_results_load(run, &results, &err), RIT_BAD_INPUT);
        assert_non_null(strstr(err.text, "000001.journal: damaged at byte"));
        struct rit_journal *journal;
        assert_int_equal(rit_journal_open(example_fence(run), "000001", &journal, NULL), RIT_BAD_INPUT);
    }
    print_message("%zu bytes of a result file flipped in turn: all seen\n", bytes.size);
    rit_buffer_release(&bytes);
}

static void test_results_that_differ_are_refused(void **state)
{
    const char *run = *state;
    write_points(run, "000001", 1, 3);
    struct rit_result r = example_result(2);
    r.outcome.variable[1]->data[0] += 0x1p-50;
    snprintf(r.provenance.host, sizeof r.provenance.host, "odd-node");
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(example_fence(run), "000002", &journal, NULL), RIT_OK);
    append(journal, &r);
    rit_journal_close(journal);
    rit_result_release(&r);
    struct rit_results results;
    struct rit_error err;
    assert_int_equal(rit_results_load(run, &results, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "000001.journal at byte"));
    assert_non_null(strstr(err.text, "000002.journal at byte 0 (made on odd-node"));
}

static void test_a_result_outdoes_a_failure(void **state)
{
    const char *run = *state;
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &journal, NULL), RIT_OK);
    for (int i = 0; i < 2; i++) {
        struct rit_result failed = {.identity = example_identity(1), .outcome.end = RIT_END_FAILED};
        failed.point = strdup("seed: 1\n");
        snprintf(failed.outcome.reason, sizeof failed.outcome.reason, "no memory, attempt %d", i);
        append(journal, &failed);
        rit_result_release(&failed);
    }
    rit_journal_close(journal);
    struct rit_results results;
    assert_int_equal(rit_results_load(run, &results, NULL), RIT_OK);
    assert_int_equal(results.count, 1);
    assert_string_equal(results.result[0].outcome.reason, "no memory, attempt 0");
    rit_results_release(&results);
    write_points(run, "000002", 1, 1);
    assert_run_holds(run, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_results_come_back),
        IN_FOLDER(test_one_writer_per_file),
        IN_FOLDER(test_torn_tail_at_every_length),
        IN_FOLDER(test_every_flipped_byte_is_seen),
        IN_FOLDER(test_results_that_differ_are_refused),
        IN_FOLDER(test_a_result_outdoes_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
