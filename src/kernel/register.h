/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A register of qubits: a complex matrix of 2^qubits rows, on which gates act, and any number of columns (a
 * state, a batch of states, a unitary). Qubit 0 is the most significant bit of a row's number, and a bit 0 is
 * the eigenvalue +1 of Z. Gates are R_P(t) = exp(-i t P / 2).
 */
#ifndef RITARDANDO_KERNEL_REGISTER_H
#define RITARDANDO_KERNEL_REGISTER_H

#include "kernel/kernels.h"

struct rit_arena;

struct rit_register {
    int qubits;
    int ld;               /* columns, a multiple of 16: those not used are zero */
    struct rit_planar of; /* [2^qubits][ld] */
};

/** n zeros of either kind; with re NULL from an arena that measures. */
struct rit_planar rit_register_planar(struct rit_arena *arena, size_t n);
/** A register of zeros. */
struct rit_register rit_register_take(struct rit_arena *arena, int qubits, int columns);
/** to = from, of registers of the same shape. */
void rit_register_copy(const struct rit_register *from, struct rit_register *to);

/** Row r. */
static inline struct rit_planar rit_register_row(const struct rit_register *reg, int r)
{
    size_t at = (size_t)r * (size_t)reg->ld;
    return (struct rit_planar){reg->of.re + at, reg->of.im + at};
}

/** A 2 x 2 complex matrix, row-major, as (re, im) pairs. */
struct rit_2x2 {
    double of[8];
};

/** R_P(t) for an axis P of "XYZ". */
struct rit_2x2 rit_rotation(char axis, double t);
struct rit_2x2 rit_2x2_times(struct rit_2x2 a, struct rit_2x2 b);
struct rit_2x2 rit_2x2_dagger(struct rit_2x2 a);

/** u on one qubit. */
void rit_register_rotate(struct rit_register *reg, int qubit, struct rit_2x2 u);

/** Row r times exp(i phase[r]), or its inverse. */
void rit_register_turn(struct rit_register *reg, const double *phase, bool inverse);

/** E[s][t] = sum conj(bra[row]) ket[row'] over the pairs of rows with bit s and bit t of the qubit and all
 * others alike: d/du of Re <bra|u ket> and the like. */
struct rit_2x2 rit_register_overlap(const struct rit_register *bra, const struct rit_register *ket,
                                    int qubit);

/** slope[r] = Im sum conj(bra[r]) ket[r] over the columns. */
void rit_register_slopes(const struct rit_register *bra, const struct rit_register *ket, double *slope);

#endif
