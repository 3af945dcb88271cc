# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of workers, the master and mpirun at random moments, again and again: the same dataset at last."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from launching import Folder, Sweep, content_hash, need_open_mpi, status  # noqa: E402

need_open_mpi()

KILLS = 60           # of anybody, each followed by a new start
RECOVERED_KILLS = 24  # of workers under --enable-recovery, without a new start

CONFIG = """
grid:
  depth: [1, 2]
  width: [6, 8]
  seed: {from: 1, to: 5}
data: {source: composer, chorales: 2}
rule: {eta: 0.05}
observe: {thresholds: [0.001]}
stop: {tau: 120}
run: {checkpoint: 0.02, dataset: 0.1, report: 1}
"""


def undisturbed(folder):
    sweep = Sweep(folder("sweep.yaml"), folder("undisturbed"), ranks=0)
    began = time.monotonic()
    assert sweep.finish() == 0, sweep.output()
    return content_hash(folder("undisturbed")), time.monotonic() - began


def kill_and_continue(folder, wanted, dice):
    """Start, kill somebody after a random time, start again; a new run whenever one is complete."""
    kills = {"worker": 0, "master": 0, "mpirun": 0}
    starts = runs = 0
    while sum(kills.values()) < KILLS:
        run = folder(f"run-{runs}")
        sweep = Sweep(folder("sweep.yaml"), run, ranks=3)
        starts += 1
        victim = dice.choice([("worker", 1), ("worker", 2), ("master", 0), ("mpirun", -1)])
        # From the first hello to the last results; mpirun also before. (mpirun itself may hang for ever when a rank
        # dies within MPI_Init.)
        if victim[1] >= 0 or dice.random() < 0.5:
            sweep.wait_for(sweep.is_up)
        deadline = time.monotonic() + dice.choice([0.02, 0.2, 0.6, 1.5]) * dice.random()
        while time.monotonic() < deadline and sweep.process.poll() is None:
            time.sleep(0.005)
        killed = sweep.process.poll() is None and sweep.kill(victim[1])
        code = sweep.finish()
        kills[victim[0]] += killed
        if not killed or code == 0:
            assert code == 0, sweep.output()
            assert content_hash(run) == wanted, f"run {runs} after {kills}"
            runs += 1
    while Sweep(folder("sweep.yaml"), folder(f"run-{runs}"), ranks=3).finish() != 0:
        starts += 1
    assert content_hash(folder(f"run-{runs}")) == wanted
    print(f"{sum(kills.values())} kills -9 ({kills}) in {starts} starts of {runs + 1} sweeps: "
          f"the same dataset every time", flush=True)


def kill_and_recover(folder, wanted, dice):
    """Two of three workers of a sweep die; the last one finishes it."""
    kills = sweeps = 0
    while kills < RECOVERED_KILLS:
        run = folder(f"recovered-{sweeps}")
        sweep = Sweep(folder("sweep.yaml"), run, ranks=4, recovery=True)
        sweep.wait_for(sweep.is_up)
        for rank in dice.sample([1, 2, 3], 2):
            time.sleep(0.4 * dice.random())
            # A worker is only killed while there is work left, so that it is missed.
            if sweep.process.poll() is None and sweep.kill(rank):
                kills += 1
        sweep.finish()
        assert status(run)[0] == 0, sweep.output()
        assert content_hash(run) == wanted, f"sweep {sweeps}"
        sweeps += 1
    print(f"{kills} workers killed -9 under --enable-recovery in {sweeps} sweeps, none started again: "
          f"the same dataset every time", flush=True)


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with Folder() as folder:
        folder.write("sweep.yaml", CONFIG)
        wanted, seconds = undisturbed(folder)
        print(f"one undisturbed sweep: {seconds:.1f} s", flush=True)
        kill_and_continue(folder, wanted, random.Random(seed))
        kill_and_recover(folder, wanted, random.Random(seed + 1))
