/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/frame.h"

#include "base/hash.h"

#include <string.h>

enum { MAGIC = 8, SUM = MAGIC + 8, CHECK = SUM + RIT_HASH_BYTES, HEADER = CHECK + 8, MARK = 4 };

static const char magic[MAGIC + 1] = "RITres2\n";
static const char mark[MARK + 1] = "end\n"; /* no zeros in it: a file that ends in zeros was cut */

void rit_frame_pack(struct rit_buffer *out, const void *payload, size_t size)
{
    size_t start = out->size;
    struct rit_hash sum = rit_hash_of(payload, size);
    rit_pack_bytes(out, magic, MAGIC);
    rit_pack_u64(out, size);
    rit_pack_bytes(out, sum.byte, sizeof sum.byte);
    struct rit_hash check = rit_hash_of(out->data + start, CHECK);
    rit_pack_bytes(out, check.byte, HEADER - CHECK);
    rit_pack_bytes(out, payload, size);
    rit_pack_bytes(out, mark, MARK);
}

static bool ends_in_zeros(const struct rit_reader *file)
{
    static const char zeros[MARK];
    return file->size >= MARK && memcmp(file->data + file->size - MARK, zeros, MARK) == 0;
}

enum rit_frame rit_frame_next(struct rit_reader *file, struct rit_reader *payload)
{
    size_t left = file->size - file->at;
    if (left == 0)
        return RIT_FRAME_NO_MORE;
    const unsigned char *here = file->data + file->at;
    enum rit_frame broken = ends_in_zeros(file) ? RIT_FRAME_TORN : RIT_FRAME_DAMAGED;
    if (memcmp(here, magic, left < MAGIC ? left : MAGIC) != 0)
        return broken;
    if (left < HEADER)
        return RIT_FRAME_TORN;
    struct rit_hash check = rit_hash_of(here, CHECK);
    if (memcmp(check.byte, here + CHECK, HEADER - CHECK) != 0)
        return broken;
    struct rit_reader length = {.data = here + MAGIC, .size = 8};
    uint64_t size = rit_read_u64(&length);
    if (size > left - HEADER || MARK > left - HEADER - size)
        return RIT_FRAME_TORN;
    struct rit_hash sum = rit_hash_of(here + HEADER, size);
    if (memcmp(sum.byte, here + SUM, sizeof sum.byte) != 0 || memcmp(here + HEADER + size, mark, MARK) != 0)
        return broken;
    *payload = (struct rit_reader){.data = here + HEADER, .size = size};
    file->at += HEADER + size + MARK;
    return RIT_FRAME_GOOD;
}
