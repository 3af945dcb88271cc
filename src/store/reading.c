/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/results.h"

#include "base/call.h"
#include "base/file.h"
#include "store/frame.h"

#include <stdlib.h>

enum { MOST_OPEN = 256 }; /* files at a time: a process may have 1024 */

void rit_reading_begin(struct rit_reading *r, char *const *file, int files)
{
    *r = (struct rit_reading){.files = files, .file = file};
    r->fd = malloc(((size_t)files + 1) * sizeof *r->fd);
    RIT_CHECK(r->fd != NULL);
    for (int i = 0; i < files; i++)
        r->fd[i] = -1;
}

static void close_all(struct rit_reading *r)
{
    for (int i = 0; i < r->files; i++) {
        if (r->fd[i] >= 0)
            rit_call_close(r->fd[i]);
        r->fd[i] = -1;
    }
    r->opened = 0;
}

void rit_reading_end(struct rit_reading *r)
{
    close_all(r);
    free(r->fd);
    rit_buffer_release(&r->bytes);
    *r = (struct rit_reading){0};
}

enum rit_status rit_reading_packed(struct rit_reading *r, const struct rit_stored *stored,
                                   struct rit_reader *packed, struct rit_error *err)
{
    int *fd = &r->fd[stored->file];
    if (*fd < 0) {
        if (r->opened == MOST_OPEN)
            close_all(r);
        *fd = rit_file_open_to_read(r->file[stored->file], err);
        if (*fd < 0)
            return RIT_IO;
        r->opened++;
    }
    return rit_frame_read(*fd, r->file[stored->file], stored->offset, stored->length, &r->bytes, packed, err);
}

enum rit_status rit_reading_get(struct rit_reading *r, const struct rit_stored *stored,
                                struct rit_result *result, struct rit_hash *content, struct rit_error *err)
{
    struct rit_reader packed;
    bool library;
    RIT_TRY(rit_reading_packed(r, stored, &packed, err));
    if (content)
        *content = rit_result_packed_content(&packed, &library);
    return rit_result_read(&packed, result, err);
}

enum rit_status rit_results_get(const struct rit_results *results, const struct rit_stored *stored,
                                struct rit_result *result, struct rit_error *err)
{
    struct rit_reading reading;
    rit_reading_begin(&reading, results->file, results->files);
    enum rit_status status = rit_reading_get(&reading, stored, result, NULL, err);
    rit_reading_end(&reading);
    return status;
}
