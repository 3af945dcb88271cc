# SPDX-License-Identifier: GPL-3.0-or-later
"""Late in a run a direction of curvature overtakes another one: few steps of the flow are lost to it. (Gradients are counted, which
are the same on any machine; of three seeds, since for one they are chance: 53 605 where the power iteration alone has to find it.)"""
import os
import subprocess
import sys
import tempfile

try:
    import h5py
except ImportError:
    print("skipped: /usr/bin/python3 has no h5py")
    sys.exit(77)

CONFIG = """
data: {source: composer, chorales: 3}
model: {depth: 3, width: 16}
grid: {seed: [5, 6, 7]}
rule: {name: flow, tolerance: 1e-2}
observe: {thresholds: [0.00001]}
stop: {tau: 400}
"""

with tempfile.TemporaryDirectory() as folder:
    config, run = os.path.join(folder, "flow.yaml"), os.path.join(folder, "run")
    with open(config, "w") as file:
        file.write(CONFIG)
    done = subprocess.run([os.environ["RITARDANDO"], "sweep", config, "-o", run], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with h5py.File(os.path.join(run, "phase-diagram.h5")) as file:
        gradients = int(sum(file["steps"][:]))
print(f"{gradients} gradients")
assert gradients < 48000, gradients
