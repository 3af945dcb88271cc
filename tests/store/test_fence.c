/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every write of an older start, or into a folder that is no longer the run's, is refused and does no harm.
 */
#include "base/file.h"
#include "checkpointing.h"
#include "example.h"
#include "store/fence.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

static char path[2 * RIT_PATH];

static const char *in(const char *folder, const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void shell(const char *format, const char *a, const char *b)
{
    char command[1500];
    snprintf(command, sizeof command, format, a, b);
    assert_int_equal(system(command), 0);
}

/* A run folder below the test's own, so that it can be moved; and the first start of it. */
static const char *begin(const char *folder, struct rit_claim *claim)
{
    static char run[600];
    snprintf(run, sizeof run, "%s/run", folder);
    assert_int_equal(rit_claim_take(run, claim, NULL), RIT_OK);
    return run;
}

static enum rit_status write_text(const struct rit_fence *fence, const char *name, const char *text,
                                  struct rit_error *err)
{
    return rit_fence_replace(fence, name, &(struct rit_span){text, strlen(text)}, 1, err);
}

static void assert_text(const char *folder, const char *name, const char *text)
{
    struct rit_buffer bytes = {0};
    assert_int_equal(rit_file_read(in(folder, name), 1000, &bytes, NULL), RIT_OK);
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
    rit_buffer_release(&bytes);
}

/* All ways to write, each refused with this status and a sentence that holds `words`. */
static void assert_all_refused(const struct rit_claim *claim, struct rit_journal *journal,
                               enum rit_status status, const char *words)
{
    const struct rit_fence *fence = &claim->fence;
    struct rit_hash point = example_identity(1);
    struct rit_journal *late;
    struct rit_error err[4];
    assert_int_equal(write_text(fence, "phase-diagram.h5", "late", &err[0]), status);
    assert_int_equal(write_checkpoint(fence, &point, "late", 4, &err[1]), status);
    assert_int_equal(rit_journal_open(fence, "999998", &late, &err[2]), status);
    assert_int_equal(journal ? rit_journal_sync(journal, &err[3]) : rit_fence_check(fence, &err[3]), status);
    for (int i = 0; i < 4; i++) {
        if (!strstr(err[i].text, words))
            fail_msg("%d: '%s' without '%s'", i, err[i].text, words);
        assert_non_null(strstr(err[i].text, fence->run));
    }
}

static struct rit_journal *open_journal(const struct rit_claim *claim)
{
    struct rit_journal *journal;
    assert_int_equal(rit_journal_open(&claim->fence, claim->writer, &journal, NULL), RIT_OK);
    assert_int_equal(rit_journal_append(journal, "x", 1, NULL), RIT_OK);
    assert_int_equal(rit_journal_sync(journal, NULL), RIT_OK);
    return journal;
}

static void test_an_older_start_writes_nothing(void **state)
{
    struct rit_claim old, new;
    const char *run = begin(*state, &old);
    struct rit_journal *journal = open_journal(&old);
    close(old.fd); /* its lock is lost, but it goes on */
    old.fd = -1;
    assert_int_equal(rit_claim_take(run, &new, NULL), RIT_OK);
    assert_int_equal(write_text(&new.fence, "phase-diagram.h5", "new", NULL), RIT_OK);
    struct rit_hash point = example_identity(1);
    assert_int_equal(write_checkpoint(&new.fence, &point, "new", 3, NULL), RIT_OK);
    assert_all_refused(&old, journal, RIT_STOPPED, "start 2 of this run");
    rit_checkpoint_remove(&old.fence, &rit_checkpoints, &point);
    assert_true(rit_checkpoint_exists(run, &rit_checkpoints, &point));
    assert_text(run, "phase-diagram.h5", "new");
    assert_int_equal(write_text(&new.fence, "phase-diagram.h5", "newer", NULL), RIT_OK);
    rit_journal_close(journal);
    rit_claim_release(&old);
    rit_claim_release(&new);
}

/* What an older start finds when it wakes up after its look at the claim and before its rename. */
static struct rit_claim woken_to;

static enum rit_status fall_asleep(const void *fence, struct rit_error *err)
{
    const struct rit_fence *old = fence;
    assert_int_equal(rit_fence_check(old, err), RIT_OK);
    assert_int_equal(rit_claim_take(old->run, &woken_to, NULL), RIT_OK);
    assert_int_equal(write_text(&woken_to.fence, "phase-diagram.h5", "new", NULL), RIT_OK);
    return RIT_OK;
}

static void test_an_older_start_sleeps_before_its_rename(void **state)
{
    struct rit_claim old;
    const char *run = begin(*state, &old);
    close(old.fd);
    old.fd = -1;
    struct rit_replacing how = {.folder = old.fence.folder,
                                .name = "phase-diagram.h5",
                                .epoch = old.fence.epoch,
                                .may = fall_asleep,
                                .asked = &old.fence};
    assert_int_equal(rit_file_replace_by(&how, &(struct rit_span){"old", 3}, 1, NULL), RIT_IO);
    assert_text(run, "phase-diagram.h5", "new");
    rit_claim_release(&woken_to);
    rit_claim_release(&old);
}

/* `after` is what happens to the folder of a start; `%s` is it, and another name beside it. */
static void folder_changes(const char *folder, const char *after, const char *words)
{
    struct rit_claim old, new;
    char other[600];
    const char *run = begin(folder, &old);
    struct rit_journal *journal = open_journal(&old);
    snprintf(other, sizeof other, "%s/other", folder);
    shell(after, run, other);
    assert_all_refused(&old, journal, RIT_IO, words);
    assert_int_not_equal(access(in(run, "phase-diagram.h5"), F_OK), 0);
    rit_journal_close(journal);
    rit_claim_release(&old);
    if (access(run, F_OK) == 0) { /* its name may be used anew */
        assert_int_equal(rit_claim_take(run, &new, NULL), RIT_OK);
        rit_claim_release(&new);
    }
    shell("rm -rf '%s' '%s'", run, other);
}

static void test_a_folder_is_deleted_moved_or_replaced(void **state)
{
    static const char gone[] = "the run folder is no longer there; nothing more is written",
                      moved[] = "the run folder was moved or replaced while the sweep ran";
    folder_changes(*state, "rm -rf '%s' # %s", gone);
    folder_changes(*state, "mv '%s' '%s'", gone);
    folder_changes(*state, "r='%s' o='%s'; mv $r $o; mkdir $r", moved);
    folder_changes(*state, "r='%s' o='%s'; mv $r $o; cp -a $o $r", moved); /* with the same claims */
    folder_changes(*state, "r='%s' o='%s'; mv $r $o; echo >$r; rm $r; ln -s nowhere $r", gone);
    folder_changes(*state, "r='%s'; rm -rf $r/claims; : '%s'", "the claim of this start is no longer there");
    folder_changes(*state, "r='%s'; rm $r/claims/000001; : '%s'",
                   "the claim of this start is no longer there");
    folder_changes(*state, "r='%s'; echo token: 0 >$r/claims/000001; : '%s'", moved);
}

/* A folder that is moved and given its name back by a link is still the same folder. */
static void test_a_link_may_lead_to_the_folder(void **state)
{
    struct rit_claim claim;
    const char *run = begin(*state, &claim);
    shell("r='%s'; mv $r $r.scratch; ln -s $r.scratch $r; : '%s'", run, "");
    assert_int_equal(write_text(&claim.fence, "phase-diagram.h5", "new", NULL), RIT_OK);
    assert_text(run, "phase-diagram.h5", "new");
    rit_claim_release(&claim);
}

static void journals_change(const char *folder, const char *after, const char *words)
{
    struct rit_claim claim;
    struct rit_error err;
    const char *run = begin(folder, &claim);
    struct rit_journal *journal = open_journal(&claim);
    shell(after, run, "");
    assert_int_equal(rit_journal_append(journal, "y", 1, NULL), RIT_OK);
    assert_int_equal(rit_journal_sync(journal, &err), RIT_IO);
    if (!strstr(err.text, words))
        fail_msg("'%s' without '%s'", err.text, words);
    assert_int_equal(rit_fence_check(&claim.fence, NULL), RIT_OK); /* the folder itself is well */
    rit_journal_close(journal);
    rit_claim_release(&claim);
    shell("rm -rf '%s' %s", run, "");
}

static void test_results_are_deleted_while_they_are_written(void **state)
{
    static const char gone[] = "000001.journal: the file is no longer there";
    journals_change(*state, "rm -rf '%s'/results %s", gone);
    journals_change(*state, "rm '%s'/results/* %s", gone);
    journals_change(*state, "j='%s'/results/000001.journal; cp $j $j.copy; mv $j.copy $j %s",
                    "000001.journal: the file was moved or replaced");
}

static void test_a_worker_sees_the_run_of_its_master(void **state)
{
    struct rit_claim claim;
    struct rit_fence fence;
    struct rit_error err;
    const char *run = begin(*state, &claim);
    assert_int_equal(rit_fence_open(&fence, run, 1, claim.fence.token, NULL), RIT_OK);
    struct rit_hash point = example_identity(1);
    assert_int_equal(write_checkpoint(&fence, &point, "state", 5, NULL), RIT_OK);
    assert_true(rit_checkpoint_exists(run, &rit_checkpoints, &point));
    rit_fence_close(&fence);
    assert_int_equal(rit_fence_open(&fence, *state, 1, claim.fence.token, &err), RIT_IO);
    assert_non_null(strstr(err.text, "not the run folder that the master of the sweep writes to"));
    assert_int_equal(rit_fence_open(&fence, run, 1, "00112233445566778899aabbccddeeff", NULL), RIT_IO);
    assert_int_equal(rit_fence_open(&fence, in(run, "nowhere"), 1, claim.fence.token, &err), RIT_IO);
    assert_non_null(strstr(err.text, "cannot be opened here"));
    rit_claim_release(&claim);
}

/* Nothing that has the name of a claim or of a journal without being one is touched, or in the way. */
static void test_numbers_that_others_took(void **state)
{
    const char *run = *state;
    struct rit_claim claim;
    shell("cd '%s'; mkdir claims results claims/000001 results/000002.journal; ln -s nowhere "
          "results/000003.journal; "
          ": >claims/1; : >claims/0000009; : >claims/.000009; : >results/000009.journal~%s",
          run, "");
    assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_OK);
    assert_int_equal(claim.fence.epoch, 4);
    struct rit_results results;
    assert_int_equal(rit_results_load(run, &results, NULL), RIT_OK);
    assert_int_equal(results.count, 0);
    rit_results_release(&results);
    rit_claim_release(&claim);
    shell("cd '%s'; : >results/000007.journal; rm -r claims%s", run,
          ""); /* what a start has left is not ours */
    assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_OK);
    assert_int_equal(claim.fence.epoch, 8);
    rit_claim_release(&claim);
}

