/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/archive.h"

#include "base/file.h"
#include "base/process.h"
#include "store/checkpoint.h"
#include "store/dataset.h"
#include "store/gather.h"
#include "sweep/gathering.h"
#include "sweep/kin.h"
#include "sweep/salvage.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONFIG = 1 << 26 }; /* bytes of a stored config */

static enum rit_status claim(struct rit_archive *a, double patience, struct rit_error *err)
{
    double until = rit_seconds() + patience;
    bool said = false;
    for (;;) {
        enum rit_status status = rit_claim_take(a->run, &a->claim, err);
        if (status != RIT_STOPPED || rit_seconds() >= until || rit_stop_asked() != RIT_GO)
            return status;
        if (!said)
            rit_say("%s; waiting for its end", err->text);
        *err = (struct rit_error){.status = RIT_OK};
        said = true;
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
}

/* RIT_BAD_INPUT if the stored config is of another experiment, whose results the dataset would no longer
 * show. One that this version cannot read is no reason. */
static enum rit_status refuse_stranger(const struct rit_archive *a, const struct rit_buffer *old,
                                       struct rit_error *err)
{
    struct rit_config before;
    if (a->loaded.count == 0 ||
        rit_config_parse("config.yaml", (const char *)old->data, old->size, &before, NULL) != RIT_OK)
        return RIT_OK;
    bool kin = rit_configs_are_kin(&before, a->config);
    rit_config_release(&before);
    if (kin)
        return RIT_OK;
    return rit_fail(
        err, RIT_BAD_INPUT,
        "%s: holds %d result%s of another config, which has no point in common with this one: its "
        "dataset would show none of them. Give this config a folder of its own with -o; or, if "
        "the folder is to show it from now on, move %s/config.yaml away first",
        a->run, a->loaded.count, a->loaded.count == 1 ? "" : "s", a->run);
}

/* Keep the config that the run was made with until now, under the number of the start that changes it. */
static enum rit_status keep_config(const struct rit_archive *a, const struct rit_buffer *old,
                                   struct rit_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "config.before-%s.yaml", a->claim.writer);
    rit_say("%s/config.yaml: the run was made with another config, now %s; its results are kept, and the "
            "dataset shows the points of the new one",
            a->run, name);
    struct rit_span text = {old->data, old->size};
    return rit_fence_replace(&a->claim.fence, name, &text, 1, err);
}

/* Store the resolved config; another one that stood in its place must be kin, and is kept. */
static enum rit_status store_config(struct rit_archive *a, struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(rit_file_path(path, err, "%s/config.yaml", a->run));
    rit_config_print(a->config, &a->config_text);
    size_t size = a->config_text.size;
    rit_pack_bytes(&a->config_text, "", 1);
    struct rit_span text = {a->config_text.data, size};
    struct rit_buffer old = {0};
    enum rit_status status = RIT_OK;
    if (access(path, F_OK) == 0 || errno != ENOENT) /* one that cannot be read must not be replaced */
        status = rit_file_read(path, MAX_CONFIG, &old, err);
    bool same = old.size > 0 && old.size == text.size && memcmp(old.data, text.data, text.size) == 0;
    if (status == RIT_OK && !same && old.size > 0) {
        status = refuse_stranger(a, &old, err);
        if (status == RIT_OK)
            status = keep_config(a, &old, err);
    }
    if (status == RIT_OK && !same)
        status = rit_fence_replace(&a->claim.fence, "config.yaml", &text, 1, err);
    rit_buffer_release(&old);
    return status;
}

static void find_results(struct rit_archive *a)
{
    const struct rit_roster *roster = a->roster;
    int failed = 0;
    for (int p = 0; p < roster->count; p++) {
        const struct rit_stored *result = rit_results_find(&a->loaded, &roster->identity[p]);
        bool good = result && result->end != RIT_END_FAILED;
        a->have[p] = good ? result : NULL;
        failed += result && !good;
    }
    if (failed > 0)
        rit_say("%d point%s failed before and %s tried again", failed, failed == 1 ? "" : "s",
                failed == 1 ? "is" : "are");
}

static enum rit_status open_journal(struct rit_archive *a, struct rit_error *err)
{
    return a->journal ? RIT_OK : rit_journal_open(&a->claim.fence, a->claim.writer, &a->journal, err);
}

static bool is_whole(const struct rit_archive *a)
{
    for (int p = 0; p < a->roster->count; p++)
        if (!rit_results_find(&a->loaded, &a->roster->identity[p]))
            return false;
    return a->loaded.damages == 0;
}

