#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Milliseconds a step of the quantum network with a memory (model.name: qrnn), ours and of the same exact simulation in NumPy:
quantum.py PROGRAM.

NumPy has the circuit as a matrix, the Kraus operators of all pairs in one product, all sequences side by side in each step of the loop over
time, and one pass back through the circuit. One core; whole training steps of five sequences, alternately, medians of three. Its NLL and its
gradient are those of the program at the same weights."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
import h5py  # noqa: E402
import numpy as np  # noqa: E402

ROUNDS, LAYERS, LOWEST, NOTES, ETA, SEQUENCES, ROWS = 3, 8, 43, 54, 0.01, 5, 61
CONFIG = """
data: {{source: chorales, file: songs.json, chorales: {sequences}}}
model: {{name: qrnn, width: {data}, history: {history}, depth: {layers}}}
rule: {{name: sgd, eta: {eta}}}
observe: {{learning-time: false}}
stop: {{tau: {tau}}}
"""


def songs():
    random = np.random.default_rng(1)
    voices = np.array([48, 55, 62, 69])
    return [(voices + np.cumsum(random.integers(-1, 2, (ROWS, 4)), 0) % 6).tolist() for _ in range(SEQUENCES)]


def rotation(axis, angle):
    c, s = np.cos(angle / 2), np.sin(angle / 2)
    return np.array({"X": [[c, -1j * s], [-1j * s, c]], "Y": [[c, -s], [s, c]], "Z": [[c - 1j * s, 0], [0, c + 1j * s]]}[axis])


class Network:
    def __init__(self, pieces, data, history):
        self.data, self.outcomes, self.kept, self.qubits = data, 2**data, 2**history, data + history
        bits = np.zeros((len(pieces), ROWS, NOTES))
        for b, piece in enumerate(pieces):
            for t, row in enumerate(piece):
                bits[b, t, np.array(row) - LOWEST] = 1
        x = bits[:, :-1]
        self.x, self.s = (x - x.mean()) / x.std(), 2 * bits[:, 1:] - 1
        self.phi = np.array([[self.encode(row) for row in piece[:-1]] for piece in pieces])
        self.walsh = np.array([[(-1)**bin(s & k).count("1") for k in range(self.outcomes)] for s in range(1, self.outcomes)], float)
        side = np.arange(2**self.qubits)
        self.z = [1 - 2 * (side >> (self.qubits - 1 - q) & 1) for q in range(self.qubits)]
        self.gates = [gate for layer in range(LAYERS + 1) for gate in
                      [(axis, q) for q in range(self.qubits) for axis in "XZX"] +
                      ([("ring", q) for q in range(self.qubits)] if layer < LAYERS else [])]

    def encode(self, row):
        state = np.ones(1)
        for q in range(self.data):
            state = np.kron(state, rotation("Y", 2 * np.pi * (row[q % 4] % 12) / 12)[:, 0])
        return state

    def turn(self, axis, q, angle, m):
        """The gate times a matrix of all qubits."""
        if axis == "ring":
            return np.exp(-0.5j * angle * self.z[q] * self.z[(q + 1) % self.qubits])[:, None] * m
        if axis == "Z":
            return np.exp(-0.5j * angle * self.z[q])[:, None] * m
        split = m.reshape(2**q, 2, -1)
        return np.matmul(rotation(axis, angle), split).reshape(m.shape)

    def generator(self, axis, q, m):
        """The Pauli matrix of a gate times a matrix."""
        if axis == "ring":
            return (self.z[q] * self.z[(q + 1) % self.qubits])[:, None] * m
        return self.z[q][:, None] * m if axis == "Z" else m.reshape(2**q, 2, -1)[:, ::-1].reshape(m.shape)

    def step(self, w):
        """NLL in bits, and the gradient of the cost of a pair in nats."""
        u = np.eye(2**self.qubits, dtype=complex)
        for (axis, q), angle in zip(self.gates, w["A"].ravel()):
            u = self.turn(axis, q, angle, u)
        split = u.reshape(self.outcomes, self.kept, self.outcomes, self.kept)
        kraus = np.tensordot(self.phi, split, (2, 2))  # [sequence][t][outcome][out][in]
        b, pairs = self.phi.shape[:2]
        rho = np.zeros((pairs + 1, b, self.kept, self.kept), complex)
        rho[0, :, 0, 0] = 1
        p = np.zeros((b, pairs, self.outcomes))
        for t in range(pairs):
            moved = kraus[:, t] @ rho[t][:, None]
            p[:, t] = np.einsum("bkij,bkij->bk", moved, kraus[:, t].conj()).real
            rho[t + 1] = (moved @ kraus[:, t].conj().swapaxes(-1, -2)).sum(1)
        z = p @ self.walsh.T
        h = z @ w["K"].T + self.x @ w["W"].T + w["h"].ravel()
        nll = np.log2(1 + np.exp(-2 * self.s * h)).mean()
        dh = -2 * self.s / (1 + np.exp(2 * self.s * h)) / (b * pairs)
        c = dh @ w["K"] @ self.walsh
        later, slope = np.zeros_like(rho[0]), np.zeros_like(kraus)
        unit = np.eye(self.kept)
        for t in range(pairs - 1, -1, -1):
            m = (c[:, t, :, None, None] * unit + later[:, None]) @ kraus[:, t]
            slope[:, t] = m @ rho[t][:, None]
            later = (kraus[:, t].conj().swapaxes(-1, -2) @ m).sum(1)
        bra = np.moveaxis(np.tensordot(slope, self.phi, ((0, 1), (0, 1))), 3, 2).reshape(u.shape)
        angles = np.zeros(len(self.gates))
        for k in range(len(self.gates) - 1, -1, -1):
            axis, q = self.gates[k]
            angles[k] = np.vdot(bra, self.generator(axis, q, u)).imag
            u, bra = (self.turn(axis, q, -w["A"].ravel()[k], m) for m in (u, bra))
        return nll, {"A": angles, "K": np.tensordot(dh, z, ((0, 1), (0, 1))), "W": np.tensordot(dh, self.x, ((0, 1), (0, 1))),
                     "h": dh.sum((0, 1))}


