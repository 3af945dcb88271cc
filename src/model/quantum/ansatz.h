/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Parametrised circuits. A layer rotates every qubit about a few axes in turn and couples pairs of qubits by
 * R_zz(t) = exp(-i t Z Z / 2), one before the other; a circuit may close with one more layer of rotations.
 * Each rotation and each pair has an angle of its own, qubit by qubit and pair by pair, or all of a layer
 * share one.
 */
#ifndef RITARDANDO_MODEL_QUANTUM_ANSATZ_H
#define RITARDANDO_MODEL_QUANTUM_ANSATZ_H

#include <ritardando/point.h>

#include "kernel/register.h"

enum { RIT_MAX_QUBITS = 10, RIT_MAX_ROTATIONS = 3 };

struct rit_ansatz {
    const char *axes;    /* of a layer's rotations, the first to act first: "XZX" */
    const char *closing; /* of the closing layer; "": none */
    bool brick;          /* pairs (0,1), (2,3), ... and (1,2), (3,4), ... in turn; else a ring */
    bool coupled_first;  /* the pairs before the rotations */
    bool shared;         /* one angle for all pairs of a layer, and one for each axis */
    int qubits, layers;
};

/** Parameters of every model that is made of a circuit. */
enum { RIT_ANSATZ_PARAMS = 4 };
extern const struct rit_param rit_ansatz_params[RIT_ANSATZ_PARAMS];

/** RIT_BAD_INPUT for a circuit without layers, or with more qubits, which the parameters `which` count, than
 * there may be. */
enum rit_status rit_ansatz_check(const struct rit_point *point, int qubits, const char *which,
                                 struct rit_error *err);

/** The circuit called model.ansatz with model.depth layers on `qubits` qubits. */
struct rit_ansatz rit_ansatz_of(const struct rit_point *point, int qubits);

int rit_ansatz_angles(const struct rit_ansatz *ansatz);

/** Whether what is read of a qubit can depend on the others: not if couplings, which commute with Z, come
 * last and once. */
bool rit_ansatz_mixes(const struct rit_ansatz *ansatz);

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
