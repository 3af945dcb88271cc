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

enum rit_status rit_checkpoint_write(const char *run, const struct rit_hash *identity, const void *bytes,
                                     size_t size, struct rit_error *err)
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

    struct rit_buffer header = {0};
    rit_pack_bytes(&header, magic, MAGIC);
    rit_pack_u64(&header, (g0 > g1 ? g0 : g1) + 1);
    rit_pack_bytes(&header, identity->byte, RIT_HASH_BYTES);
    rit_pack_u64(&header, size);
    struct rit_hash sum = rit_hash_of_two(header.data, header.size, bytes, size);
    rit_pack_bytes(&header, sum.byte, RIT_HASH_BYTES);
    enum rit_status status = rit_file_replace_two(path[older], header.data, header.size, bytes, size, err);
    rit_buffer_release(&header);
    return status;
}

uint64_t rit_checkpoint_parse(const struct rit_buffer *file, const struct rit_hash *identity,
                              struct rit_reader *body)
{
    struct rit_reader in = {.data = file->data, .size = file->size};
    const void *start = rit_read_bytes(&in, MAGIC);
    uint64_t generation = rit_read_u64(&in);
    const void *point = rit_read_bytes(&in, RIT_HASH_BYTES);
    uint64_t length = rit_read_u64(&in);
    const void *stored = rit_read_bytes(&in, RIT_HASH_BYTES);
    if (in.bad || memcmp(start, magic, MAGIC) != 0 || memcmp(point, identity->byte, RIT_HASH_BYTES) != 0 ||
        length != in.size - in.at)
        return 0;
    *body = (struct rit_reader){.data = file->data + HEADER, .size = length};
    struct rit_hash sum = rit_hash_of_two(file->data, SUM, body->data, body->size);
    return memcmp(sum.byte, stored, RIT_HASH_BYTES) == 0 ? generation : 0;
}

/* Reads one slot; *generation is 0 if there is nothing to be used in it. */
static void read_slot(const char *path, const struct rit_hash *identity, struct rit_buffer *file,
                      struct rit_reader *body, uint64_t *generation)
{
    *generation = 0;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return;
    struct rit_error why = {0};
    if (rit_file_read(path, SIZE_MAX / 8, file, &why) != RIT_OK)
        rit_say("%s; this checkpoint is not used", why.text);
    else if ((*generation = rit_checkpoint_parse(file, identity, body)) == 0)
        rit_say("%s: the checkpoint is damaged and not used", path);
}

enum rit_status rit_checkpoint_read(const char *run, const struct rit_hash *identity,
                                    struct rit_buffer *bytes, bool *found, struct rit_error *err)
{
    struct rit_buffer file[2] = {{0}};
    struct rit_reader body[2];
    uint64_t generation[2];
    *found = false;
    for (int slot = 0; slot < 2; slot++) {
        char path[RIT_PATH];
        RIT_TRY(slot_path(path, run, identity, slot, err));
        read_slot(path, identity, &file[slot], &body[slot], &generation[slot]);
    }
    int newest = generation[0] >= generation[1] ? 0 : 1;
    if (generation[newest] > 0) {
        *found = true;
        rit_pack_bytes(bytes, body[newest].data, body[newest].size);
    }
    rit_buffer_release(&file[0]);
    rit_buffer_release(&file[1]);
    return RIT_OK;
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