/* What journals lost, damaged or gone with their file, is salvaged from the dataset. */
static enum rit_status load(struct rit_archive *a, struct rit_error *err)
{
    char journal[RIT_PATH], dataset[RIT_PATH];
    RIT_TRY(rit_file_path(dataset, err, "%s/phase-diagram.h5", a->run));
    RIT_TRY(rit_file_path(journal, err, "%s/results/%s.journal", a->run, a->claim.writer));
    RIT_TRY(rit_results_load(a->run, &a->loaded, err));
    rit_results_say(&a->loaded);
    a->own = rit_gather_file(&a->loaded, journal);
    if (is_whole(a) || (a->loaded.damages == 0 && access(dataset, F_OK) != 0))
        return RIT_OK;
    RIT_TRY(open_journal(a, err));
    RIT_TRY(rit_salvage(a->run, a->config, a->roster, &a->loaded, a->journal, a->own, err));
    return a->loaded.damages == 0 ? RIT_OK
                                  : rit_results_mend(&a->loaded, &a->claim.fence, a->journal, a->own, err);
}

static enum rit_status open_all(struct rit_archive *a, double patience, struct rit_error *err)
{
    RIT_TRY(claim(a, patience, err));
    RIT_TRY(load(a, err));
    RIT_TRY(rit_watch_begin(&a->claim.fence, &a->watch, err)); /* only now: damaged ones are put aside */
    RIT_TRY(store_config(a, err));
    find_results(a);
    rit_growth_find(a->config, a->roster, &a->loaded, a->run, &a->growth);
    return RIT_OK;
}

enum rit_status rit_archive_open(struct rit_archive *a, const char *run, const struct rit_config *config,
                                 const struct rit_roster *roster, double patience, struct rit_error *err)
{
    size_t room = (size_t)roster->count + 1;
    *a = (struct rit_archive){.run = run, .config = config, .roster = roster, .claim = RIT_CLAIM_NONE};
    a->fresh = calloc(room, sizeof *a->fresh);
    a->have = calloc(room, sizeof *a->have);
    RIT_CHECK(a->fresh && a->have);
    enum rit_status status = open_all(a, patience, err);
    if (status != RIT_OK)
        rit_archive_close(a);
    return status;
}

void rit_archive_extend(struct rit_archive *a, int first, const struct rit_stored *const *from)
{
    size_t room = (size_t)a->roster->count + 1;
    struct rit_stored *fresh = calloc(room, sizeof *fresh);
    a->have = realloc(a->have, room * sizeof *a->have);
    RIT_CHECK(fresh && a->have);
    rit_growth_add(a->config, a->roster, &a->loaded, from, a->run, &a->growth);
    for (int p = 0; p < first; p++) {
        fresh[p] = a->fresh[p];
        if (a->have[p] == &a->fresh[p])
            a->have[p] = &fresh[p];
    }
    for (int p = first; p < a->roster->count; p++) {
        const struct rit_stored *result = rit_results_find(&a->loaded, &a->roster->identity[p]);
        a->have[p] = result && result->end != RIT_END_FAILED ? result : NULL;
    }
    free(a->fresh);
    a->fresh = fresh;
}

void rit_archive_close(struct rit_archive *a)
{
    if (a->publisher) {
        rit_publisher_give_up(a->publisher);
        rit_publisher_end(a->publisher, NULL);
    }
    rit_journal_close(a->journal);
    rit_claim_release(&a->claim);
    rit_results_release(&a->loaded);
    rit_watch_release(&a->watch);
    rit_growth_release(&a->growth);
    rit_buffer_release(&a->config_text);
    free(a->fresh);
    free(a->have);
    *a = (struct rit_archive){.claim = RIT_CLAIM_NONE};
}

enum rit_status rit_archive_append(struct rit_archive *a, int point, const struct rit_result *result,
                                   struct rit_error *err)
{
    RIT_CHECK(!a->have[point] || a->have[point]->end == RIT_END_FAILED);
    RIT_TRY(open_journal(a, err));
    struct rit_buffer packed = {0};
    rit_result_pack(result, &packed);
    struct rit_stored stored = {.file = a->own, .offset = rit_journal_size(a->journal)};
    enum rit_status status = rit_journal_append(a->journal, packed.data, packed.size, err);
    stored.length = rit_journal_size(a->journal) - stored.offset;
    struct rit_reader in = {.data = packed.data, .size = packed.size};
    if (status == RIT_OK) {
        RIT_CHECK(rit_result_glance(&in, &stored, NULL) == RIT_OK);
        a->fresh[point] = stored;
        a->have[point] = &a->fresh[point];
    }
    rit_buffer_release(&packed);
    return status;
}

