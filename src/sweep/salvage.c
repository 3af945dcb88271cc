/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/salvage.h"

#include <ritardando/point.h>

#include "base/process.h"
#include "store/gather.h"
#include "store/reader.h"
#include "store/record.h"

#include <stdlib.h>
#include <string.h>

static int place_in(const struct rit_roster *roster, const struct rit_hash *identity)
{
    for (int p = 0; p < roster->count; p++)
        if (rit_hash_equal(&roster->identity[p], identity))
            return p;
    return -1;
}

/* What the row of a dataset does not say in so many words. */
static void complete(const struct rit_config *config, const struct rit_roster *roster, int place,
                     struct rit_result *result)
{
    struct rit_point *point = malloc(sizeof *point);
    struct rit_buffer text = {0};
    RIT_CHECK(point);
    rit_plan_point(config, roster->plan[place], point);
    rit_point_print_identity(point, RIT_WHOLE, &text);
    rit_pack_bytes(&text, "", 1);
    result->point = (char *)text.data;
    result->trajectory = roster->trajectory[place];
    free(point);
}

static enum rit_status append(const struct rit_result *result, struct rit_journal *journal, int own,
                              struct rit_stored *stored, struct rit_error *err)
{
    struct rit_buffer packed = {0};
    rit_result_pack(result, &packed);
    *stored = (struct rit_stored){.file = own, .offset = rit_journal_size(journal)};
    enum rit_status status = rit_journal_append(journal, packed.data, packed.size, err);
    struct rit_reader in = {.data = packed.data, .size = packed.size};
    stored->length = rit_journal_size(journal) - stored->offset;
    RIT_CHECK(rit_result_glance(&in, stored, NULL) == RIT_OK);
    rit_buffer_release(&packed);
    return status;
}

enum rit_status rit_salvage(const char *run, const struct rit_config *config, const struct rit_roster *roster,
                            struct rit_results *results, struct rit_journal *journal, int own,
                            struct rit_error *err)
{
    struct rit_dataset dataset;
    struct rit_results found = {0};
    if (rit_dataset_read_run(run, &dataset, NULL) != RIT_OK)
        return RIT_OK;
    const struct rit_array *identity = rit_dataset_find(&dataset, "identity");
    enum rit_status status = RIT_OK;
    for (size_t row = 0; identity && identity->text && row < identity->count && status == RIT_OK; row++) {
        struct rit_hash hash;
        struct rit_result result;
        struct rit_stored stored;
        if (!rit_hash_parse(identity->text[row], &hash) || rit_results_find(results, &hash))
            continue;
        int place = place_in(roster, &hash);
        if (place < 0 || !rit_record_take(&dataset, row, &result))
            continue;
        complete(config, roster, place, &result);
        status = append(&result, journal, own, &stored, err);
        rit_gather_add(&found, &stored);
        rit_result_release(&result);
    }
    rit_dataset_release(&dataset);
    for (int i = 0; i < found.count; i++)
        rit_gather_add(results, &found.stored[i]);
    if (found.count > 0)
        rit_say("%s/phase-diagram.h5: has %d of the lost results, bit for bit", run, found.count);
    rit_results_release(&found);
    struct rit_gather_report report;
    struct rit_buffer lines = {0}; /* no point is there twice */
    return status == RIT_OK ? rit_gather_unite(results, &report, &lines, err) : status;
}
