#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A grid over full batches and batches of chorales: their size has a meaning in one half of the points only."""
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from calling import call, expect  # noqa: E402

CONFIG = """
grid: {batch.kind: [full, chorales], width: [4, 6], seed: [1, 2]}
batch: {size: 1}
data: {chorales: 2}
observe: {thresholds: [0.2, 0.3]}
stop: {tau: 10}
"""


def check(run, axis, groups):
    """All tables have one part per group, and every part has its two widths."""
    shown = call(0, "show", run)
    parts = [part.splitlines() for part in shown.strip().split("\n\n")[1:]]
    expect(sorted(part[0] for part in parts) == sorted(groups), f"show has these parts: {shown}")
    expect(all(len(part) == 4 for part in parts), f"every part has its widths: {shown}")
    table = call(0, "analyse", run, "--resamples", 100).split("Critical widths")[1]
    expect(table.splitlines()[2].startswith("| " + axis), f"the axis is {axis}: {table}")
    expect("nan" not in table.split("Small thresholds")[0], f"what has no meaning is a dash: {table}")
    expect("missing point" not in call(0, "status", run), "nothing is missing")
    if importlib.util.find_spec("matplotlib") and importlib.util.find_spec("h5py"):
        done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "all.py", run],
                              capture_output=True, text=True)
        expect(done.returncode == 0 and not done.stderr, done.stderr)
        expect("inverse-times.png" in done.stdout, done.stdout)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    config = folder / "grid.yaml"
    config.write_text(CONFIG)
    call(0, "sweep", config, "-o", folder / "one")
    check(folder / "one", "batch_kind", ["batch_kind full", "batch_kind chorales"])
    # Two sizes: now the kind follows from the size.
    config.write_text(CONFIG.replace("batch: {size: 1}\n", "").replace("chorales], ", "chorales], batch.size: [1, 2], "))
    call(0, "sweep", config, "-o", folder / "two")
    check(folder / "two", "batch_size",
          ["batch_size -", "batch_size 1", "batch_size 2"])
