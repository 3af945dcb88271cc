/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/ending.h"

#include "base/pack.h"
#include "base/process.h"
#include "store/checkpoint.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 1 << 20 }; /* bytes of a point's parameters */

bool rit_ending_is_kept(const char *keep, enum rit_end end)
{
    if (strcmp(keep, "none") == 0 || end == RIT_END_FAILED)
        return false;
    return strcmp(keep, "all") == 0 || end == RIT_END_CENSORED || end == RIT_END_FINISHED;
}

void rit_ending_keep(const struct rit_fence *fence, const struct rit_hash *identity,
                     const struct rit_point *point, struct rit_run *run, double seconds)
{
    struct rit_error err = {.status = RIT_OK};
    struct rit_buffer text = {0}, head = {0};
    struct rit_saved saved = rit_run_save(run);
    rit_point_print_identity(point, RIT_WHOLE, &text);
    rit_pack_u32(&head, (uint32_t)text.size);
    rit_pack_bytes(&head, text.data, text.size);
    rit_pack_f64(&head, seconds);
    rit_pack_bytes(&head, saved.owner, sizeof saved.owner);
    struct rit_span span[] = {{head.data, head.size}, {saved.state, saved.size}};
    if (rit_checkpoint_write(fence, &rit_end_states, identity, span, 2, &err) != RIT_OK)
        rit_say("%s; this end state is not kept", err.text);
    rit_buffer_release(&text);
    rit_buffer_release(&head);
}

/* The parameters that the kept run was asked; NULL if they cannot be read. The caller frees them. */
static char *fetch_text(struct rit_checkpoint *found)
{
    unsigned char bytes[4];
    if (!rit_checkpoint_fetch(found, bytes, sizeof bytes))
        return NULL;
    uint32_t length = rit_read_u32(&(struct rit_reader){.data = bytes, .size = sizeof bytes});
    char *text = length <= MOST_TEXT ? calloc(1, (size_t)length + 1) : NULL;
    if (text && !rit_checkpoint_fetch(found, text, length)) {
        free(text);
        return NULL;
    }
    return text;
}

static enum rit_status fetch(struct rit_checkpoint *found, const struct rit_block *block, struct rit_run *run,
                             double *seconds, struct rit_error *err)
{
    unsigned char head[8 + 32];
    struct rit_point had;
    char *text = fetch_text(found);
    if (!text || !rit_checkpoint_fetch(found, head, sizeof head)) {
        free(text);
        return rit_fail(err, RIT_BAD_INPUT, "the kept end state has another form");
    }
    enum rit_status status = rit_point_read_identity(&had, rit_registry(), text, err);
    free(text);
    RIT_TRY(status);
    struct rit_run *ended = rit_run_new_shell(&had, block, err);
    if (!ended)
        return err->status;
    struct rit_saved saved = rit_run_save(ended);
    _Static_assert(sizeof saved.owner == 32, "as it is in the file");
    if (memcmp(head + 8, saved.owner, sizeof saved.owner) != 0 || found->left != saved.size)
        status = rit_fail(err, RIT_BAD_INPUT, "the kept end state is of another program version");
    else if (!rit_checkpoint_fetch(found, saved.state, saved.size))
        status = rit_fail(err, RIT_IO, "the kept end state cannot be read again");
    if (status == RIT_OK) {
        rit_run_resume(ended);
        rit_run_adopt(run, ended);
        *seconds = rit_read_f64(&(struct rit_reader){.data = head, .size = sizeof head});
    }
    rit_run_free(ended);
    return status;
}

bool rit_ending_adopt(const char *folder, const struct rit_hash *from, const struct rit_block *block,
                      struct rit_run *run, double *seconds)
{
    struct rit_checkpoint found;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_checkpoint_find(folder, &rit_end_states, from, &found, &err);
    if (status == RIT_OK && found.fd < 0)
        status = rit_fail(&err, RIT_IO, "the kept end state is gone");
    if (status == RIT_OK)
        status = fetch(&found, block, run, seconds, &err);
    rit_checkpoint_close(&found);
    if (status != RIT_OK)
        rit_say("%s; a point starts anew", err.text);
    return status == RIT_OK;
}