static void test_strange_names(void **state)
{
    static const char *const name[] = {"with space", "new\nline", "100%s%n", "-o",
                                       "\xff\xfe",   "a/b/c/",    "..run.."};
    struct rit_claim claim;
    char run[700];
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        snprintf(run, sizeof run, "%s/%s", (const char *)*state, name[i]);
        assert_int_equal(rit_claim_take(run, &claim, NULL), RIT_OK);
        struct rit_journal *journal = open_journal(&claim);
        assert_int_equal(write_text(&claim.fence, "phase-diagram.h5", name[i], NULL), RIT_OK);
        assert_text(run, "phase-diagram.h5", name[i]);
        rit_journal_close(journal);
        rit_claim_release(&claim);
    }
    assert_int_equal(chdir(run), 0);
    assert_int_equal(rit_claim_take(".", &claim, NULL), RIT_OK);
    assert_int_equal(claim.fence.epoch, 2);
    assert_int_equal(write_text(&claim.fence, "phase-diagram.h5", "here", NULL), RIT_OK);
    assert_text(run, "phase-diagram.h5", "here");
    rit_claim_release(&claim);
    assert_int_equal(chdir("/"), 0);

    static char longest[RIT_PATH + 10];
    struct rit_error err;
    memset(longest, 'a', sizeof longest - 1);
    assert_int_equal(rit_claim_take(longest, &claim, &err), RIT_IO);
    assert_non_null(strstr(err.text, "the path is too long"));
    longest[300] = 0;
    assert_int_equal(rit_claim_take(in(*state, longest), &claim, &err), RIT_IO);
    assert_non_null(strstr(err.text, "File name too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_an_older_start_writes_nothing),
        IN_FOLDER(test_an_older_start_sleeps_before_its_rename),
        IN_FOLDER(test_a_folder_is_deleted_moved_or_replaced),
        IN_FOLDER(test_a_link_may_lead_to_the_folder),
        IN_FOLDER(test_results_are_deleted_while_they_are_written),
        IN_FOLDER(test_a_worker_sees_the_run_of_its_master),
        IN_FOLDER(test_numbers_that_others_took),
        IN_FOLDER(test_strange_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
