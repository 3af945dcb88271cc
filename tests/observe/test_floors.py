# SPDX-License-Identifier: GPL-3.0-or-later
"""Floors of predictors that know the last rows, against a count by dictionaries."""
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from math import log2

try:
    import h5py
except ImportError:
    print("skipped: /usr/bin/python3 has no h5py")
    sys.exit(77)

PROGRAM = os.environ["RITARDANDO"]
SLOTS = 6
SONGS = [[[0, 2], [1], [0, 2], [3], [0, 2], [1], [], [1]], [[1], [0, 2], [4, 5], [0, 2], [1], [0, 2]],
         [[0, 2], [3], [0, 2], [1], [0, 2], [5]]]


def floor(known):
    """NLL per slot and step, in bits, of a predictor that knows `known` rows, or all for None."""
    counts, times = defaultdict(Counter), Counter()
    pairs = 0
    for song in SONGS:
        for t in range(len(song) - 1):
            context = str(song[:t + 1] if known is None else song[max(0, t + 1 - known):t + 1])
            short = known is None or t + 1 < known  # a shorter context at the beginning is one of its own
            context = (short and t + 1, context)
            times[context] += 1
            pairs += 1
            counts[context].update(song[t + 1])
    total = 0.0
    for context, n in times.items():
        for slot in range(SLOTS):
            p = counts[context][slot] / n
            total -= sum(n * q * log2(q) for q in (p, 1 - p) if q > 0)
    return total / pairs / SLOTS


with tempfile.TemporaryDirectory() as folder:
    data, config, run = (os.path.join(folder, name) for name in ("songs.json", "sweep.yaml", "run"))
    with open(data, "w") as file:
        file.write('{"slots": %d, "lowest": 60, "train": %s}' % (SLOTS, [[[60 + i for i in row] for row in song] for song in SONGS]))
    with open(config, "w") as file:
        file.write(f"data: {{source: piano-rolls, rolls: {data}, chorales: {len(SONGS)}}}\nmodel: {{width: 4}}\n"
                   "observe: {floors: true}\nstop: {tau: 0.2}\n")
    done = subprocess.run([PROGRAM, "sweep", config, "-o", run], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with h5py.File(os.path.join(run, "phase-diagram.h5")) as file:
        found = file["floor"][0]
        assert file["floor_network"][0] == found[3]  # a recurrent network can know it all
        assert file["floor"].attrs["unit" if "unit" in file["floor"].attrs else "units"] in (b"bit", "bit")
    for got, known in zip(found, (1, 2, 3, None)):
        assert abs(got - floor(known)) < 1e-12, (found, [floor(k) for k in (1, 2, 3, None)])
    assert found[0] > found[1] > 0
    for model, order in (("dense, width: 4", 0), ("circuit, width: 6", 0), ("qrnn, width: 2, history: 0", 0), ("qrnn, width: 2", 3),
                         ("qrnn, width: 2, depth: 1, closing: false", 0), ("gru, width: 2", 3)):
        with open(config, "w") as file:
            file.write(f"data: {{source: piano-rolls, rolls: {data}, chorales: {len(SONGS)}}}\nmodel: {{name: {model}}}\n"
                       "observe: {floors: true}\nstop: {tau: 0.2}\n")
        run = os.path.join(folder, model.replace(" ", ""))
        done = subprocess.run([PROGRAM, "sweep", config, "-o", run], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with h5py.File(os.path.join(run, "phase-diagram.h5")) as file:
            assert file["floor_network"][0] == found[order], (model, file["floor_network"][0], found)
    if "RITARDANDO_DATA" in os.environ:  # what one, two, three and all rows tell of blocks of Bach's chorales
        with open(config, "w") as file:
            file.write("grid: {chorales: [5, 10, 20, 80]}\ndata: {source: chorales, first: 100}\nmodel: {name: dense, width: 1}\n"
                       "observe: {floors: true}\nstop: {tau: 0.1}\n")
        run = os.path.join(folder, "chorales")
        done = subprocess.run([PROGRAM, "sweep", config, "-o", run], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with h5py.File(os.path.join(run, "phase-diagram.h5")) as file:
            floors = file["floor"][...].reshape(4, 4)
        wanted = [[.0659, .0046, .0031, .0009], [.0754, .0113, .0024, .0006], [.0990, .0222, .0068, .0009], [.1360, .0373, .0117, .0020]]
        for got, known in zip(floors, wanted):
            assert max(abs(a - b) for a, b in zip(got, known)) < 6e-5, (got, known)
print(found)
