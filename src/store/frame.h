/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Frames: how records lie in a file that is only appended to.
 *     magic (8 bytes) | length (8) | SHA-256 of the payload (32) | sum of these 48 bytes (8) |
 *     payload | end mark (4)
 * The header has a sum of its own, so that its length can be trusted: only then is a frame that reaches
 * beyond the end of the file known to be a write that a crash cut short, and not a damaged one.
 */
#ifndef RITARDANDO_STORE_FRAME_H
#define RITARDANDO_STORE_FRAME_H

#include "base/pack.h"

enum rit_frame {
    RIT_FRAME_GOOD,
    RIT_FRAME_NO_MORE, /* the file ends where the frame before ends */
    RIT_FRAME_TORN,    /* the file ends within a frame, or in zeros that a power cut left: never durable */
    RIT_FRAME_DAMAGED, /* bytes have changed since they were written */
};

void rit_frame_pack(struct rit_buffer *out, const void *payload, size_t size);

/** The frame at file->at; the reader moves behind it, and *payload is set to read it, if it is good. */
enum rit_frame rit_frame_next(struct rit_reader *file, struct rit_reader *payload);

#endif
