/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Rows: what goes into a model at each step and what is asked of it, and what sources are made of. A port
 * says of what kind and how wide they are.
 */
#ifndef RITARDANDO_ROWS_H
#define RITARDANDO_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum rit_row_kind {
    RIT_ROW_NONE,  /* there are no rows */
    RIT_ROW_BITS,  /* each unit on or off */
    RIT_ROW_REALS, /* each unit a number */
};

enum { RIT_WIDEST_BITS = 128, RIT_WIDEST_REALS = 1024 };

struct rit_port {
    enum rit_row_kind kind;
    int width; /* units of a row */
};

/** 64-bit words of a row of bits; unit i is bit i % 64 of word i / 64. */
static inline int rit_port_words(struct rit_port port)
{
    return port.kind == RIT_ROW_BITS ? (port.width + 63) / 64 : 0;
}

/** Bytes of a row. */
static inline size_t rit_port_bytes(struct rit_port port)
{
    return port.kind == RIT_ROW_BITS ? (size_t)rit_port_words(port) * sizeof(uint64_t)
                                     : (size_t)port.width * sizeof(float) * (port.kind == RIT_ROW_REALS);
}

/** Rows one behind the other; which of the arrays there is follows from the port. Borrowed. */
struct rit_rows {
    struct rit_port port;
    const uint64_t *bits; /* [rows][words] */
    const float *real;    /* [rows][width] */
};

/** The rows from `first` on. */
static inline struct rit_rows rit_rows_from(struct rit_rows rows, int first)
{
    if (rows.bits)
        rows.bits += (size_t)first * (size_t)rit_port_words(rows.port);
    if (rows.real)
        rows.real += (size_t)first * (size_t)rows.port.width;
    return rows;
}

/** Unit i of row r as a number: a bit is `off` or `on`. */
static inline double rit_rows_value(const struct rit_rows *rows, int r, int i, double off, double on)
{
    if (rows->real)
        return (double)rows->real[(size_t)r * (size_t)rows->port.width + (size_t)i];
    return rows->bits[(size_t)r * (size_t)rit_port_words(rows->port) + (size_t)i / 64] >> i % 64 & 1 ? on
                                                                                                     : off;
}

/** As a target: a bit is a sign s = +-1. */
static inline double rit_rows_target(const struct rit_rows *rows, int r, int i)
{
    return rit_rows_value(rows, r, i, -1.0, 1.0);
}

/** Set bits of `n` rows; 0 for reals. */
int64_t rit_rows_count(const struct rit_rows *rows, int n);

#endif
