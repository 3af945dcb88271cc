/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/results.h"

#include "base/process.h"
#include "store/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rit_status rit_results_load(const char *run, struct rit_results *results, struct rit_error *err)
{
    struct rit_gather_report report;
    struct rit_buffer lines = {0};
    *results = (struct rit_results){0};
    enum rit_status status = rit_gather_run(results, run, err);
    if (status == RIT_OK)
        status = rit_gather_unite(results, &report, &lines, err);
    if (status == RIT_OK && report.disagreements > 0)
        status = rit_fail(err, RIT_BAD_INPUT, "%.*s", (int)lines.size - 1, (const char *)lines.data);
    rit_buffer_release(&lines);
    if (status != RIT_OK)
        rit_results_release(results);
    return status;
}

void rit_results_release(struct rit_results *results)
{
    for (int i = 0; i < results->files; i++)
        free(results->file[i]);
    free(results->file);
    free(results->stored);
    free(results->damage);
    *results = (struct rit_results){0};
}

const struct rit_stored *rit_results_find(const struct rit_results *results, const struct rit_hash *identity)
{
    int low = 0, high = results->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = memcmp(results->stored[middle].identity.byte, identity->byte, RIT_HASH_BYTES);
        if (order == 0)
            return &results->stored[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void rit_results_say(const struct rit_results *results)
{
    for (int i = 0, n; i < results->damages; i += n) {
        const struct rit_damage *first = &results->damage[i];
        char more[64] = "";
        for (n = 1; i + n < results->damages && first[n].file == first->file; n++)
            continue;
        if (n > 1)
            snprintf(more, sizeof more, " and at %d more places", n - 1);
        rit_say("%s: damaged at byte %zu%s: %d record%s skipped, all others are used",
                results->file[first->file], first->offset, more, n, n == 1 ? " is" : "s are");
    }
}
