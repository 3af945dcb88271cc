/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/checkpoint.h"

#include "base/file.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
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

static enum rit_status slot_path(char *path, const char *run, const struct rit_hash *identity, int slot,
                                 struct rit_error *err)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(identity, 2 * RIT_HASH_BYTES, hex);
    return rit_file_path(path, err, "%s/checkpoints/%s.%d", run, hex, slot);
}

/* The generation that a file claims to have, 0 if there is no such file. Not verified: a wrong number only
 * means that the other slot is replaced. But a file that cannot be read is a failure, since the next
 * generation must be above its own. */
static enum rit_status claimed_generation(const char *path, uint64_t *generation, struct rit_error *err)
{
    *generation = 0;
    unsigned char header[HEADER];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return RIT_OK;
    ssize_t n = fd < 0 ? -1 : read(fd, header, sizeof header);
    if (n < 0)
        rit_fail(err, RIT_IO, "%s: cannot read: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
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

enum rit_status rit_checkpoint_write(const char *run, const struct rit_hash *identity,
                                     const struct rit_buffer *head, const void *state, size_t size,
                                     struct rit_error *err)
{
    char path[2][RIT_PATH], folder[RIT_PATH];
    RIT_TRY(rit_file_path(folder, err, "%s/checkpoints", run));
    RIT_TRY(slot_path(path[0], run, identity, 0, err));
    RIT_TRY(slot_path(path[1], run, identity, 1, err));
    RIT_TRY(rit_file_make_folder(folder, err));
    uint64_t g0, g1;
    RIT_TRY(claimed_generation(path[0], &g0, err));
    RIT_TRY(claimed_generation(path[1], &g1, err));
    int older = g0 <= g1 ? 0 : 1;

    struct rit_buffer front = {0};
    rit_pack_bytes(&front, magic, MAGIC);
    rit_pack_u64(&front, (g0 > g1 ? g0 : g1) + 1);
    rit_pack_bytes(&front, identity->byte, RIT_HASH_BYTES);
    rit_pack_u64(&front, head->size + size);
    struct rit_hashing hashing = rit_hash_begin();
    rit_hash_add(&hashing, front.data, front.size);
    rit_hash_add(&hashing, head->data, head->size);
    rit_hash_add(&hashing, state, size);
    struct rit_hash sum = rit_hash_end(&hashing);
    rit_pack_bytes(&front, sum.byte, RIT_HASH_BYTES);
    rit_pack_bytes(&front, head->data, head->size);
    enum rit_status status = rit_file_replace_two(path[older], front.data, front.size, state, size, err);
    rit_buffer_release(&front);
    return status;
}

/* read(2) until `size` bytes are there, the file ends or fails. */
static size_t read_bytes(int fd, void *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, (char *)out + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
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

/* Opens one slot; its generation is 0 if there is nothing to be used in it. */
static void open_slot(const char *path, const struct rit_hash *identity, struct rit_checkpoint *slot)
{
    *slot = (struct rit_checkpoint){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (slot->fd < 0 && errno == ENOENT)
        return;
    if (slot->fd < 0)
        rit_say("%s: cannot open: %s; this checkpoint is not used", path, strerror(errno));
    else if ((slot->generation = rit_checkpoint_verify(slot->fd, identity, &slot->left)) == 0)
        rit_say("%s: the checkpoint is damaged and not used", path);
}

enum rit_status rit_checkpoint_find(const char *run, const struct rit_hash *identity,
                                    struct rit_checkpoint *found, struct rit_error *err)
{
    struct rit_checkpoint slot[2];
    char path[2][RIT_PATH];
    *found = (struct rit_checkpoint){.fd = -1};
    RIT_TRY(slot_path(path[0], run, identity, 0, err));
    RIT_TRY(slot_path(path[1], run, identity, 1, err));
    for (int i = 0; i < 2; i++)
        open_slot(path[i], identity, &slot[i]);
    int newest = slot[0].generation >= slot[1].generation ? 0 : 1;
    rit_checkpoint_close(&slot[1 - newest]);
    if (slot[newest].generation > 0)
        *found = slot[newest];
    else
        rit_checkpoint_close(&slot[newest]);
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
        close(found->fd);
    found->fd = -1;
}

bool rit_checkpoint_exists(const char *run, const struct rit_hash *identity)
{
    char path[RIT_PATH];
    for (int slot = 0; slot < 2; slot++)
        if (slot_path(path, run, identity, slot, NULL) == RIT_OK && access(path, F_OK) == 0)
            return true;
    return false;
}

void rit_checkpoint_remove(const char *run, const struct rit_hash *identity)
{
    for (int slot = 0; slot < 2; slot++) {
        char path[RIT_PATH];
        if (slot_path(path, run, identity, slot, NULL) == RIT_OK)
            unlink(path);
    }
}
