# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of trained networks: files of `ritardando weights`."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import xarray


def read_weights(path):
    """A file of `ritardando weights` as an xarray.Dataset in memory, with all its attributes and units."""
    with xarray.open_dataset(path, engine="h5netcdf") as file:
        return file.load()


def find_program():
    """The program: $RITARDANDO, else the one on the path, else the one built in the checkout that this package lies in."""
    built = pathlib.Path(__file__).resolve().parents[2] / "build" / "ritardando"
    for name in (os.environ.get("RITARDANDO"), "ritardando", built):
        if name and shutil.which(name):
            return shutil.which(name)
    raise FileNotFoundError(f"the program ritardando is neither on the path nor {built}: name it as program=... or in $RITARDANDO")


def weights_of(folder, point, at=None, program=None):
    """Weights of a point by its identity or a phrase ("depth 2, width 20, seed 1"), at the proper times `at`, at its
    last one if not given: an xarray.Dataset. The program, that of find_program if none is named, replays the point.
    RuntimeError with its sentence if it cannot."""
    program = program or find_program()
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "weights.h5"
        asked = [program, "weights", str(folder), str(point), "-o", str(path)]
        if at is not None:
            times = [at] if isinstance(at, (int, float)) else list(at)
            asked += ["--at", ",".join(format(float(t), ".17g") for t in times)]
        done = subprocess.run(asked, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip() or f"{program} weights: exit code {done.returncode}")
        return read_weights(path)
