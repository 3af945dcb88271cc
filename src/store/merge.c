/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/merge.h"

#include "store/claim.h"
#include "store/folder.h"
#include "store/gather.h"

static enum rit_status gather_runs(struct rit_results *all, const char *const *runs, int n,
                                   struct rit_error *err)
{
    for (int i = 0; i < n; i++) {
        RIT_TRY(rit_folder_is_run(runs[i], err));
        RIT_TRY(rit_gather_run(all, runs[i], err));
    }
    return RIT_OK;
}

static enum rit_status append_new(struct rit_journal *journal, const struct rit_results *results,
                                  const struct rit_results *known, int *added, struct rit_error *err)
{
    struct rit_reading reading;
    rit_reading_begin(&reading, results->file, results->files);
    enum rit_status status = RIT_OK;
    for (int i = 0; i < results->count && status == RIT_OK; i++) {
        const struct rit_stored *r = &results->stored[i];
        const struct rit_stored *there = rit_results_find(known, &r->identity);
        struct rit_reader packed;
        if (there && (there->end != RIT_END_FAILED || r->end == RIT_END_FAILED))
            continue;
        status = rit_reading_packed(&reading, r, &packed, err);
        if (status == RIT_OK)
            status = rit_journal_append(journal, packed.data, packed.size, err);
        *added += !there;
    }
    rit_reading_end(&reading);
    return status == RIT_OK ? rit_journal_sync(journal, err) : status;
}

static enum rit_status write_into(const char *out, const struct rit_results *results, int *added,
                                  struct rit_error *err)
{
    struct rit_claim claim;
    RIT_TRY(rit_claim_take(out, &claim, err));
    struct rit_results known = {0};
    struct rit_journal *journal = NULL;
    enum rit_status status = rit_results_load(out, &known, err);
    if (status == RIT_OK)
        status = rit_journal_open(&claim.fence, claim.writer, &journal, err);
    if (status == RIT_OK)
        status = append_new(journal, results, &known, added, err);
    rit_journal_close(journal);
    rit_results_release(&known);
    rit_claim_release(&claim);
    return status;
}

enum rit_status rit_merge(const char *out, const char *const *runs, int n, struct rit_merge_report *report,
                          struct rit_error *err)
{
    *report = (struct rit_merge_report){0};
    struct rit_results all = {0};
    struct rit_gather_report found = {0};
    enum rit_status status = gather_runs(&all, runs, n, err);
    if (status == RIT_OK)
        rit_results_say(&all);
    if (status == RIT_OK)
        status = rit_gather_run(&all, out, err);
    if (status == RIT_OK)
        status = rit_gather_unite(&all, &found, &report->disagreement, err);
    if (status == RIT_OK) {
        report->read = found.read;
        report->repeated = found.repeated;
        report->disagreements = found.disagreements;
        report->points = all.count;
        if (found.disagreements > 0)
            status = rit_fail(err, RIT_BAD_INPUT,
                              "nothing was merged: %d results differ that should agree bit for bit",
                              found.disagreements);
    }
    if (status == RIT_OK)
        status = write_into(out, &all, &report->added, err);
    rit_results_release(&all);
    return status;
}
