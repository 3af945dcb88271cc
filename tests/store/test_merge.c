/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"
#include "store/claim.h"
#include "store/merge.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void write_some(const char *run, uint64_t first, uint64_t last, double change, bool library)
{
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(example_fence(run), "000001", &journal, NULL), RIT_OK);
    for (uint64_t number = first; number <= last; number++) {
        struct rit_result r = example_result(number);
        r.outcome.variable[1]->data[2] += change;
        r.outcome.variable[1]->library = library;
        struct rit_buffer bytes = {0};
        rit_result_pack(&r, &bytes);
        assert_int_equal(rit_journal_append(journal, bytes.data, bytes.size, NULL), RIT_OK);
        rit_buffer_release(&bytes);
        rit_result_release(&r);
    }
    rit_journal_close(journal);
}

static void write_run(const char *run, uint64_t first, uint64_t last, double change)
{
    write_some(run, first, last, change, false);
}

struct folders {
    char a[600], b[600], out[600];
};

static struct folders in(const char *folder)
{
    struct folders f;
    snprintf(f.a, sizeof f.a, "%s/a", folder);
    snprintf(f.b, sizeof f.b, "%s/b", folder);
    snprintf(f.out, sizeof f.out, "%s/out", folder);
    return f;
}

static void test_shards_join(void **state)
{
    struct folders f = in(*state);
    write_run(f.a, 1, 10, 0.0);
    write_run(f.b, 8, 20, 0.0);
    const char *runs[] = {f.a, f.b};
    struct rit_merge_report report;
    assert_int_equal(rit_merge(f.out, runs, 2, &report, NULL), RIT_OK);
    assert_int_equal(report.read, 23);
    assert_int_equal(report.repeated, 3);
    assert_int_equal(report.disagreements, 0);
    assert_int_equal(report.added, 20);
    assert_int_equal(report.points, 20);
    rit_buffer_release(&report.disagreement);

    struct rit_results results;
    assert_int_equal(rit_results_load(f.out, &results, NULL), RIT_OK);
    assert_int_equal(results.count, 20);
    for (uint64_t number = 1; number <= 20; number++)
        assert_true(example_is_held(&results, number));
    rit_results_release(&results);

    assert_int_equal(rit_merge(f.out, runs, 2, &report, NULL), RIT_OK); /* again: nothing new */
    assert_int_equal(report.added, 0);
    assert_int_equal(report.points, 20);
    rit_buffer_release(&report.disagreement);
}

static void test_disagreements_are_listed(void **state)
{
    struct folders f = in(*state);
    write_run(f.a, 1, 10, 0.0);
    write_run(f.b, 9, 12, 0x1p-52);
    const char *runs[] = {f.a, f.b};
    struct rit_merge_report report;
    struct rit_error err;
    assert_int_equal(rit_merge(f.out, runs, 2, &report, &err), RIT_BAD_INPUT);
    assert_int_equal(report.disagreements, 2);
    rit_pack_bytes(&report.disagreement, "", 1);
    const char *text = (const char *)report.disagreement.data;
    assert_non_null(strstr(text, "/a/results/000001.journal at byte "));
    assert_non_null(strstr(text, "/b/results/000001.journal at byte 0 (made on node1 by 0.1.0, plain)"));
    assert_int_not_equal(access(f.out, F_OK), 0); /* nothing was written */
    rit_buffer_release(&report.disagreement);
}

/* Numbers of a library agree to 1e-10 of the largest: a change of 1e-12 is none, one of 1e-6 is refused. */
static void test_numbers_of_a_library(void **state)
{
    struct folders f = in(*state);
    struct rit_result one = example_result(1);
    const struct rit_variable *v = one.outcome.variable[1];
    double largest = 0.0;
    for (size_t i = 0; i < v->count; i++)
        largest = fmax(largest, fabs(v->data[i]));
    rit_result_release(&one);
    assert_true(largest > 0.0);
    write_some(f.a, 1, 1, 0.0, true);
    write_some(f.b, 1, 1, 1e-12 * largest, true);
    const char *runs[] = {f.a, f.b};
    struct rit_merge_report report;
    assert_int_equal(rit_merge(f.out, runs, 2, &report, NULL), RIT_OK);
    assert_int_equal(report.repeated, 1);
    assert_int_equal(report.disagreements, 0);
    rit_buffer_release(&report.disagreement);

    char c[600];
    snprintf(c, sizeof c, "%s/c", (const char *)*state);
    write_some(c, 1, 1, 1e-6 * largest, true);
    runs[1] = c;
    assert_int_equal(rit_merge(f.out, runs, 2, &report, NULL), RIT_BAD_INPUT);
    assert_int_equal(report.disagreements, 1);
    rit_buffer_release(&report.disagreement);
}

static void test_folders_without_results(void **state)
{
    struct folders f = in(*state);
    write_run(f.a, 1, 2, 0.0);
    const char *runs[] = {f.a, f.b};
    struct rit_merge_report report;
    struct rit_error err;
    assert_int_equal(rit_merge(f.out, runs, 2, &report, &err), RIT_IO);
    assert_non_null(strstr(err.text, "/b: there is no such folder"));
    rit_buffer_release(&report.disagreement);
    assert_int_equal(rit_file_make_folder(f.b, NULL), RIT_OK);
    assert_int_equal(rit_merge(f.out, runs, 2, &report, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "/b: this is not the folder of a run"));
    rit_buffer_release(&report.disagreement);

    struct rit_claim claim; /* a run killed before its first result is one */
    assert_int_equal(rit_claim_take(f.b, &claim, NULL), RIT_OK);
    rit_claim_release(&claim);
    assert_int_equal(rit_merge(f.out, runs, 2, &report, NULL), RIT_OK);
    assert_int_equal(report.points, 2);
    rit_buffer_release(&report.disagreement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_shards_join),
        IN_FOLDER(test_disagreements_are_listed),
        IN_FOLDER(test_numbers_of_a_library),
        IN_FOLDER(test_folders_without_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