enum rit_status rit_archive_read(const struct rit_archive *a, int point, struct rit_result *result,
                                 struct rit_error *err)
{
    return rit_results_get(&a->loaded, a->have[point], result, err);
}

enum rit_status rit_archive_sync(struct rit_archive *a, struct rit_error *err)
{
    return a->journal ? rit_journal_sync(a->journal, err) : rit_fence_check(&a->claim.fence, err);
}

enum rit_status rit_archive_check(const struct rit_archive *a, struct rit_error *err)
{
    return a->journal ? rit_journal_check(a->journal, err) : rit_fence_check(&a->claim.fence, err);
}

enum rit_status rit_archive_check_all(const struct rit_archive *a, struct rit_error *err)
{
    RIT_TRY(rit_archive_check(a, err));
    return rit_watch_check(&a->claim.fence, &a->watch, err);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, RIT_HASH_BYTES);
}

/* The name of a checkpoint against an identity, in the same order. */
static int by_name(const void *name, const void *identity)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(identity, RIT_HASH_HEX - 1, hex);
    return strncmp(name, hex, RIT_HASH_HEX - 1);
}

static DIR *open_shelf(const struct rit_archive *a, const struct rit_shelf *shelf)
{
    char path[RIT_PATH];
    return rit_file_path(path, NULL, "%s/%s", a->run, shelf->folder) == RIT_OK ? opendir(path) : NULL;
}

/* Of the n points that have a result. */
static void remove_checkpoints(const struct rit_archive *a, const struct rit_hash *done, size_t n)
{
    DIR *folder = open_shelf(a, &rit_checkpoints);
    if (!folder)
        return; /* none was ever written */
    for (const struct dirent *entry; (entry = readdir(folder));) {
        const struct rit_hash *found = bsearch(entry->d_name, done, n, sizeof *done, by_name);
        if (found)
            rit_checkpoint_remove(&a->claim.fence, &rit_checkpoints, found);
    }
    closedir(folder);
}

static void remove_spectra(const struct rit_archive *a)
{
    DIR *folder = open_shelf(a, &rit_spectra);
    struct rit_hash kernel;
    for (const struct dirent *entry; folder && (entry = readdir(folder));)
        if (rit_hash_parse(entry->d_name, &kernel))
            rit_checkpoint_remove(&a->claim.fence, &rit_spectra, &kernel);
    if (folder)
        closedir(folder);
}

void rit_archive_tidy(const struct rit_archive *a)
{
    size_t n = 0;
    struct rit_hash *done = malloc(((size_t)a->roster->count + 1) * sizeof *done);
    RIT_CHECK(done);
    for (int p = 0; p < a->roster->count; p++)
        if (a->have[p])
            done[n++] = a->roster->identity[p];
    qsort(done, n, sizeof *done, by_bytes);
    remove_checkpoints(a, done, n);
    if (n == (size_t)a->roster->count)
        remove_spectra(a);
    free(done);
}

enum rit_status rit_archive_begin_dataset(struct rit_archive *a, struct rit_error *err)
{
    int n, row = 0;
    int *order = rit_roster_rows(a->config, a->roster, &n);
    struct rit_row *rows = calloc((size_t)n + 1, sizeof *rows);
    struct rit_stored *stored = calloc((size_t)n + 1, sizeof *stored);
    RIT_CHECK(!a->publisher && rows && stored);
    for (int i = 0; i < n; i++) {
        int p = order[i];
        if (!a->have[p])
            continue;
        stored[row] = *a->have[p];
        rows[row] = rit_roster_row(a->config, a->roster->plan[p], &stored[row]);
        row++;
    }
    free(order);
    struct rit_dataset_about about = {
        .config = (const char *)a->config_text.data, .planned = n, .results = &a->loaded};
    a->publisher = rit_publisher_begin(&a->claim.fence, rows, row, stored, &about, err);
    return a->publisher ? RIT_OK : err->status;
}

bool rit_archive_dataset_is_done(const struct rit_archive *a)
{
    return rit_publisher_is_done(a->publisher);
}

void rit_archive_give_up_dataset(struct rit_archive *a)
{
    rit_publisher_give_up(a->publisher);
}

enum rit_status rit_archive_end_dataset(struct rit_archive *a, struct rit_error *err)
{
    struct rit_publisher *publisher = a->publisher;
    a->publisher = NULL;
    return rit_publisher_end(publisher, err);
}

enum rit_status rit_archive_write_dataset(struct rit_archive *a, struct rit_error *err)
{
    RIT_TRY(rit_archive_begin_dataset(a, err));
    return rit_archive_end_dataset(a, err);
}
