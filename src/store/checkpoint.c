/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/checkpoint.h"

#include "base/call.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MAGIC = 8,
    GENERATION = MAGIC,
    IDENTITY = GENERATION + 8,
    LENGTH = IDENTITY + RIT_HASH_BYTES,
    SUM = LENGTH + 8,
    HEADER = SUM + RIT_HASH_BYTES,
};

static const char magic[MAGIC + 1] = "RITckp1\n";

const struct rit_shelf rit_checkpoints = {.folder = "checkpoints", .generations = 2, .sync = RIT_SYNC_LAST};
const struct rit_shelf rit_end_states = {.folder = "states", .generations = 1, .sync = RIT_SYNC_NEVER};

/* The name of a slot from the run folder on. */
static void slot_name(char name[RIT_PATH], const struct rit_shelf *shelf, const struct rit_hash *identity,
                      int slot)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(identity, 2 * RIT_HASH_BYTES, hex);
    if (shelf->generations == 1)
        snprintf(name, RIT_PATH, "%s/%s", shelf->folder, hex);
    else
        snprintf(name, RIT_PATH, "%s/%s.%d", shelf->folder, hex, slot);
}

/* The generation that a file claims to have, 0 if there is no such file. Not verified: a wrong number only
 * means that the other slot is replaced. But a file that cannot be read is a failure, since the next
 * generation must be above its own. */
static enum rit_status claimed_generation(int run, const char *shown, const char *name, uint64_t *generation,
                                          struct rit_error *err)
{
    *generation = 0;
    unsigned char header[HEADER];
    int fd = rit_call_open(run, name, O_RDONLY);
    if (fd < 0 && errno == ENOENT)
        return RIT_OK;
    ssize_t n = fd < 0 ? -1 : rit_call_read(fd, header, sizeof header);
    if (n < 0)
        rit_fail(err, RIT_IO, "%s/%s: cannot read: %s", shown, name, strerror(errno));
    if (fd >= 0)
        rit_call_close(fd);
    if (n < 0)
        return RIT_IO;
    if (n != HEADER || memcmp(header, magic, MAGIC) != 0)
        return RIT_OK;
    struct rit_reader number = {.data = header + GENERATION, .size = 8};
    *generation = rit_read_u64(&number);
    if (*generation == UINT64_MAX) /* nobody writes so many: damaged */
        *generation = 0;
    return RIT_OK;
}

/* ---- writing ---- */

/* The slot that holds the oldest generation, and the generation that is to replace it. */
static enum rit_status choose_slot(const struct rit_fence *fence, const struct rit_shelf *shelf,
                                   const struct rit_hash *identity, char name[RIT_PATH], uint64_t *next,
                                   struct rit_error *err)
{
    uint64_t oldest = UINT64_MAX;
    int slot = 0;
    *next = 1;
    for (int i = 0; i < shelf->generations; i++) {
        uint64_t generation;
        slot_name(name, shelf, identity, i);
        RIT_TRY(claimed_generation(fence->folder, fence->run, name, &generation, err));
        if (generation < oldest) {
            oldest = generation;
            slot = i;
        }
        if (generation >= *next)
            *next = generation + 1;
    }
    slot_name(name, shelf, identity, slot);
    return RIT_OK;
}

enum rit_status rit_checkpoint_write(const struct rit_fence *fence, const struct rit_shelf *shelf,
                                     const struct rit_hash *identity, const struct rit_span *span, int n,
                                     struct rit_error *err)
{
    enum { MOST_SPANS = 255 };
    char name[RIT_PATH];
    uint64_t generation, length = 0;
    struct rit_span all[MOST_SPANS + 1];
    RIT_CHECK(n <= MOST_SPANS);
    RIT_TRY(rit_fence_make_folder(fence, shelf->folder, err));
    RIT_TRY(choose_slot(fence, shelf, identity, name, &generation, err));

    struct rit_buffer header = {0};
    for (int i = 0; i < n; i++) {
        all[i + 1] = span[i];
        length += span[i].size;
    }
    rit_pack_bytes(&header, magic, MAGIC);
    rit_pack_u64(&header, generation);
    rit_pack_bytes(&header, identity->byte, RIT_HASH_BYTES);
    rit_pack_u64(&header, length);
    struct rit_hashing hashing = rit_hash_begin();
    rit_hash_add(&hashing, header.data, header.size);
    for (int i = 0; i < n; i++)
        rit_hash_add(&hashing, span[i].data, span[i].size);
    struct rit_hash sum = rit_hash_end(&hashing);
    rit_pack_bytes(&header, sum.byte, RIT_HASH_BYTES);
    all[0] = (struct rit_span){header.data, header.size};
    enum rit_status status = rit_fence_replace_by(fence, name, shelf->sync, all, n + 1, err);
    rit_buffer_release(&header);
    return status;
}

void rit_checkpoint_remove(const struct rit_fence *fence, const struct rit_shelf *shelf,
                           const struct rit_hash *identity)
{
    for (int slot = 0; slot < shelf->generations; slot++) {
        char name[RIT_PATH];
        slot_name(name, shelf, identity, slot);
        rit_fence_remove(fence, name);
    }
}

/* ---- reading ---- */

/* read(2) until `size` bytes are there, the file ends or fails. */
static size_t read_bytes(int fd, void *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = rit_call_read(fd, (char *)out + got, size - got);
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    return got;
}

