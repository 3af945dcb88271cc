/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pack.h"

#include <ritardando/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct rit_buffer *b, size_t more)
{
    RIT_CHECK(more <= SIZE_MAX / 4 && b->size <= SIZE_MAX / 4);
    size_t need = b->size + more;
    if (need <= b->capacity)
        return;
    size_t capacity = b->capacity ? b->capacity : 256;
    while (capacity < need)
        capacity *= 2;
    unsigned char *data = realloc(b->data, capacity);
    RIT_CHECK(data != NULL);
    b->data = data;
    b->capacity = capacity;
}

void rit_buffer_release(struct rit_buffer *b)
{
    free(b->data);
    *b = (struct rit_buffer){0};
}

void rit_buffer_resize(struct rit_buffer *b, size_t size)
{
    if (size > b->size)
        reserve(b, size - b->size);
    b->size = size;
}

void rit_pack_bytes(struct rit_buffer *b, const void *data, size_t size)
{
    if (size == 0)
        return;
    reserve(b, size);
    memcpy(b->data + b->size, data, size);
    b->size += size;
}

/* The lowest `size` bytes of x, the lowest first. */
static void pack_number(struct rit_buffer *b, uint64_t x, size_t size)
{
    unsigned char raw[8];
    for (size_t i = 0; i < size; i++)
        raw[i] = (unsigned char)(x >> (8 * i));
    rit_pack_bytes(b, raw, size);
}

void rit_pack_u32(struct rit_buffer *b, uint32_t x)
{
    pack_number(b, x, 4);
}

void rit_pack_u64(struct rit_buffer *b, uint64_t x)
{
    pack_number(b, x, 8);
}

void rit_pack_f64(struct rit_buffer *b, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    rit_pack_u64(b, bits);
}

void rit_pack_text(struct rit_buffer *b, const char *text)
{
    size_t length = strlen(text);
    rit_pack_u32(b, (uint32_t)length);
    rit_pack_bytes(b, text, length);
}

void rit_buffer_printf(struct rit_buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    RIT_CHECK(length >= 0);
    reserve(b, (size_t)length + 1);
    vsnprintf((char *)b->data + b->size, (size_t)length + 1, format, again);
    va_end(again);
    b->size += (size_t)length;
}

const void *rit_read_bytes(struct rit_reader *r, size_t size)
{
    if (r->bad || size > r->size - r->at) {
        r->bad = true;
        return NULL;
    }
    const void *here = r->data + r->at;
    r->at += size;
    return here;
}

static uint64_t read_number(struct rit_reader *r, size_t size)
{
    const unsigned char *raw = rit_read_bytes(r, size);
    uint64_t x = 0;
    for (size_t i = 0; raw && i < size; i++)
        x |= (uint64_t)raw[i] << (8 * i);
    return x;
}

uint32_t rit_read_u32(struct rit_reader *r)
{
    return (uint32_t)read_number(r, 4);
}

uint64_t rit_read_u64(struct rit_reader *r)
{
    return read_number(r, 8);
}

double rit_read_f64(struct rit_reader *r)
{
    uint64_t bits = rit_read_u64(r);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

void rit_read_text(struct rit_reader *r, char *out, size_t capacity)
{
    uint32_t length = rit_read_u32(r);
    if (length >= capacity)
        r->bad = true;
    const char *text = rit_read_bytes(r, length);
    if (text && memchr(text, 0, length))
        r->bad = true;
    if (!text || r->bad)
        length = 0;
    else
        memcpy(out, text, length);
    out[length] = 0;
}
