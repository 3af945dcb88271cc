/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Bytes that grow, and the one binary encoding of the project: little-endian fixed-size numbers and
 * length-prefixed strings. Results, checkpoints and MPI messages are all written with it. The reader never
 * trusts what it reads: a length beyond the end makes `bad` true and every later read gives zeros.
 */
#ifndef RITARDANDO_BASE_PACK_H
#define RITARDANDO_BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rit_buffer {
    unsigned char *data; /* owned; NULL when empty */
    size_t size, capacity;
};

void rit_buffer_release(struct rit_buffer *b);
/** Make it `size` bytes long; new ones have no value yet. */
void rit_buffer_resize(struct rit_buffer *b, size_t size);
void rit_pack_bytes(struct rit_buffer *b, const void *data, size_t size);
void rit_pack_u32(struct rit_buffer *b, uint32_t x);
void rit_pack_u64(struct rit_buffer *b, uint64_t x);
void rit_pack_f64(struct rit_buffer *b, double x);
void rit_pack_text(struct rit_buffer *b, const char *text);
/** Formatted text, without length or closing zero: for building text files. */
void rit_buffer_printf(struct rit_buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct rit_reader {
    const unsigned char *data; /* borrowed */
    size_t size, at;
    bool bad;
};

uint32_t rit_read_u32(struct rit_reader *r);
uint64_t rit_read_u64(struct rit_reader *r);
double rit_read_f64(struct rit_reader *r);
/** `size` bytes in place; NULL (and bad) beyond the end. */
const void *rit_read_bytes(struct rit_reader *r, size_t size);
/** Copies the text with its closing zero into out[capacity]; bad if it does not fit or has a zero inside. */
void rit_read_text(struct rit_reader *r, char *out, size_t capacity);

#endif
