/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/gather.h"

#include "base/call.h"
#include "base/file.h"
#include "store/folder.h"
#include "store/frame.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum rit_status rit_results_damaged(const char *path, size_t offset, struct rit_error *err)
{
    return rit_fail(
        err, RIT_BAD_INPUT,
        "%s: damaged at byte %zu; `truncate -s %zu %s` keeps what is before, and the points behind "
        "it are trained again",
        path, offset, offset, path);
}

static int is_journal(const struct dirent *entry)
{
    return rit_folder_number(entry->d_name, ".journal") > 0;
}

/* A folder or a link to nowhere with such a name was not made by this program: it is left alone. */
static bool is_ours(const char *path)
{
    struct stat about;
    if (rit_call_stat(AT_FDCWD, path, &about) != 0)
        return errno !=
               ENOENT; /* what is there and cannot be looked at is a failure, said by whoever reads */
    return S_ISREG(about.st_mode);
}

static void add_entry(struct rit_gathered *all, const struct rit_result *result, int file, size_t offset)
{
    if (all->count == all->capacity) {
        all->capacity = all->capacity ? 2 * all->capacity : 256;
        all->entry = realloc(all->entry, (size_t)all->capacity * sizeof *all->entry);
        RIT_CHECK(all->entry != NULL);
    }
    all->entry[all->count++] = (struct rit_entry){.result = *result, .file = file, .offset = offset};
}

static enum rit_status gather_file(struct rit_gathered *all, int file_index, struct rit_error *err)
{
    const char *path = all->file[file_index];
    struct rit_buffer bytes = {0};
    enum rit_status status = rit_file_read(path, SIZE_MAX / 8, &bytes, err);
    struct rit_reader file = {.data = bytes.data, .size = bytes.size}, payload;
    while (status == RIT_OK) {
        size_t offset = file.at;
        enum rit_frame state = rit_frame_next(&file, &payload);
        if (state == RIT_FRAME_NO_MORE || state == RIT_FRAME_TORN)
            break;
        struct rit_result result;
        if (state == RIT_FRAME_DAMAGED)
            status = rit_results_damaged(path, offset, err);
        else if ((status = rit_result_read(&payload, &result, err)) != RIT_OK)
            rit_fail(err, status,
                     "%s: the record at byte %zu is undamaged, but no result that this program writes", path,
                     offset);
        else
            add_entry(all, &result, file_index, offset);
    }
    rit_buffer_release(&bytes);
    return status;
}

enum rit_status rit_gather_run(struct rit_gathered *all, const char *run, struct rit_error *err)
{
    char folder[RIT_PATH];
    RIT_TRY(rit_file_path(folder, err, "%s/results", run));
    struct dirent **names;
    int n = scandir(folder, &names, is_journal, alphasort);
    if (n < 0 && errno == ENOENT)
        return RIT_OK;
    if (n < 0 && errno == ENOTDIR && access(folder, F_OK) != 0)
        return rit_fail(err, RIT_IO, "%s: is not a folder", run);
    if (n < 0)
        return rit_fail(err, RIT_IO, "%s: cannot read the folder: %s", folder, strerror(errno));
    enum rit_status status = RIT_OK;
    for (int i = 0; i < n; i++) {
        char path[RIT_PATH];
        if (status == RIT_OK)
            status = rit_file_path(path, err, "%s/%s", folder, names[i]->d_name);
        if (status == RIT_OK && is_ours(path)) {
            all->file = realloc(all->file, (size_t)(all->files + 1) * sizeof *all->file);
            RIT_CHECK(all->file != NULL);
            all->file[all->files] = strdup(path);
            RIT_CHECK(all->file[all->files] != NULL);
            status = gather_file(all, all->files++, err);
        }
        free(names[i]);
    }
    free(names);
    return status;
}

/* By identity; results before failures; then as they were found. */
static int by_identity(const void *a, const void *b)
{
    const struct rit_entry *x = a, *y = b;
    int order = memcmp(x->result.identity.byte, y->result.identity.byte, RIT_HASH_BYTES);
    if (order != 0)
        return order;
    order = (x->result.outcome.end == RIT_END_FAILED) - (y->result.outcome.end == RIT_END_FAILED);
    if (order != 0)
        return order;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool agree(const struct rit_result *a, const struct rit_result *b)
{
    if (b->outcome.end == RIT_END_FAILED)
        return true; /* no result: of several failures the first is kept, and a result outdoes it */
    struct rit_hash x = rit_result_content(a), y = rit_result_content(b);
    return rit_hash_equal(&x, &y);
}

static void disagreement(const struct rit_gathered *all, const struct rit_entry *a, const struct rit_entry *b,
                         struct rit_buffer *lines)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&a->result.identity, 16, hex);
    const struct rit_provenance *p = &a->result.provenance, *q = &b->result.provenance;
    rit_buffer_printf(lines,
                      "point %s has two results that differ: %s at byte %zu (made on %s by %s, %s) and %s at "
                      "byte %zu (made on %s by %s, %s)\n",
                      hex, all->file[a->file], a->offset, p->host, p->program, p->kernel, all->file[b->file],
                      b->offset, q->host, q->program, q->kernel);
}

struct rit_gather_report rit_gather_unite(struct rit_gathered *all, struct rit_results *results,
                                          struct rit_buffer *lines)
{
    struct rit_gather_report report = {.read = all->count};
    if (all->count > 0)
        qsort(all->entry, (size_t)all->count, sizeof *all->entry, by_identity);
    results->count = 0;
    results->result = malloc(((size_t)all->count + 1) * sizeof *results->result);
    RIT_CHECK(results->result != NULL);
    const struct rit_entry *kept = NULL;
    for (int i = 0; i < all->count; i++) {
        struct rit_entry *entry = &all->entry[i];
        if (!kept || !rit_hash_equal(&kept->result.identity, &entry->result.identity)) {
            kept = entry;
            results->result[results->count++] = entry->result;
            continue;
        }
        report.repeated++;
        if (!agree(&kept->result, &entry->result)) {
            report.disagreements++;
            disagreement(all, kept, entry, lines);
        }
        rit_result_release(&entry->result);
    }
    all->count = 0; /* the results have new owners */
    return report;
}

void rit_gathered_release(struct rit_gathered *all)
{
    for (int i = 0; i < all->count; i++)
        rit_result_release(&all->entry[i].result);
    for (int i = 0; i < all->files; i++)
        free(all->file[i]);
    free(all->entry);
    free(all->file);
}
