/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Frames: how records lie in a file that is only appended to.
 *     magic (8 bytes) | length (8) | SHA-256 of the payload (32) | sum of these 48 bytes (8) |
 *     payload | end mark (4)
 * The header has a sum of its own, so that its length can be trusted: only then is a frame that reaches
 * beyond the end of the file known to be a write that a crash cut short, and not a damaged one. It also tells
 * a frame from bytes of a payload that look like the magic, when the next good frame behind a damage is
 * sought.
 */
#ifndef RITARDANDO_STORE_FRAME_H
#define RITARDANDO_STORE_FRAME_H

#include <ritardando/status.h>

#include "base/pack.h"

enum rit_frame {
    RIT_FRAME_GOOD,
    RIT_FRAME_NO_MORE, /* the file ends where the frame before ends */
    RIT_FRAME_TORN,    /* the file ends within a frame, or in zeros that a power cut left: never durable */
    RIT_FRAME_DAMAGED, /* bytes have changed since they were written */
    RIT_FRAME_FOREIGN, /* undamaged, but in the format of another version of the program */
    RIT_FRAME_UNREAD,  /* the disk refuses; see `err` */
};

void rit_frame_pack(struct rit_buffer *out, const void *payload, size_t size);

/** A file of frames, read through a window, so that its size does not matter. */
struct rit_frames {
    const char *path; /* borrowed */
    int fd;
    size_t size;  /* when it was opened: what is appended later is not seen */
    size_t at;    /* where the next frame begins */
    size_t start; /* of the window */
    struct rit_buffer window;
};

enum rit_status rit_frames_open(struct rit_frames *frames, const char *path, struct rit_error *err);
void rit_frames_close(struct rit_frames *frames);

/**
 * The frame at frames->at, which moves behind it. *offset and *length are the place of all of it; *payload is
 * set to read it, until the next call, if it is good. Behind a damage it goes on with the next good header;
 * offset and length are then those of the damage. After TORN, FOREIGN and UNREAD, `at` stays.
 */
enum rit_frame rit_frames_next(struct rit_frames *frames, size_t *offset, size_t *length,
                               struct rit_reader *payload, struct rit_error *err);

/**
 * Read again a frame that was good: `length` bytes at `offset` of the open file `path`. RIT_BAD_INPUT if it
 * is not any more. The payload lies in `bytes`, which the caller releases.
 */
enum rit_status rit_frame_read(int fd, const char *path, size_t offset, size_t length,
                               struct rit_buffer *bytes, struct rit_reader *payload, struct rit_error *err);

#endif
