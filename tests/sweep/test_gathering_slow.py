# SPDX-License-Identifier: GPL-3.0-or-later
"""Points that all ranks do something for together: the same content with any number of ranks, after kills and stops,
eigenvalues that agree to 1e-10, also with NumPy's, and forged ones that are found."""
import functools
import math
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import journals  # noqa: E402
from calling import call  # noqa: E402
from launching import Folder, Sweep, content_hash, need_open_mpi, run_all  # noqa: E402

try:
    import h5py
    import numpy as np
except ImportError:
    print("skipped: /usr/bin/python3 has no h5py or numpy")
    sys.exit(77)

need_open_mpi()
if "ScaLAPACK         none" in call(0, "version"):
    print("skipped: built without ScaLAPACK")
    sys.exit(77)

PAIRS = 1100
# Two points of infinite width of one kernel, and two finite ones beside them.
CONFIG = """
grid: {width: [8, inf], seed: [1, 2]}
data: {source: series, table: table.csv, length: 0, chorales: 1, first: 0}
model: {depth: 1, precision: float64, parametrisation: ntk, recurrent-init: haar, readout-init: gaussian, orthogonal: none}
cost: {name: square}
rule: {eta: 0.01}
observe: {learning-time: false, per-decade: 1, kernel-spectrum: true}
stop: {tau: 0.1}
run: {report: 1, lease: 60}
"""
SENT_IN = f"a kernel of {PAIRS} pairs on "


def write(folder, config=CONFIG):
    rows = [" ".join(f"{math.sin(0.7 * t + i) + 0.3 * math.sin(1.9 * t * (i + 1)):.6f}" for i in range(3))
            for t in range(PAIRS + 1)]
    folder.write("table.csv", "\n".join(rows) + "\n")
    return folder.write("sweep.yaml", config)


def eigenvalues(run):
    with h5py.File(f"{run}/phase-diagram.h5") as file:
        array = file["kernel_eigenvalue"]
        assert array.attrs["numerics"] == "library"
        rows = array[()]
    rows = rows[np.isfinite(rows[:, 0])]  # those of infinite width
    assert rows.shape == (2, PAIRS) and np.isfinite(rows).all() and (np.diff(rows) <= 0).all(), (rows.shape, np.diff(rows).max())
    assert (rows[0] == rows[1]).all()  # one kernel
    return rows[0]


@functools.cache
def alone():
    """Content hash and eigenvalues of one process, which finds them by our own eigensolver."""
    with Folder() as folder:
        sweep = Sweep(write(folder), folder("run"), ranks=0)
        assert sweep.finish() == 0, sweep.output()
        assert f"2 kernels of up to {PAIRS} pairs: one worker finds" in sweep.output(), sweep.output()
        return content_hash(folder("run")), eigenvalues(folder("run"))


def test_any_number_of_ranks(folder):
    wanted, values = alone()
    config = write(folder)
    for ranks in (2, 3, 4):
        run = folder(f"ranks-{ranks}")
        sweep = Sweep(config, run, ranks)
        assert sweep.finish() == 0, sweep.output()
        text = sweep.output()
        assert f"all {ranks} ranks find the eigenvalues together, when everything else is done" in text, text
        assert text.count(SENT_IN) == 1 and "by ScaLAPACK: predicted" in text, text  # the second point has the same kernel
        assert content_hash(run) == wanted
        assert abs(eigenvalues(run) - values).max() <= 1e-12 * values[0]
        assert os.listdir(f"{run}/spectra") == []


def test_killed_inside_and_continued(folder):
    wanted, values = alone()
    config, run = write(folder), folder("run")
    for recovery, victim in ((False, 1), (True, 1), (True, 0), (False, -1)):
        sweep = Sweep(config, run, 3, recovery)
        if sweep.wait_for(lambda: SENT_IN in sweep.output()) and sweep.kill(victim):
            sweep.finish()  # to recovery mpirun answers by 0, whatever its ranks say
            text = sweep.output()
            assert not recovery or "complete" in text or "died while all ranks were at one kernel" in text, text
        else:
            assert sweep.finish() == 0, sweep.output()
    last = Sweep(config, run, 2)
    assert last.finish() == 0, last.output()
    assert content_hash(run) == wanted
    assert abs(eigenvalues(run) - values).max() <= 1e-12 * values[0]


def test_stopped_and_out_of_time(folder):
    wanted, _ = alone()
    run = folder("run")
    late = Sweep(write(folder, CONFIG.replace("report: 1", "report: 1, wall-time: 2.5")), run, 2)
    assert late.finish() in (0, 75), late.output()  # 0 where it took less than that
    config = write(folder)
    sweep = Sweep(config, run, 2)
    if sweep.wait_for(lambda: SENT_IN in sweep.output()):
        sweep.send(signal.SIGUSR1)
    assert sweep.finish() in (0, 75), sweep.output()
    last = Sweep(config, run, 0)
    assert last.finish() == 0, last.output()
    assert content_hash(run) == wanted


def test_forged_numbers_are_found(folder):
    """Of a library's numbers a change of 1e-12 of the largest is none; one of 1e-6 is a difference, here and in merge."""
    config, run = write(folder, CONFIG.replace("width: [8, inf], seed: [1, 2]", "width: [inf]")), folder("run")
    sweep = Sweep(config, run, 2)
    assert sweep.finish() == 0, sweep.output()
    with h5py.File(f"{run}/phase-diagram.h5") as file:
        value = file["kernel_eigenvalue"][0]
    journal = next(Path(run, "results").glob("*.journal"))
    (payload,) = journals.payloads(journal)
    text = call(0, "verify", run)
    assert "the same, bit for bit, and numbers of a library to 1e-10" in text, text
    for change, code in ((1e-12, 0), (1e-6, 65)):
        changed = payload.replace(value[1].tobytes(), (value[1] + change * value[0]).tobytes())
        assert changed != payload
        forged = Path(folder(f"forged-{code}"))
        journals.write(forged / "results" / "000001.journal", [changed])
        (forged / "config.yaml").write_text(Path(run, "config.yaml").read_text())
        text = call(code, "verify", forged)
        assert code == 0 or "DIFFERENT: kernel_eigenvalue[1] was" in text, text
        call(code, "replay", forged, payload[:32].hex())
        call(code, "merge", folder(f"merged-{code}"), run, forged)


if __name__ == "__main__":
    run_all([test_any_number_of_ranks, test_killed_inside_and_continued, test_stopped_and_out_of_time, test_forged_numbers_are_found])
