#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernel entries per second and core, ours and of the same recursion in NumPy: kernels.py BUILD [CHORALES ...].

NumPy goes through the steps of all sequences at once: at each, rows of Phi and Theta over all T pairs for every
sequence that is still going on. tanh's averages are the same Hermite series; both are measured in CPU seconds of one core,
alternately, medians of three."""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
import numpy as np  # noqa: E402

ROUNDS, TERMS = 3, 256


class Series:
    """Averages of tanh over two Gaussian inputs: g_j of a variance, and Phi, Phi' of rows of covariances."""

    def __init__(self):
        self.z = (np.arange(192) + 0.5) / 16
        weight = np.sqrt(2 / np.pi) / 16 * np.exp(-self.z**2 / 2)
        odd, before, at = [], np.zeros(192), np.ones(192)
        for k in range(2 * TERMS):
            if k % 2:
                odd.append(weight * at)
            before, at = at, (self.z * at - np.sqrt(k) * before) / np.sqrt(k + 1)
        self.odd, self.weight = np.array(odd), weight

    def square(self, q):
        return np.tanh(np.sqrt(q)[..., None] * self.z)**2 @ self.weight

    def terms(self, q):
        """[terms][len(q)], as many as leave 1e-11 of the largest variance."""
        root = np.sqrt(q.max())
        slope = 1 - np.tanh(root * self.z)**2
        g = self.odd @ (np.tanh(root * self.z) / root)
        left = slope**2 @ self.weight - np.cumsum((2 * np.arange(TERMS) + 1) * g**2)
        n = int(np.argmax(left <= 1e-11)) + 1
        y = np.tanh(np.sqrt(q)[:, None] * self.z) / np.sqrt(q)[:, None]
        return self.odd[:n] @ y.T


def both(g, rows, c, over):
    """Phi and Phi' of rows `rows` with all, by Horner's rule."""
    x = c * c * (over[rows, None] * over)
    value, slope = np.zeros_like(c), np.zeros_like(c)
    for j in range(len(g) - 1, -1, -1):
        e = g[j, rows, None] * g[j]
        value = value * x + e
        slope = slope * x + (2 * j + 1) * e
    return c * value, slope


def kernels(x, start, depth):
    """NNGP and Theta [T][T] of a layered-tanh network with gains 1, and 0.1/inputs into its first layer."""
    series, pairs = Series(), len(x)
    dot, first = x @ x.T, 0.1 / x.shape[1]
    begins = np.zeros(pairs, bool)
    begins[start[:-1]] = True
    q, phi_q = np.zeros((depth, pairs)), np.zeros((depth, pairs))
    for t in range(pairs):
        below = first * dot[t, t]
        for a in range(depth):
            q[a, t] = below + (0 if begins[t] else phi_q[a, t - 1])
            below = phi_q[a, t] = series.square(q[a, t:t + 1])[0]
    g, over = [series.terms(q[a]) for a in range(depth)], 1 / q
    nngp, theta = np.zeros((pairs, pairs)), np.zeros((pairs, pairs))
    length = np.diff(start)
    phi = [np.zeros((len(length), pairs)) for _ in range(depth)]
    moved = [np.zeros((len(length), pairs)) for _ in range(depth)]
    for step in range(length.max()):
        alive = np.flatnonzero(length > step)
        rows = start[:-1][alive] + step
        below, below_moved = first * dot[rows], 0.0
        for a in range(depth):
            back, back_moved = (np.where(begins, 0, np.roll(m[a][alive], 1, 1)) if step else 0 for m in (phi, moved))
            sigma = below + back
            value, slope = both(g[a], rows, sigma, over[a])
            phi[a][alive], moved[a][alive] = value, slope * (sigma + back_moved + below_moved)
            below, below_moved = phi[a][alive], moved[a][alive]
        nngp[rows], theta[rows] = below, below + below_moved + dot[rows] + 1
    return nngp, theta


def race(build, chorales, depth, folder):
    blob, ours, theirs = folder / "blob", [], []
    for _ in range(ROUNDS):
        done = subprocess.run([build / "tests" / "bench_kernels", str(chorales), str(depth), blob], check=True,
                              capture_output=True, text=True)
        ours.append(float(done.stdout.split()[0]))
        raw = np.fromfile(blob)
        pairs, inputs, sequences = raw[:3].astype(int)
        start = raw[3:4 + sequences].astype(int)
        x, (k, theta) = raw[4 + sequences:][:pairs * inputs].reshape(pairs, inputs), \
            raw[-2 * pairs * pairs:].reshape(2, pairs, pairs)
        began = time.process_time()
        found = kernels(x, start, depth)
        theirs.append(time.process_time() - began)
    off = max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(found, (k, theta)))
    mine, its = (statistics.median(s) for s in (ours, theirs))
    print(f"{chorales:8d}  {depth}  {pairs:5d}  {pairs**2 / mine / 1e6:8.2f}  {pairs**2 / its / 1e6:8.2f}  {its / mine:5.1f}"
          f"  {off:.1e}", flush=True)


if __name__ == "__main__":
    build = pathlib.Path(sys.argv[1])
    print("chorales  L      T  10^6/s  NumPy 10^6/s  ratio  largest difference")
    with tempfile.TemporaryDirectory() as name:
        for chorales in map(int, sys.argv[2:] or ("5", "20")):
            for depth in (1, 2):
                race(build, chorales, depth, pathlib.Path(name))