uint64_t rit_checkpoint_verify(int fd, const struct rit_hash *identity, size_t *size)
{
    unsigned char front[HEADER], piece[1 << 16];
    struct rit_reader in = {.data = front, .size = read_bytes(fd, front, HEADER)};
    const void *start = rit_read_bytes(&in, MAGIC);
    uint64_t generation = rit_read_u64(&in);
    const void *point = rit_read_bytes(&in, RIT_HASH_BYTES);
    uint64_t length = rit_read_u64(&in), got = 0;
    const void *stored = rit_read_bytes(&in, RIT_HASH_BYTES);
    if (in.bad || memcmp(start, magic, MAGIC) != 0 || memcmp(point, identity->byte, RIT_HASH_BYTES) != 0)
        return 0;
    struct rit_hashing hashing = rit_hash_begin();
    rit_hash_add(&hashing, front, SUM);
    for (size_t n; (n = read_bytes(fd, piece, sizeof piece)) > 0; got += n)
        rit_hash_add(&hashing, piece, n);
    struct rit_hash sum = rit_hash_end(&hashing);
    if (got != length || memcmp(sum.byte, stored, RIT_HASH_BYTES) != 0 ||
        lseek(fd, HEADER, SEEK_SET) != HEADER)
        return 0;
    *size = (size_t)length;
    return generation;
}

/* Opens one slot; fd is -1 if there is nothing to be used in it. */
static enum rit_status open_slot(const char *run, const struct rit_shelf *shelf,
                                 const struct rit_hash *identity, int slot, struct rit_checkpoint *found,
                                 struct rit_error *err)
{
    char name[RIT_PATH], path[RIT_PATH];
    slot_name(name, shelf, identity, slot);
    RIT_TRY(rit_file_path(path, err, "%s/%s", run, name));
    *found = (struct rit_checkpoint){.fd = rit_call_open(AT_FDCWD, path, O_RDONLY)};
    if (found->fd < 0 && errno == ENOENT)
        return RIT_OK;
    if (found->fd < 0)
        rit_say("%s: cannot open: %s; this checkpoint is not used", path, strerror(errno));
    else if ((found->generation = rit_checkpoint_verify(found->fd, identity, &found->left)) == 0) {
        rit_say("%s: the checkpoint is damaged and not used", path);
        rit_checkpoint_close(found);
    }
    return RIT_OK;
}

/* The slot that claims the higher generation: usually the only one to be read through. */
static int likely_slot(const char *run, const struct rit_shelf *shelf, const struct rit_hash *identity)
{
    uint64_t highest = 0;
    int likely = 0;
    for (int slot = 0; slot < shelf->generations; slot++) {
        char name[RIT_PATH], path[RIT_PATH];
        uint64_t generation;
        slot_name(name, shelf, identity, slot);
        if (rit_file_path(path, NULL, "%s/%s", run, name) == RIT_OK &&
            claimed_generation(AT_FDCWD, run, path, &generation, NULL) == RIT_OK && generation > highest) {
            highest = generation;
            likely = slot;
        }
    }
    return likely;
}

enum rit_status rit_checkpoint_find(const char *run, const struct rit_shelf *shelf,
                                    const struct rit_hash *identity, struct rit_checkpoint *found,
                                    struct rit_error *err)
{
    *found = (struct rit_checkpoint){.fd = -1};
    int first = likely_slot(run, shelf, identity);
    for (int i = 0; i < shelf->generations && found->fd < 0; i++)
        RIT_TRY(open_slot(run, shelf, identity, (first + i) % shelf->generations, found, err));
    return RIT_OK;
}

bool rit_checkpoint_fetch(struct rit_checkpoint *found, void *out, size_t size)
{
    if (size > found->left || read_bytes(found->fd, out, size) != size)
        return false;
    found->left -= size;
    return true;
}

void rit_checkpoint_close(struct rit_checkpoint *found)
{
    if (found->fd >= 0)
        rit_call_close(found->fd);
    found->fd = -1;
}

bool rit_checkpoint_glance(const char *run, const struct rit_shelf *shelf, const struct rit_hash *identity,
                           void *out, size_t size, double *written)
{
    bool found = false;
    *written = 0;
    for (int slot = 0; slot < shelf->generations; slot++) {
        char name[RIT_PATH], path[RIT_PATH];
        struct stat about;
        slot_name(name, shelf, identity, slot);
        if (rit_file_path(path, NULL, "%s/%s", run, name) != RIT_OK)
            continue;
        int fd = rit_call_open(AT_FDCWD, path, O_RDONLY);
        if (fd < 0)
            continue;
        double at =
            fstat(fd, &about) == 0 ? (double)about.st_mtim.tv_sec + 1e-9 * (double)about.st_mtim.tv_nsec : 0;
        if (at > *written && rit_call_pread(fd, out, size, HEADER) == (ssize_t)size) {
            *written = at;
            found = true;
        }
        rit_call_close(fd);
    }
    return found;
}

bool rit_checkpoint_exists(const char *run, const struct rit_shelf *shelf, const struct rit_hash *identity)
{
    for (int slot = 0; slot < shelf->generations; slot++) {
        char name[RIT_PATH], path[RIT_PATH];
        slot_name(name, shelf, identity, slot);
        if (rit_file_path(path, NULL, "%s/%s", run, name) == RIT_OK && access(path, F_OK) == 0)
            return true;
    }
    return false;
}
