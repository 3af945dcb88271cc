/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "store/frame.h"

#include "base/call.h"
#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC = 8, SUM = MAGIC + 8, CHECK = SUM + RIT_HASH_BYTES, HEADER = CHECK + 8, MARK = 4 };
enum { WINDOW = 1 << 20, VERSION = 6 /* the place in the magic of the digit that counts the formats */ };

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

/* ---- one frame in memory ---- */

/* Whether these HEADER bytes are a header as it was written, of this format or of another. */
static bool is_header(const unsigned char *here, bool *foreign)
{
    *foreign = here[VERSION] != (unsigned char)magic[VERSION];
    if (memcmp(here, magic, VERSION) != 0 || memcmp(here + VERSION + 1, magic + VERSION + 1, 1) != 0)
        return false;
    struct rit_hash check = rit_hash_of(here, CHECK);
    return memcmp(check.byte, here + CHECK, HEADER - CHECK) == 0;
}

static uint64_t size_in(const unsigned char *header)
{
    struct rit_reader length = {.data = header + MAGIC, .size = 8};
    return rit_read_u64(&length);
}

/* Whether a frame with a good header is good behind it. */
static bool is_whole(const unsigned char *here, size_t size)
{
    struct rit_hash sum = rit_hash_of(here + HEADER, size);
    return memcmp(sum.byte, here + SUM, sizeof sum.byte) == 0 &&
           memcmp(here + HEADER + size, mark, MARK) == 0;
}

enum rit_status rit_frame_read(int fd, const char *path, size_t offset, size_t length,
                               struct rit_buffer *bytes, struct rit_reader *payload, struct rit_error *err)
{
    bool foreign;
    RIT_TRY(rit_file_read_at(fd, path, offset, length, bytes, err));
    size_t size = length - HEADER - MARK;
    if (length < HEADER + MARK || bytes->size != length || !is_header(bytes->data, &foreign) || foreign ||
        size_in(bytes->data) != size || !is_whole(bytes->data, size))
        return rit_fail(err, RIT_BAD_INPUT, "%s: the record at byte %zu has changed since it was verified",
                        path, offset);
    *payload = (struct rit_reader){.data = bytes->data + HEADER, .size = size};
    return RIT_OK;
}

/* ---- a file of them ---- */

