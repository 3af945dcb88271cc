/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of damaged journals: what is good in them moves to a new one, and they are kept aside. */
#include "store/results.h"

#include "base/call.h"
#include "base/file.h"
#include "base/process.h"
#include "store/fence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool *damaged_files(const struct rit_results *results)
{
    bool *damaged = calloc((size_t)results->files + 1, sizeof *damaged);
    RIT_CHECK(damaged != NULL);
    for (int i = 0; i < results->damages; i++)
        damaged[results->damage[i].file] = true;
    return damaged;
}

static enum rit_status save_good(struct rit_results *results, const bool *damaged,
                                 struct rit_journal *journal, int own, struct rit_error *err)
{
    struct rit_reading reading;
    enum rit_status status = RIT_OK;
    rit_reading_begin(&reading, results->file, results->files);
    for (int i = 0; i < results->count && status == RIT_OK; i++) {
        struct rit_stored *stored = &results->stored[i];
        struct rit_reader packed;
        if (!damaged[stored->file])
            continue;
        status = rit_reading_packed(&reading, stored, &packed, err);
        size_t offset = rit_journal_size(journal);
        if (status == RIT_OK)
            status = rit_journal_append(journal, packed.data, packed.size, err);
        if (status == RIT_OK) {
            stored->file = own;
            stored->offset = offset;
        }
    }
    rit_reading_end(&reading);
    return status == RIT_OK ? rit_journal_sync(journal, err) : status;
}

static const char aside[] = "results/damaged";

/* The first free name for it: a journal of one name may be damaged again in a copied run folder. */
static enum rit_status put_aside(const struct rit_fence *fence, const char *path, struct rit_error *err)
{
    char from[RIT_PATH], to[RIT_PATH];
    struct stat about;
    const char *name = strrchr(path, '/') + 1;
    RIT_TRY(rit_file_path(from, err, "results/%s", name));
    int copies = 0;
    do
        RIT_TRY(rit_file_path(to, err, "%s/%s.%d", aside, name, ++copies));
    while (rit_call_stat(fence->folder, to, &about) == 0);
    RIT_TRY(rit_fence_check(fence, err));
    if (rit_call_rename(fence->folder, from, to) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot move it to %s/%s: %s", path, fence->run, to,
                        strerror(errno));
    rit_say("%s: now in %s/%s, as it was; what is good in it lies in a new journal", path, fence->run, to);
    RIT_TRY(rit_file_sync_folder_at(fence->folder, aside, fence->run, err));
    return rit_file_sync_folder_at(fence->folder, "results", fence->run, err);
}

enum rit_status rit_results_mend(struct rit_results *results, const struct rit_fence *fence,
                                 struct rit_journal *journal, int own, struct rit_error *err)
{
    bool *damaged = damaged_files(results);
    enum rit_status status = save_good(results, damaged, journal, own, err);
    if (status == RIT_OK)
        status = rit_fence_make_folder(fence, aside, err);
    for (int i = 0; i < results->files && status == RIT_OK; i++)
        if (damaged[i])
            status = put_aside(fence, results->file[i], err);
    free(damaged);
    if (status == RIT_OK)
        results->damages = 0;
    return status;
}
