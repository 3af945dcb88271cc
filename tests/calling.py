# SPDX-License-Identifier: GPL-3.0-or-later
"""Calling the program, for tests of its commands."""
import os
import subprocess
import sys

PROGRAM = os.environ["RITARDANDO"]


def call(code, *arguments):
    """Run the program, expect an exit code, return what it wrote."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"{arguments}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def expect(condition, what):
    if not condition:
        sys.exit(f"{what}: not so")


def content(run):
    """Of the dataset of a run: the hash of its results, how many points it has, and how many were planned."""
    import h5py
    with h5py.File(run / "phase-diagram.h5") as file:
        return file.attrs["content_hash"], file.attrs["points_done"], file.attrs["points_planned"]


def mpirun():
    """The words that start ranks without a banner; MPICH's mpirun has none, and knows no --quiet."""
    return ["mpirun", "--quiet"] if "Open MPI" in call(0, "version") else ["mpirun"]
