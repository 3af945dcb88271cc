/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "example.h"
#include "store/gather.h"

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

/* Loads a run that must hold exactly the points 1 .. n. */
static void assert_run_holds(const char *run, uint64_t n)
{
    struct rit_results results;
    struct rit_error err;
    if (rit_results_load(run, &results, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(results.count, n);
    assert_int_equal(results.damages, 0);
    for (uint64_t number = 1; number <= n; number++)
        assert_true(example_is_held(&results, number));
    for (int i = 1; i < results.count; i++)
        assert_true(memcmp(&results.stored[i - 1].identity, &results.stored[i].identity, RIT_HASH_BYTES) < 0);
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

/* Loads a run with damage: all points 1 .. n but one that is not known, or `lost` if it is not 0. */
static void assert_one_lost(const char *run, uint64_t n, uint64_t lost)
{
    struct rit_results results;
    struct rit_error err;
    if (rit_results_load(run, &results, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(results.count, n - 1);
    assert_int_equal(results.damages, 1);
    uint64_t held = 0;
    for (uint64_t number = 1; number <= n; number++)
        held += number != lost && example_is_held(&results, number);
    assert_int_equal(held, n - 1);
    rit_results_release(&results);
}

static void test_one_flipped_byte_costs_one_record(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 3);
    struct rit_buffer bytes = {0}, after = {0};
    read_all(path, &bytes);
    for (size_t at = 0; at < bytes.size; at++) {
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
        example_write(path, bytes.data, bytes.size);
        assert_one_lost(run, 3, 0);
        if (at % 16 == 0) { /* nothing is cut off by a writer that opens it again */
            write_points(run, "000001", 4, 4);
            assert_one_lost(run, 4, 0);
            after.size = 0;
            read_all(path, &after);
            assert_memory_equal(after.data, bytes.data, bytes.size);
        }
        bytes.data[at] ^= (unsigned char)(1u << at % 8);
    }
    print_message("%zu bytes of a result file flipped in turn: one record lost each time, all others kept\n",
                  bytes.size);
    rit_buffer_release(&after);
    rit_buffer_release(&bytes);
}

/* A record whose texts are full of what looks like the beginning of another. */
static void test_what_looks_like_a_record_within_one(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 1);
    size_t first = size_of(path);
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &journal, NULL), RIT_OK);
    struct rit_result odd = example_result(2);
    snprintf(odd.provenance.host, sizeof odd.provenance.host, "RITres2\nRITres2\nRITRITres2\n");
    append(journal, &odd);
    rit_result_release(&odd);
    rit_journal_close(journal);
    write_points(run, "000001", 3, 4);
    struct rit_buffer bytes = {0};
    read_all(path, &bytes);
    size_t places[] = {first + 3, first + 20, first + 60, first + 400};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bytes.data[places[i]] ^= 1;
        example_write(path, bytes.data, bytes.size);
        assert_one_lost(run, 4, 2);
        bytes.data[places[i]] ^= 1;
    }
    rit_buffer_release(&bytes);
}

/* Bytes vanish from the middle of a record, or come in: those behind it do not stand where its header says.
 */
static void test_records_behind_a_gap(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 1);
    size_t first = size_of(path);
    write_points(run, "000001", 2, 4);
    struct rit_buffer bytes = {0}, changed = {0};
    read_all(path, &bytes);
    for (size_t gap = 1; gap < 500; gap += 83) {
        changed.size = 0;
        rit_pack_bytes(&changed, bytes.data, first + 80);
        rit_pack_bytes(&changed, bytes.data + first + 80 + gap, bytes.size - first - 80 - gap);
        example_write(path, changed.data, changed.size);
        assert_one_lost(run, 4, 2);
        changed.size = 0;
        rit_pack_bytes(&changed, bytes.data, first + 80);
        rit_pack_bytes(&changed, bytes.data + first - gap, gap); /* of the record before */
        rit_pack_bytes(&changed, bytes.data + first + 80, bytes.size - first - 80);
        example_write(path, changed.data, changed.size);
        assert_one_lost(run, 4, 2);
    }
    rit_buffer_release(&changed);
    rit_buffer_release(&bytes);
}

static void test_damaged_files_are_kept_aside(void **state)
{
    const char *run = *state;
    char path[PATH], aside[PATH];
    snprintf(aside, sizeof aside, "%s/results/damaged/000001.journal.1", run);
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000002", 6, 7);
    write_points(run, "000001", 1, 5);
    struct rit_buffer bytes = {0}, kept = {0};
    read_all(path, &bytes);
    bytes.data[bytes.size - 10] ^= 4;
    example_write(path, bytes.data, bytes.size);

    struct rit_results results;
    struct rit_journal *journal;
    assert_int_equal(rit_results_load(run, &results, NULL), RIT_OK);
    assert_int_equal(results.count, 6);
    assert_int_equal(rit_journal_open(example_fence(run), "000003", &journal, NULL), RIT_OK);
    snprintf(path, sizeof path, "%s/results/000003.journal", run);
    int own = rit_gather_file(&results, path);
    assert_int_equal(rit_results_mend(&results, example_fence(run), journal, own, NULL), RIT_OK);
    for (uint64_t number = 1; number <= 7; number++) /* read from where they lie now */
        assert_true(number == 5 || example_is_held(&results, number));
    rit_journal_close(journal);
    rit_results_release(&results);

    read_all(aside, &kept);
    assert_int_equal(kept.size, bytes.size);
    assert_memory_equal(kept.data, bytes.data, bytes.size);
    write_points(run, "000004", 5, 5);
    assert_run_holds(run, 7); /* what lies aside is not read */
    rit_buffer_release(&kept);
    rit_buffer_release(&bytes);
}

static void test_another_version_is_named(void **state)
{
    const char *run = *state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/results/000001.journal", run);
    write_points(run, "000001", 1, 2);
    struct rit_buffer bytes = {0};
    read_all(path, &bytes);
    bytes.data[6] = '1';
    struct rit_hash check = rit_hash_of(bytes.data, 48);
    memcpy(bytes.data + 48, check.byte, 8);
    example_write(path, bytes.data, bytes.size);
    struct rit_results results;
    struct rit_error err;
    assert_int_equal(rit_results_load(run, &results, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "000001.journal: written by another version of the program"));
    assert_non_null(strstr(err.text, "a new run folder"));
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
    struct rit_result kept;
    assert_int_equal(rit_results_get(&results, &results.stored[0], &kept, NULL), RIT_OK);
    assert_string_equal(kept.outcome.reason, "no memory, attempt 0");
    rit_result_release(&kept);
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
        IN_FOLDER(test_one_flipped_byte_costs_one_record),
        IN_FOLDER(test_what_looks_like_a_record_within_one),
        IN_FOLDER(test_records_behind_a_gap),
        IN_FOLDER(test_damaged_files_are_kept_aside),
        IN_FOLDER(test_another_version_is_named),
        IN_FOLDER(test_results_that_differ_are_refused),
        IN_FOLDER(test_a_result_outdoes_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
