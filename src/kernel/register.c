/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/register.h"

#include "base/arena.h"
#include "base/exact.h"

#include <string.h>

struct rit_planar rit_register_planar(struct rit_arena *arena, size_t n)
{
    double *both = RIT_TAKE(arena, 2 * n, double);
    return (struct rit_planar){both, both ? both + n : NULL};
}

struct rit_register rit_register_take(struct rit_arena *arena, int qubits, int columns)
{
    int ld = rit_ld(columns);
    return (struct rit_register){qubits, ld, rit_register_planar(arena, (size_t)ld << qubits)};
}

void rit_register_copy(const struct rit_register *from, struct rit_register *to)
{
    size_t size = ((size_t)from->ld << from->qubits) * sizeof(double);
    memcpy(to->of.re, from->of.re, size);
    memcpy(to->of.im, from->of.im, size);
}

static double sine(double x)
{
    return rit_sinpi(x * 0x1.45f306dc9c883p-2); /* x / pi */
}

static double cosine(double x)
{
    return rit_sinpi(x * 0x1.45f306dc9c883p-2 + 0.5);
}

struct rit_2x2 rit_rotation(char axis, double t)
{
    double c = cosine(0.5 * t), s = sine(0.5 * t);
    switch (axis) {
    case 'X':
        return (struct rit_2x2){{c, 0.0, 0.0, -s, 0.0, -s, c, 0.0}};
    case 'Y':
        return (struct rit_2x2){{c, 0.0, -s, 0.0, s, 0.0, c, 0.0}};
    default:
        return (struct rit_2x2){{c, -s, 0.0, 0.0, 0.0, 0.0, c, s}};
    }
}

struct rit_2x2 rit_2x2_times(struct rit_2x2 a, struct rit_2x2 b)
{
    struct rit_2x2 c = {{0.0}};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            for (int k = 0; k < 2; k++) {
                const double *x = a.of + 2 * (2 * i + k), *y = b.of + 2 * (2 * k + j);
                double *z = c.of + 2 * (2 * i + j);
                z[0] += x[0] * y[0] - x[1] * y[1];
                z[1] += x[0] * y[1] + x[1] * y[0];
            }
    return c;
}

struct rit_2x2 rit_2x2_dagger(struct rit_2x2 a)
{
    const double *x = a.of;
    return (struct rit_2x2){{x[0], -x[1], x[4], -x[5], x[2], -x[3], x[6], -x[7]}};
}

/* The bit of a row's number that is a qubit. */
static int bit_of(const struct rit_register *reg, int qubit)
{
    return 1 << (reg->qubits - 1 - qubit);
}

void rit_register_rotate(struct rit_register *reg, int qubit, struct rit_2x2 u)
{
    const struct rit_kernels *kernels = rit_kernels();
    int rows = 1 << reg->qubits, bit = bit_of(reg, qubit);
    size_t run = (size_t)bit * (size_t)reg->ld; /* neighbouring rows lie one behind the other */
    for (int r = 0; r < rows; r += 2 * bit)
        kernels->mix(run, u.of, rit_register_row(reg, r), rit_register_row(reg, r + bit));
}

void rit_register_turn(struct rit_register *reg, const double *phase, bool inverse)
{
    for (int r = 0; r < 1 << reg->qubits; r++) {
        struct rit_planar row = rit_register_row(reg, r);
        double c = cosine(phase[r]), s = inverse ? -sine(phase[r]) : sine(phase[r]);
        for (int i = 0; i < reg->ld; i++) {
            double re = row.re[i], im = row.im[i];
            row.re[i] = c * re - s * im;
            row.im[i] = c * im + s * re;
        }
    }
}

struct rit_2x2 rit_register_overlap(const struct rit_register *bra, const struct rit_register *ket, int qubit)
{
    const struct rit_kernels *kernels = rit_kernels();
    int rows = 1 << bra->qubits, bit = bit_of(bra, qubit);
    size_t run = (size_t)bit * (size_t)bra->ld;
    struct rit_2x2 e = {{0.0}};
    for (int r = 0; r < rows; r += 2 * bit)
        for (int s = 0; s < 2; s++)
            for (int t = 0; t < 2; t++)
                kernels->overlap(run, rit_register_row(bra, r + s * bit), rit_register_row(ket, r + t * bit),
                                 e.of + 2 * (2 * s + t));
    return e;
}

void rit_register_slopes(const struct rit_register *bra, const struct rit_register *ket, double *slope)
{
    const struct rit_kernels *kernels = rit_kernels();
    for (int r = 0; r < 1 << bra->qubits; r++) {
        double sum[2] = {0.0, 0.0};
        kernels->overlap((size_t)bra->ld, rit_register_row(bra, r), rit_register_row(ket, r), sum);
        slope[r] = sum[1];
    }
}
