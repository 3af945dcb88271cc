/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/quantum/encode.h"

#include "kernel/register.h"

#include <string.h>

enum { VOICES = 4, OCTAVE = 12 };

/* Slots of the four voices of a row of bits; -1 each for a silence. */
static void voices_of(const struct rit_rows *rows, int r, int voice[VOICES])
{
    int note[RIT_WIDEST_BITS], notes = 0;
    for (int i = 0; i < rows->port.width; i++)
        if (rit_rows_value(rows, r, i, 0.0, 1.0) > 0.0)
            note[notes++] = i;
    for (int v = 0; v < VOICES; v++)
        voice[v] = notes == 0 ? -1 : note[(2 * v * (notes - 1) + VOICES - 1) / (2 * (VOICES - 1))];
}

/* What a qubit is turned by; its axis is Y, or X for a silence. */
static double angle_of(const struct rit_rows *rows, int r, int lowest, const int voice[VOICES], int qubit,
                       char *axis)
{
    const double pi = 0x1.921fb54442d18p+1;
    *axis = 'Y';
    if (rows->port.kind == RIT_ROW_REALS)
        return rit_rows_value(rows, r, qubit % rows->port.width, 0.0, 1.0);
    if (voice[qubit % VOICES] >= 0)
        return 2.0 * pi * ((voice[qubit % VOICES] + lowest) % OCTAVE) / OCTAVE;
    *axis = 'X';
    return pi / 2.0;
}

void rit_encode(const struct rit_rows *rows, int r, int lowest, int qubits, int last, struct rit_planar state)
{
    int voice[VOICES] = {0};
    if (rows->port.kind == RIT_ROW_BITS)
        voices_of(rows, r, voice);
    state.re[0] = 1.0;
    state.im[0] = 0.0;
    for (int q = 0; q < qubits; q++) {
        char axis;
        double angle = angle_of(rows, r, lowest, voice, q, &axis);
        struct rit_2x2 u = rit_rotation(axis, angle); /* whose columns |0> and |1> become */
        const double *column = u.of + (q == qubits - 1 ? 2 * last : 0);
        for (int i = (1 << q) - 1; i >= 0; i--) {
            double re = state.re[i], im = state.im[i];
            for (int bit = 1; bit >= 0; bit--) {
                const double *z = column + 4 * bit;
                state.re[2 * i + bit] = re * z[0] - im * z[1];
                state.im[2 * i + bit] = re * z[1] + im * z[0];
            }
        }
    }
}

uint64_t rit_encode_key(const struct rit_rows *rows, int r, int qubits)
{
    uint64_t key = 0;
    if (rows->port.kind == RIT_ROW_BITS) {
        int voice[VOICES];
        voices_of(rows, r, voice);
        for (int v = 0; v < VOICES && v < qubits; v++)
            key = key << 8 | (uint8_t)(voice[v] + 1);
        return key;
    }
    for (int i = 0; i < rows->port.width && i < qubits; i++) {
        double x = rit_rows_value(rows, r, i, 0.0, 1.0) + 0.0; /* -0 and 0 turn alike */
        uint64_t bits;
        memcpy(&bits, &x, sizeof bits);
        key = (key ^ bits) * 0x9e3779b97f4a7c15;
        key ^= key >> 32;
    }
    return key;
}

bool rit_encode_alike(const struct rit_rows *rows, int r, int s, int qubits)
{
    if (rows->port.kind == RIT_ROW_BITS)
        return rit_encode_key(rows, r, qubits) == rit_encode_key(rows, s, qubits);
    for (int i = 0; i < rows->port.width && i < qubits; i++)
        if (rit_rows_value(rows, r, i, 0.0, 1.0) != rit_rows_value(rows, s, i, 0.0, 1.0))
            return false;
    return true;
}

bool rit_encode_real(const struct rit_rows *rows, int r)
{
    int voice[VOICES] = {0};
    if (rows->port.kind == RIT_ROW_BITS)
        voices_of(rows, r, voice);
    return voice[0] >= 0;
}
