# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C under a plain mpirun, in the middle of a step that takes longer than what it leaves its ranks, a second."""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from launching import Folder, Sweep, content_hash, need_open_mpi, run_all  # noqa: E402

need_open_mpi()

# Ten steps, each of a second or so.
CONFIG = """
model: {depth: 1, width: 1600, orthogonal: none}
data: {source: composer, chorales: 100}
rule: {eta: 0.05}
stop: {tau: 0.5}
run: {lease: 60, checkpoint: 0.01}
"""


def test_ctrl_c(folder):
    config = folder.write("sweep.yaml", CONFIG)
    whole = Sweep(config, folder("whole"), 2)
    assert whole.wait_for(whole.is_up), whole.output()
    assert whole.finish() == 0 and "was lost" not in whole.output(), whole.output()
    stopped = Sweep(config, folder("parts"), 2)
    assert stopped.wait_for(stopped.is_training), stopped.output()
    time.sleep(0.3)  # into a step
    stopped.send(signal.SIGINT)
    began = time.monotonic()
    stopped.finish()
    print(f"ended after {time.monotonic() - began:.1f} s")
    assert "everybody writes a checkpoint" in stopped.output(), stopped.output()
    last = Sweep(config, folder("parts"), 2)
    assert last.finish() == 0 and "was lost" not in last.output(), last.output()
    assert content_hash(folder("parts")) == content_hash(folder("whole"))


if __name__ == "__main__":
    run_all([test_ctrl_c])
