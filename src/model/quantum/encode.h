/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Rows as product states of qubits. Of a row of notes the qubits carry the pitch classes of its four voices,
 * from the lowest up and again from the lowest: R_y(2 pi pc / 12)|0>, a silence being R_x(pi/2)|0>. Of k
 * notes, voice v = 0 .. 3 is the note number round(v (k - 1) / 3). Of a row of reals qubit q carries channel
 * q (mod the width): R_y(x)|0>. Source: Li et al., arXiv:2302.03244.
 */
#ifndef RITARDANDO_MODEL_QUANTUM_ENCODE_H
#define RITARDANDO_MODEL_QUANTUM_ENCODE_H

#include <ritardando/rows.h>

#include "kernel/kernels.h"

#include <stdbool.h>
#include <stdint.h>

/** The 2^qubits amplitudes of row r; `lowest` is the note of slot 0. The last qubit was |last>, 0 or 1. */
void rit_encode(const struct rit_rows *rows, int r, int lowest, int qubits, int last,
                struct rit_planar state);

/** A number that rows which are alike to an encoding on so many qubits share; others seldom do. */
uint64_t rit_encode_key(const struct rit_rows *rows, int r, int qubits);

/** Whether two rows are alike to an encoding on so many qubits. */
bool rit_encode_alike(const struct rit_rows *rows, int r, int s, int qubits);

/** Whether the amplitudes of a row are real. */
bool rit_encode_real(const struct rit_rows *rows, int r);

#endif
