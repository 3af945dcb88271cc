#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A known answer: the share of perceptrons that learn p random patterns in N dimensions is Cover's probability, and N_c is p/2."""
import math
import pathlib
import re
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-h5py python3-numpy)")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent.parent / "analysis"))
from calling import call, expect  # noqa: E402
from capacity import cover  # noqa: E402

P = 40
CONFIG = f"""
grid: {{data.dimension: [14, 17, 20, 23, 27, 32, 40], data.pattern-seed: {{from: 1, to: 10}}}}
data: {{source: patterns, chorales: {P}}}
task: {{name: classify}}
model: {{name: dense, depth: 0, parametrisation: ntk, biases: false}}
cost: {{name: hinge, margin: 3}}
rule: {{eta: 10}}
observe: {{thresholds: [0.05]}}
stop: {{tau: 60000}}
"""

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "perceptron.yaml").write_text(CONFIG)
    call(0, "sweep", folder / "perceptron.yaml", "-o", folder / "run")
    with h5py.File(folder / "run" / "phase-diagram.h5") as file:
        dimension, time = file["width"][:], file["learning_time"][:, 0]
    expect((dimension == np.repeat([14, 17, 20, 23, 27, 32, 40], 10)).all(), "the width of a perceptron is its dimension")
    likely = np.array([cover(P, int(n)) for n in dimension])
    spread = math.sqrt((likely * (1 - likely)).sum())
    learned = np.isfinite(time).sum()
    expect(abs(learned - likely.sum()) < 4 * spread, f"{learned} of 70 learned, Cover says {likely.sum():.1f} +- {spread:.1f}")
    table = call(0, "analyse", folder / "run", "--resamples", 200)
    # The line of medians: whether a pattern set can be stored differs from set to set, and one N_c for all is for large p.
    critical = float(re.search(r"\| 0.05 \|(?:[^|]*\|){3} +([\d.]+)", table).group(1))
    expect(abs(critical - P / 2) < 3, f"N_c is {critical}, near {P / 2}: {table}")
print(f"{learned} of 70 learned, Cover: {likely.sum():.1f} +- {spread:.1f}; N_c = {critical}")
