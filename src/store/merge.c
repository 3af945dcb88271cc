/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/merge.h"

#include "store/claim.h"
#include "store/folder.h"
#include "store/gather.h"

static enum rit_status gather_runs(struct rit_gathered *all, const char *const *runs, int n,
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
    struct rit_buffer bytes = {0};
    enum rit_status status = RIT_OK;
    for (int i = 0; i < results->count && status == RIT_OK; i++) {
        const struct rit_result *r = &results->result[i];
        const struct rit_result *there = rit_results_find(known, &r->identity);
        if (there && (there->outcome.end != RIT_END_FAILED || r->outcome.end == RIT_END_FAILED))
            continue;
        bytes.size = 0;
        rit_result_pack(r, &bytes);
        status = rit_journal_append(journal, bytes.data, bytes.size, err);
        *added += !there;
    }
    rit_buffer_release(&bytes);
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
    struct rit_gathered all = {0};
    struct rit_results results = {0};
    enum rit_status status = gather_runs(&all, runs, n, err);
    if (status == RIT_OK)
        status = rit_gather_run(&all, out, err);
    if (status == RIT_OK) {
        struct rit_gather_report found = rit_gather_unite(&all, &results, &report->disagreement);
        report->read = found.read;
        report->repeated = found.repeated;
        report->disagreements = found.disagreements;
        report->points = results.count;
        if (found.disagreements > 0)
            status = rit_fail(err, RIT_BAD_INPUT,
                              "nothing was merged: %d results differ that should agree bit for bit",
                              found.disagreements);
    }
    if (status == RIT_OK)
        status = write_into(out, &results, &report->added, err);
    rit_gathered_release(&all);
    rit_results_release(&results);
    return status;
}
