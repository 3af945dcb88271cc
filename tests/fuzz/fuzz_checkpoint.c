/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a checkpoint file, and as the state of a run, laid over a true one from some place on:
 * refused, or restored to exactly these bytes. */
#define _GNU_SOURCE /* memfd_create */
#include "checkpointing.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
    save_run(run, &saved);
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
    if (!restore_run(run, &changed))
        return;
    struct rit_buffer again = {0};
    save_run(run, &again);
    RIT_CHECK(again.size == changed.size && memcmp(again.data, changed.data, again.size) == 0);
    rit_buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!run)
        start();
    int file = memfd_create("checkpoint", MFD_CLOEXEC);
    RIT_CHECK(file >= 0 && write(file, data, size) == (ssize_t)size && lseek(file, 0, SEEK_SET) == 0);
    struct rit_hash identity = rit_hash_of("", 0);
    size_t body;
    if (rit_checkpoint_verify(file, &identity, &body) > 0)
        RIT_CHECK(body <= size && lseek(file, 0, SEEK_CUR) == (off_t)(size - body));
    close(file);
    if (size >= 2)
        try_state(data, size);
    return 0;
}
