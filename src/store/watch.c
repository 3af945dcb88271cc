/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/watch.h"

#include "base/call.h"
#include "store/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 32 };

static void journal_name(char name[NAME], int number)
{
    snprintf(name, NAME, "results/%06d.journal", number);
}

enum rit_status rit_watch_begin(const struct rit_fence *fence, struct rit_watch *watch, struct rit_error *err)
{
    int newest;
    *watch = (struct rit_watch){0};
    RIT_TRY(rit_folder_newest(fence->folder, fence->run, "results", ".journal", &newest, err));
    watch->file = calloc((size_t)newest + 1, sizeof *watch->file);
    RIT_CHECK(watch->file != NULL);
    for (int number = 1; number <= newest; number++) {
        char name[NAME];
        struct stat about;
        journal_name(name, number);
        if (rit_call_stat(fence->folder, name, &about) == 0 && S_ISREG(about.st_mode))
            watch->file[watch->count++] =
                (struct rit_watched){number, about.st_dev, about.st_ino, about.st_size};
    }
    return RIT_OK;
}

enum rit_status rit_watch_check(const struct rit_fence *fence, const struct rit_watch *watch,
                                struct rit_error *err)
{
    for (int i = 0; i < watch->count; i++) {
        const struct rit_watched *file = &watch->file[i];
        char name[NAME];
        struct stat now;
        journal_name(name, file->number);
        if (rit_call_stat(fence->folder, name, &now) != 0)
            return rit_fail(err, RIT_IO,
                            "%s/%s: cannot be looked at any more: %s; start again to train anew what is lost",
                            fence->run, name, strerror(errno));
        if (now.st_dev != file->device || now.st_ino != file->inode || now.st_size < file->size)
            return rit_fail(
                err, RIT_IO,
                "%s/%s: was cut or replaced while the sweep ran; start again to go on with what is "
                "there",
                fence->run, name);
    }
    return RIT_OK;
}

void rit_watch_release(struct rit_watch *watch)
{
    free(watch->file);
    *watch = (struct rit_watch){0};
}
