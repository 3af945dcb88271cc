/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a checkpoint file, and as the state of a run, laid over a true one from some place on:
 * refused, or restored to exactly these bytes. */
#include <ritardando/run.h>

#include "store/checkpoint.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rit_point point;
static struct rit_block block;
static struct rit_run *run;
static struct rit_buffer saved, changed;

static void release(void)
{
    rit_run_free(run);
    rit_block_release(&block);
    rit_buffer_release(&saved);
    rit_buffer_release(&changed);
}

/* The smallest run there is, after two steps. */
static void start(void)
{
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.width", "1");
    rit_point_set(&point, "data.chorales", "1");
    RIT_CHECK(rit_block_load(&point, &block, NULL) == RIT_OK);
    run = rit_run_new(&point, &block, NULL);
    RIT_CHECK(run != NULL);
    rit_run_advance(run, 2);
    rit_run_save(run, &saved);
    atexit(release);
}

/* The first two bytes say where the others go: the first half of the file is the interesting one. */
static void try_state(const uint8_t *data, size_t size)
{
    size_t at = (size_t)data[0] + 256u * data[1];
    if (at > saved.size)
        at = saved.size;
    changed.size = 0;
    rit_pack_bytes(&changed, saved.data, at);
    rit_pack_bytes(&changed, data + 2, size - 2);
    if (changed.size < saved.size && data[0] % 2 == 0)
        rit_pack_bytes(&changed, saved.data + changed.size, saved.size - changed.size);
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_run_restore(run, changed.data, changed.size, &err);
    RIT_CHECK(err.status == status && (status == RIT_OK || status == RIT_BAD_INPUT));
    if (status != RIT_OK)
        return;
    struct rit_buffer again = {0};
    rit_run_save(run, &again);
    RIT_CHECK(again.size == changed.size && memcmp(again.data, changed.data, again.size) == 0);
    rit_buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!run)
        start();
    struct rit_buffer file = {.data = (unsigned char *)(uintptr_t)data, .size = size};
    struct rit_hash identity = rit_hash_of("", 0);
    struct rit_reader body;
    if (rit_checkpoint_parse(&file, &identity, &body) > 0)
        RIT_CHECK(body.data + body.size == data + size);
    if (size >= 2)
        try_state(data, size);
    return 0;
}
