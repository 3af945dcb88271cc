#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Large matrices on 1, 2 and 4 ranks: the same eigenvalues to 1e-12 with vectors and without, residuals, solutions, and columns
that arrive where they belong; below the measured size one rank does it alone."""
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import mpirun  # noqa: E402

MPIRUN = mpirun()
BENCH = os.path.join(os.environ["RITARDANDO_BUILD"], "tests", "bench_spectrum")
ENVIRONMENT = dict(os.environ, OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_mpi_yield_when_idle="1")
if os.getuid() == 0:
    ENVIRONMENT.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
ENVIRONMENT["ASAN_OPTIONS"] = ENVIRONMENT.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
LARGE, SMALL = 701, 130  # no multiples of a block


def bench(ranks, *arguments, code=0):
    done = subprocess.run([*MPIRUN, "-n", str(ranks), BENCH, *map(str, arguments)], env=ENVIRONMENT,
                          capture_output=True, text=True)
    if "built without ScaLAPACK" in done.stderr:
        print("skipped: built without ScaLAPACK")
        sys.exit(77)
    assert done.returncode == code, (ranks, arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


def read(said):
    """What was told under a name, in order, and the numbers between."""
    told, values = {}, []
    for line in said.splitlines():
        name, _, rest = line.partition(" ")
        if rest:
            told.setdefault(name, []).append(rest)
        else:
            values.append(float(name))
    return told, np.array(values)


def matrix(n):
    i = np.arange(n)
    return np.sin(np.outer(i, i) + i[:, None] + i) / np.sqrt(n) + np.diag(np.cos(i))


for n in SMALL, LARGE:
    expected = np.linalg.eigvalsh(matrix(n))
    for ranks in 1, 2, 4:
        told, values = read(bench(ranks, "all", n, *([ranks] if n == LARGE else [])))
        form = "1 rank, by LAPACK" if n == SMALL or ranks == 1 else f"{ranks // 2} x 2 ranks, by ScaLAPACK"
        print(f"{n} on {form}: residuals {told['residual']}, orthogonality {told['orthogonality']}")
        assert told["side"] == [f"{n} on {form}"], told
        assert told["wrong"] == ["0"], told
        solved, _, residual = map(float, told["residual"])
        assert solved < 1e-11 and residual < 1e-12 and float(told["orthogonality"][1]) < 1e-12, told
        for found in np.split(values, 2):  # without vectors and with
            assert abs(found - expected).max() < 1e-12, abs(found - expected).max()

# A matrix that fits nowhere is refused before any memory is taken, with the number of ranks that would do.
refused = bench(2, "values", 2000000, code=65)
assert "a matrix of side 2000000 takes" in refused and "ranks with as much each would do" in refused, refused
