#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sing of numbers: the table is the standardised data, and then what NumPy makes of the weights by feeding outputs back."""
import csv
import math
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import call, expect  # noqa: E402

try:
    import h5py
    import numpy as np
except ImportError:
    print("h5py is not there")
    sys.exit(77)

CONFIG = """
grid: {depth: [1, 2], seed: [1]}
data: {source: series, table: waves.csv, length: 60, chorales: 2}
model: {width: 12}
cost: {name: square}
rule: {eta: 0.01}
observe: {learning-time: false}
stop: {tau: 40}
"""
FORCED, SUNG = 12, 30


def outputs(weights, depth, x):
    """H of the last of rows x."""
    below = x
    for a in range(1, depth + 1):
        mu, states = np.zeros(len(weights[f"M{a}"])), []
        for row in below @ weights[f"J{a}"].T:
            mu = np.tanh(row + weights[f"M{a}"] @ mu)
            states.append(mu)
        below = np.array(states)
    return below[-1] @ weights["K"].T + x[-1] @ weights["W"].T + weights["h"][:, 0]


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    run = folder / "run"
    data = np.array([[3 + math.sin(0.3 * t), 2 * math.cos(0.3 * t), math.sin(0.3 * t) ** 2] for t in range(180)])
    (folder / "waves.csv").write_text("\n".join(",".join(repr(float(x)) for x in row) for row in data) + "\n")
    (folder / "waves.yaml").write_text(CONFIG)
    call(0, "sweep", folder / "waves.yaml", "-o", run)
    standard = (data - data[:120].mean(0)) / data[:120].std(0)

    def table(depth, *options):
        said = call(0, "sing", run, f"depth {depth}", "--force", FORCED, "--steps", SUNG, *options, "-o", folder / "song.csv")
        with open(folder / "song.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return np.array([[float(row[f"x{i}"]) for i in range(3)] for row in rows]), [int(row["forced"]) for row in rows], said

    for depth in (1, 2):
        song, forced, said = table(depth)
        expect(forced == [1] * FORCED + [0] * SUNG and f"{SUNG} sung." in said, f"rows forced and sung: {said}")
        expect(np.allclose(song[:FORCED], standard[:FORCED], atol=1e-6), "what is forced are the data, standardised")
        call(0, "weights", run, f"depth {depth}", "-o", folder / "w.h5")
        with h5py.File(folder / "w.h5") as file:
            weights = {key: file[key][-1] for key in file if file[key].ndim == 3}
        wanted = song[:FORCED]
        for _ in range(SUNG):
            wanted = np.vstack([wanted, outputs(weights, depth, wanted)])
        expect(np.allclose(song, wanted, atol=2e-3), f"depth {depth}: NumPy sings the same: {np.abs(song - wanted).max(1)}")
        error = np.abs(song[FORCED:] - standard[FORCED:FORCED + SUNG]).mean()
        silence = np.abs(standard[FORCED:FORCED + SUNG]).mean()
        print(f"depth {depth}: a wave is gone on with to {error:.3f}; silence would be {silence:.3f} away")
        expect(error < 0.5 * silence, "it has learned to go on with waves")
        expect(np.array_equal(table(depth)[0], song), "the same again")

    other, _, _ = table(1, "--start", 2)
    expect(np.allclose(other[:FORCED], standard[120:120 + FORCED], atol=1e-6), "another sequence is standardised as those trained on")
    original, forced, _ = table(1, "--original")
    expect(np.allclose(original, standard[:FORCED + SUNG], atol=1e-6) and forced == [1] * len(forced), "the original")
    printed = call(0, "sing", run, "depth 1", "--force", FORCED, "--steps", SUNG)
    expect(printed.startswith((folder / "song.csv").read_text().splitlines()[0]), "without a file the table is printed")

    def refused(code, words, *arguments):
        said = call(code, "sing", run, "depth 1", *arguments)
        expect(words in said and said.count("\n") == 1, f"{arguments}: {said}")

    for ending in ("mid", "abc", "musicxml", "json"):
        refused(64, "the data are no notes; they make a table, .csv", "-o", folder / f"song.{ending}")
    refused(64, "the data are no notes of which there could be a file", "--start", folder / "waves.csv")
    refused(65, "but 4 are asked for", "--start", 3)
print("numbers: the table is what NumPy makes of the weights")
