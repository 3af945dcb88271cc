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
#include <sys/stat.h>
#include <unistd.h>

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

/* Room for one more in an array of `count`, which grows by doubling. */
static void *grown(void *array, int count, size_t size)
{
    if (count & (count - 1))
        return array;
    array = realloc(array, (count ? 2 * (size_t)count : 1) * size);
    RIT_CHECK(array != NULL);
    return array;
}

int rit_gather_file(struct rit_results *all, const char *path)
{
    all->file = grown(all->file, all->files, sizeof *all->file);
    all->file[all->files] = strdup(path);
    RIT_CHECK(all->file[all->files] != NULL);
    return all->files++;
}

static void add_damage(struct rit_results *all, int file, size_t offset, size_t length)
{
    all->damage = grown(all->damage, all->damages, sizeof *all->damage);
    all->damage[all->damages++] = (struct rit_damage){.file = file, .offset = offset, .length = length};
}

void rit_gather_add(struct rit_results *all, const struct rit_stored *stored)
{
    all->stored = realloc(all->stored, ((size_t)all->count + 1) * sizeof *all->stored);
    RIT_CHECK(all->stored != NULL);
    all->stored[all->count++] = *stored;
}

static enum rit_status add_result(struct rit_results *all, int file, size_t offset, size_t length,
                                  struct rit_reader *payload, struct rit_error *err)
{
    struct rit_stored stored = {.file = file, .offset = offset, .length = length};
    struct rit_error why;
    if (rit_result_glance(payload, &stored, &why) != RIT_OK)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "%s: the record at byte %zu is undamaged, but no result that this program writes; the "
            "program that wrote it can go on with it, this one with a new run folder",
            all->file[file], offset);
    all->stored = grown(all->stored, all->count, sizeof *all->stored);
    all->stored[all->count++] = stored;
    return RIT_OK;
}

static enum rit_status gather_file(struct rit_results *all, int file, struct rit_error *err)
{
    struct rit_frames frames;
    struct rit_reader payload;
    enum rit_status status = rit_frames_open(&frames, all->file[file], err);
    bool over = false;
    while (status == RIT_OK && !over) {
        size_t offset, length;
        switch (rit_frames_next(&frames, &offset, &length, &payload, err)) {
        case RIT_FRAME_GOOD:
            status = add_result(all, file, offset, length, &payload, err);
            break;
        case RIT_FRAME_DAMAGED:
            add_damage(all, file, offset, length);
            break;
        case RIT_FRAME_FOREIGN:
            status =
                rit_fail(err, RIT_BAD_INPUT,
                         "%s: written by another version of the program, whose results have another form; "
                         "that version can go on with this run, this one with a new run folder",
                         all->file[file]);
            break;
        case RIT_FRAME_UNREAD:
            status = RIT_IO;
            break;
        case RIT_FRAME_NO_MORE:
        case RIT_FRAME_TORN:
            over = true;
        }
    }
    rit_frames_close(&frames);
    return status;
}

enum rit_status rit_gather_run(struct rit_results *all, const char *run, struct rit_error *err)
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
        if (status == RIT_OK && is_ours(path))
            status = gather_file(all, rit_gather_file(all, path), err);
        free(names[i]);
    }
    free(names);
    return status;
}

/* By identity; results before failures; then as they were found. */
static int by_identity(const void *a, const void *b)
{
    const struct rit_stored *x = a, *y = b;
    int order = memcmp(x->identity.byte, y->identity.byte, RIT_HASH_BYTES);
    if (order != 0)
        return order;
    order = (x->end == RIT_END_FAILED) - (y->end == RIT_END_FAILED);
    if (order != 0)
        return order;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* What two results that differ say of themselves. */
static void say_disagreement(const struct rit_reading *reading, const struct rit_stored *a,
                             const struct rit_stored *b, const struct rit_result *first,
                             const struct rit_result *second, struct rit_buffer *lines)
{
    const struct rit_provenance *p = &first->provenance, *q = &second->provenance;
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&a->identity, 16, hex);
    rit_buffer_printf(lines,
                      "point %s has two results that differ: %s at byte %zu (made on %s by %s, %s) and %s at "
                      "byte %zu (made on %s by %s, %s)\n",
                      hex, reading->file[a->file], a->offset, p->host, p->program, p->kernel,
                      reading->file[b->file], b->offset, q->host, q->program, q->kernel);
}

/* Of two versions one may have measured more, or have said it in other words. */
static bool disagree(const struct rit_outcome *a, const struct rit_outcome *b)
{
    char what[RIT_VARIABLE_TEXT];
    return rit_outcome_differs(a, b, what, sizeof what) && rit_outcome_differs(b, a, what, sizeof what);
}

/* Two results whose contents differ, or that have numbers of a library, which no hash compares. */
static enum rit_status look_closer(struct rit_reading *reading, const struct rit_stored *a,
                                   const struct rit_stored *b, struct rit_gather_report *report,
                                   struct rit_buffer *lines, struct rit_error *err)
{
    struct rit_result first, second;
    RIT_TRY(rit_reading_get(reading, a, &first, NULL, err));
    enum rit_status status = rit_reading_get(reading, b, &second, NULL, err);
    if (status == RIT_OK) {
        if (disagree(&first.outcome, &second.outcome)) {
            report->disagreements++;
            say_disagreement(reading, a, b, &first, &second, lines);
        }
        rit_result_release(&second);
    }
    rit_result_release(&first);
    return status;
}

static enum rit_status content_of(struct rit_reading *reading, const struct rit_stored *stored,
                                  struct rit_hash *content, bool *library, struct rit_error *err)
{
    struct rit_reader packed;
    RIT_TRY(rit_reading_packed(reading, stored, &packed, err));
    *content = rit_result_packed_content(&packed, library);
    return RIT_OK;
}

/* Of several failures the first is kept, and a result outdoes it: `b` may be no result. */
static enum rit_status compare(struct rit_reading *reading, const struct rit_stored *a,
                               const struct rit_stored *b, struct rit_gather_report *report,
                               struct rit_buffer *lines, struct rit_error *err)
{
    struct rit_hash x, y;
    bool library, other;
    if (b->end == RIT_END_FAILED)
        return RIT_OK;
    RIT_TRY(content_of(reading, a, &x, &library, err));
    RIT_TRY(content_of(reading, b, &y, &other, err));
    if (rit_hash_equal(&x, &y) && !library)
        return RIT_OK;
    return look_closer(reading, a, b, report, lines, err);
}

enum rit_status rit_gather_unite(struct rit_results *all, struct rit_gather_report *report,
                                 struct rit_buffer *lines, struct rit_error *err)
{
    *report = (struct rit_gather_report){.read = all->count};
    if (all->count > 0)
        qsort(all->stored, (size_t)all->count, sizeof *all->stored, by_identity);
    struct rit_reading reading;
    rit_reading_begin(&reading, all->file, all->files);
    enum rit_status status = RIT_OK;
    int kept = 0;
    for (int i = 0; i < all->count && status == RIT_OK; i++) {
        struct rit_stored *before = kept > 0 ? &all->stored[kept - 1] : NULL, *here = &all->stored[i];
        if (before && rit_hash_equal(&before->identity, &here->identity)) {
            report->repeated++;
            status = compare(&reading, before, here, report, lines, err);
        } else {
            all->stored[kept++] = *here;
        }
    }
    rit_reading_end(&reading);
    all->count = kept;
    return status;
}
