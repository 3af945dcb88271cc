#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""spectrum: the Hessian's largest eigenvalue is the sharpness, the kernel's are those of the tangent kernel; the same on any
number of ranks; stopped, it goes on from stored columns on other ranks; what cannot be is refused in one sentence."""
import importlib.util
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import PROGRAM, call, expect, mpirun  # noqa: E402

try:
    import h5py
    import numpy as np
except ImportError:
    print("h5py is not there")
    sys.exit(77)

if "ScaLAPACK         none" in call(0, "version"):
    refused = call(65, "spectrum", "run", "point", "-o", "x.h5")
    expect("built without ScaLAPACK" in refused and refused.count("\n") == 1, "a program without ScaLAPACK says so")
    print("skipped: built without ScaLAPACK")
    sys.exit(77)

os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"  # MPI's own leaks are not ours
ENVIRONMENT = dict(os.environ, OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_mpi_yield_when_idle="1")
if os.getuid() == 0:
    ENVIRONMENT.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

CONFIG = """
grid: {{width: [4, 12], chorales: [1]}}
data: {{source: series, table: {file}, length: 0}}
model: {{depth: 1, precision: float64}}
cost: {{name: square}}
rule: {{eta: 0.01}}
observe: {{learning-time: false, per-decade: 1, sharpness: true, sharpness-accuracy: 1e-5, tangent: true, tangent-pairs: 4096,
          tangent-outputs: 1, tangent-per-decade: 1, tangent-eigenvalues: 20, tangent-probes: 1}}