enum rit_status rit_frames_open(struct rit_frames *f, const char *path, struct rit_error *err)
{
    struct stat about;
    *f = (struct rit_frames){.path = path, .fd = rit_file_open_to_read(path, err)};
    if (f->fd < 0)
        return RIT_IO;
    if (fstat(f->fd, &about) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot look: %s", path, strerror(errno));
    f->size = (size_t)about.st_size;
    return RIT_OK;
}

void rit_frames_close(struct rit_frames *f)
{
    if (f->fd >= 0)
        rit_call_close(f->fd);
    f->fd = -1;
    rit_buffer_release(&f->window);
}

/* `size` bytes at `at`, within the file: in the window, which is moved there if need be. NULL if the disk
 * refuses, or if somebody has cut the file meanwhile. */
static const unsigned char *peek(struct rit_frames *f, size_t at, size_t size, struct rit_error *err)
{
    if (at < f->start || at + size > f->start + f->window.size) {
        size_t wanted = size > WINDOW ? size : WINDOW;
        if (wanted > f->size - at)
            wanted = f->size - at;
        f->start = at;
        if (rit_file_read_at(f->fd, f->path, at, wanted, &f->window, err) != RIT_OK)
            return NULL;
        if (f->window.size < size) {
            rit_fail(err, RIT_IO, "%s: has become shorter while it was read", f->path);
            return NULL;
        }
    }
    return f->window.data + (at - f->start);
}

/* Where the next good header begins, not before `from`; f->size if there is none. */
static enum rit_status find_header(struct rit_frames *f, size_t from, size_t *found, struct rit_error *err)
{
    size_t at = from;
    while (at + HEADER <= f->size) {
        size_t room = f->size - at < WINDOW ? f->size - at : WINDOW;
        const unsigned char *here = peek(f, at, room, err);
        if (!here)
            return RIT_IO;
        const unsigned char *hit = memmem(here, room, magic, MAGIC);
        if (!hit) {
            at += room - MAGIC + 1;
            continue;
        }
        at += (size_t)(hit - here);
        bool foreign, inside = at + HEADER <= f->size;
        here = inside ? peek(f, at, HEADER, err) : NULL;
        if (inside && !here)
            return RIT_IO;
        if (inside && is_header(here, &foreign) && !foreign) {
            *found = at;
            return RIT_OK;
        }
        at++;
    }
    *found = f->size;
    return RIT_OK;
}

/* What stands at f->at, before the file behind it is considered. *length is the frame's, 0 if not known. */
static enum rit_frame look(struct rit_frames *f, size_t *length, struct rit_reader *payload,
                           struct rit_error *err)
{
    size_t left = f->size - f->at;
    bool foreign;
    *length = 0;
    const unsigned char *here = peek(f, f->at, left < HEADER ? left : HEADER, err);
    if (!here)
        return RIT_FRAME_UNREAD;
    if (left < HEADER)
        return memcmp(here, magic, left < MAGIC ? left : MAGIC) == 0 ? RIT_FRAME_TORN : RIT_FRAME_DAMAGED;
    if (!is_header(here, &foreign))
        return RIT_FRAME_DAMAGED;
    if (foreign)
        return RIT_FRAME_FOREIGN;
    uint64_t size = size_in(here);
    if (size > left - HEADER || MARK > left - HEADER - size)
        return RIT_FRAME_TORN;
    *length = HEADER + size + MARK;
    if (!(here = peek(f, f->at, *length, err)))
        return RIT_FRAME_UNREAD;
    *payload = (struct rit_reader){.data = here + HEADER, .size = size};
    return is_whole(here, size) ? RIT_FRAME_GOOD : RIT_FRAME_DAMAGED;
}

/* Where to go on behind a damage. A good header vouches for its length, unless bytes were lost or inserted:
 * then the next header does not stand where it says. */
static enum rit_status go_on(struct rit_frames *f, size_t length, size_t *next, struct rit_error *err)
{
    if (length > 0) {
        RIT_TRY(find_header(f, f->at + length, next, err));
        if (*next == f->at + length)
            return RIT_OK;
    }
    return find_header(f, f->at + 1, next, err);
}

static enum rit_status ends_in_zeros(struct rit_frames *f, bool *zeros, struct rit_error *err)
{
    static const char none[MARK];
    const unsigned char *end = f->size >= MARK ? peek(f, f->size - MARK, MARK, err) : NULL;
    *zeros = end && memcmp(end, none, MARK) == 0;
    return end || f->size < MARK ? RIT_OK : RIT_IO;
}

enum rit_frame rit_frames_next(struct rit_frames *f, size_t *offset, size_t *length,
                               struct rit_reader *payload, struct rit_error *err)
{
    bool zeros;
    size_t next;
    *offset = f->at;
    *length = 0;
    if (f->at == f->size)
        return RIT_FRAME_NO_MORE;
    enum rit_frame state = look(f, length, payload, err);
    if (state == RIT_FRAME_GOOD)
        f->at += *length;
    if (state != RIT_FRAME_TORN && state != RIT_FRAME_DAMAGED)
        return state;
    if (go_on(f, *length, &next, err) != RIT_OK || ends_in_zeros(f, &zeros, err) != RIT_OK)
        return RIT_FRAME_UNREAD;
    if (next == f->size && (state == RIT_FRAME_TORN || zeros))
        return RIT_FRAME_TORN;
    *length = next - f->at;
    f->at = next;
    return RIT_FRAME_DAMAGED;
}