def run(program, folder, *arguments):
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)


def ours(program, folder, data, history, tau):
    """Seconds a step by the run's own account."""
    (folder / "b.yaml").write_text(CONFIG.format(sequences=SEQUENCES, data=data, history=history, layers=LAYERS, eta=ETA, tau=tau))
    subprocess.run(["rm", "-rf", folder / "run"], check=True)
    run(program, folder, "sweep", "b.yaml", "-o", "run")
    with h5py.File(folder / "run" / "phase-diagram.h5") as file:
        return float(file["seconds"][0]) / int(file["steps"][0])


def two_steps(program, folder, tau):
    run(program, folder, "weights", "run", "seed 1", "--at", f"{tau - ETA},{tau}", "-o", "w.h5")
    with h5py.File(folder / "w.h5") as file:
        return [{name: file[name][i] for name in "AKWh"} for i in range(2)]


def race(program, folder, data, history, tau):
    network, mine, its = Network(songs(), data, history), [], []
    for _ in range(ROUNDS):
        mine.append(ours(program, folder, data, history, tau))
        before, after = two_steps(program, folder, tau)
        began = time.process_time()
        _, gradient = network.step(before)
        its.append(time.process_time() - began)
    off = max(np.abs((before[n] - after[n]).ravel() / ETA - gradient[n].ravel()).max() / np.abs(gradient[n]).max() for n in "AKWh")
    a, b = statistics.median(mine), statistics.median(its)
    print(f"{data + history:6d}  {data:4d}  {history:7d}  {1e3 * a:9.2f}  {1e3 * b:9.1f}  {b / a:6.1f}  {off:.1e}", flush=True)


if __name__ == "__main__":
    program = pathlib.Path(sys.argv[1]).resolve()
    print("qubits  data  history  ms a step  NumPy, ms   ratio  largest relative difference of gradients")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "songs.json").write_text(json.dumps({"train": songs(), "valid": [], "test": []}))
        for data, history in ((5, 1), (6, 1), (6, 2), (7, 2)):
            race(program, folder, data, history, 0.2)
