/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Parametrised circuits. A layer rotates every qubit about a few axes in turn, each by its own angle, and
 * couples pairs of qubits by R_zz(t) = exp(-i t Z Z / 2), each with its own angle; a circuit may close with
 * one more layer of rotations. The angles of a layer stand in the order: rotations qubit by qubit, then the
 * pairs.
 */
#ifndef RITARDANDO_MODEL_QUANTUM_ANSATZ_H
#define RITARDANDO_MODEL_QUANTUM_ANSATZ_H

#include "kernel/register.h"

struct rit_point;

enum { RIT_MAX_QUBITS = 10, RIT_MAX_ROTATIONS = 3 };

struct rit_ansatz {
    const char *axes;    /* of a layer's rotations, the first to act first: "XZX" */
    const char *closing; /* of the closing layer; "": none */
    bool brick;          /* pairs (0,1), (2,3), ... and (1,2), (3,4), ... in turn; else a ring */
    int qubits, layers;
};

extern const char *const rit_ansatz_names[];

/** The circuit called model.ansatz with model.depth layers on `qubits` qubits. */
struct rit_ansatz rit_ansatz_of(const struct rit_point *point, int qubits);

int rit_ansatz_angles(const struct rit_ansatz *ansatz);

/** The circuit with these angles on a register. `phase`: work space, [2^qubits]. */
void rit_ansatz_apply(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                      double *phase);

/**
 * Back through the circuit: `ket` is what came out, `bra` = dE/d(ket*); adds dE/d(angle) to g. Both registers
 * come out as they were before the circuit. `phase`: work space, [2 x 2^qubits].
 */
void rit_ansatz_back(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                     struct rit_register *bra, double *phase, double *g);

#endif