stop: {{tau: 1}}
"""


def series(path, length, width):
    rows = [" ".join(f"{math.sin(0.7 * t + i) + 0.3 * math.sin(1.9 * t * (i + 1)):.6f}" for i in range(width))
            for t in range(length)]
    path.write_text("\n".join(rows) + "\n")


def eigenvalues(path):
    with h5py.File(path) as file:
        return file["eigenvalue"][()], {key: file[key][()] for key in file if file[key].shape == ()}, dict(file.attrs)


def together(ranks, code, *arguments):
    done = subprocess.run([*mpirun(), "-n", str(ranks), PROGRAM, "spectrum", *map(str, arguments)], env=ENVIRONMENT,
                          capture_output=True, text=True)
    expect(done.returncode == code, f"{arguments} on {ranks} ranks: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    series(folder / "short.csv", 60, 4)
    (folder / "short.yaml").write_text(CONFIG.format(file="short.csv"))
    call(0, "sweep", folder / "short.yaml", "-o", folder / "run")
    with h5py.File(folder / "run/phase-diagram.h5") as file:
        row = list(file["width"][()]).index(4)
        sharpness = file["sharpness"][row][~np.isnan(file["sharpness"][row])][-1]
        at = file["grid_tau"][()][~np.isnan(file["sharpness"][row])][-1]
        tangent = file["tangent_eigenvalue"][row][-1]
        tangent_at = file["tangent_tau"][()][-1]

    predicted = call(0, "spectrum", folder / "run", "width 4", "--predict")
    side = 4 * 4 + 4 * 3 // 2 + 4 * 4 + 4 * 4 + 4  # J, directions of M within its group, K, W, h
    expect(f"side {side}, of 68 weights" in predicted and "predicted:" in predicted, predicted)

    together(1, 0, folder / "run", "width 4", "--at", repr(at), "-o", folder / "one.h5")
    values, numbers, attributes = eigenvalues(folder / "one.h5")
    expect(len(values) == side and all(np.diff(values) >= 0), "all eigenvalues in ascending order")
    expect(abs(values[-1] / sharpness - 1) < 1e-4, f"the largest is the sharpness: {values[-1]}, {sharpness}")
    expect(attributes["numerics"] == "library" and attributes["of"] == "hessian", "the file says what it is of")
    expect(numbers["null"] + numbers["negative"] <= side and 0 < numbers["floor"] < 1e-6, numbers)
    together(2, 0, folder / "run", "width 4", "--at", repr(at), "-o", folder / "two.h5")
    expect(abs(eigenvalues(folder / "two.h5")[0] - values).max() < 1e-10 * values[-1], "the same on two ranks")
    expect(not (folder / "two.h5.columns").exists(), "columns are removed when they are no longer needed")

    if importlib.util.find_spec("matplotlib"):
        script = Path(__file__).parents[2] / "analysis/hessian.py"
        drawn = subprocess.run([sys.executable, script, folder / "one.h5", folder / "two.h5", "-o", folder], capture_output=True, text=True)
        expect(drawn.returncode == 0 and (folder / "hessian-spectrum.png").stat().st_size > 10000, drawn.stderr)

    predicted = call(0, "spectrum", folder / "run", "width 4", "--of", "kernel", "--predict")
    expect("s for the matrix of 59 columns" in predicted and "others want them" in predicted, predicted)
    together(2, 0, folder / "run", "width 4", "--of", "kernel", "--at", repr(tangent_at), "-o", folder / "kernel.h5")
    kernel, _, attributes = eigenvalues(folder / "kernel.h5")
    expect(attributes["of"] == "kernel" and len(kernel) == 59, "a kernel of all pairs")
    expect(abs(kernel[::-1][:20] - tangent).max() < 1e-9 * kernel[-1], "the tangent kernel has the same eigenvalues")

    # Of infinite width, tile by tile, on any number of ranks: the eigenvalues that the sweep has found.
    (folder / "wide.yaml").write_text(CONFIG[:CONFIG.index("observe")].format(file="short.csv").replace("[4, 12]", "[inf]").replace(
        "float64", "float64, parametrisation: ntk, recurrent-init: haar, readout-init: gaussian, orthogonal: none")
        + "observe: {learning-time: false, kernel-spectrum: true}\nstop: {tau: 0.1}\n")
    call(0, "sweep", folder / "wide.yaml", "-o", folder / "wide")
    with h5py.File(folder / "wide/phase-diagram.h5") as file:
        wide = file["kernel_eigenvalue"][0]
        point = file["identity"].asstr()[0]
        expect("numerics" not in file["kernel_eigenvalue"].attrs, "few pairs are our own bits")
    for ranks in (1, 2):
        said = together(ranks, 0, folder / "wide", point, "--of", "kernel", "-o", folder / "wide.h5")
        expect("kernel of infinite width of" in said and "predicted:" in said, said)
        expect(abs(eigenvalues(folder / "wide.h5")[0][::-1] - wide).max() < 1e-12 * wide[0], "the same kernel as in the sweep")

    # Stopped in the middle, it goes on, also on other ranks; of another moment it starts again and says so.
    series(folder / "long.csv", 1200, 20)
    (folder / "long.yaml").write_text(CONFIG.format(file="long.csv").replace("sharpness: true", "sharpness: false")
                                      .replace(", tangent: true", "").replace("tau: 1}", "tau: 0.1}"))
    text = (folder / "long.yaml").read_text()
    (folder / "long.yaml").write_text(text[:text.index("observe")] + "observe: {learning-time: false}\nstop: {tau: 0.1}\n")
    call(0, "sweep", folder / "long.yaml", "-o", folder / "long")
    out, stored = folder / "s.h5", folder / "s.h5.columns"
    began = subprocess.Popen([PROGRAM, "spectrum", folder / "long", "width 12", "-o", out], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    while not stored.exists() or stored.stat().st_size < 200000:
        expect(began.poll() is None, "it takes long enough to be stopped")
        time.sleep(0.002)
    began.send_signal(signal.SIGTERM)
    said = began.communicate()[0]
    expect(began.returncode == 75 and "columns stored in" in said, said)
    with open(stored, "ab") as file:
        file.write(b"half a frame")
    said = together(2, 0, folder / "long", "width 12", "-o", out)
    expect("columns were stored: it goes on" in said, said)
    resumed = eigenvalues(out)[0]
    together(1, 0, folder / "long", "width 12", "-o", folder / "whole.h5")
    expect(abs(resumed - eigenvalues(folder / "whole.h5")[0]).max() < 1e-10 * resumed[-1], "as if it had not been stopped")
    stored.write_bytes(b"something else")
    said = call(0, "spectrum", folder / "run", "width 4", "-o", out)
    expect("it starts again" in said, said)

    for code, arguments in ((64, ("--of", "weights")), (64, ("--unit", "4", "--of", "kernel")), (64, ("--at", "x")),
                            (64, ("--unit", "1.5")), (64, ("--unit", "0")), (64, ("and", "more"))):
        call(code, "spectrum", folder / "run", "width 4", "-o", out, *arguments)
    said = together(2, 64, folder / "run", "width 5", "-o", out)
    expect(said.count("ritardando:") == 1, f"one rank speaks: {said}")
