#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that grows: the same dataset with any number of ranks and after kills; and what commands say of such a run."""
import functools
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from launching import PROGRAM, Folder, Sweep, content_hash, run_all, status  # noqa: E402

CONFIG = """
grid: {depth: [1, 2]}
refine: {by: width, from: 2, to: 32, error: 0.3}
data: {source: composer, chorales: 2}
rule: {eta: 0.1}
observe: {thresholds: [0.05]}
stop: {tau: 80}
run: {checkpoint: 0.02, report: 1, lease: 60}
"""


def tell(*args):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@functools.cache
def undisturbed():
    with Folder() as folder:
        sweep = Sweep(folder.write("sweep.yaml", CONFIG), folder("run"), ranks=0)
        assert sweep.finish() == 0, sweep.output()
        return content_hash(folder("run"))


def test_any_number_of_ranks(folder):
    config = folder.write("sweep.yaml", CONFIG)
    for ranks in (2, 5):
        sweep = Sweep(config, folder(f"ranks-{ranks}"), ranks)
        assert sweep.finish() == 0, sweep.output()
        assert content_hash(folder(f"ranks-{ranks}")) == undisturbed(), ranks
    again = Sweep(config, folder("ranks-5"), 2)
    assert again.finish() == 0 and "0 of them now" in again.output(), again.output()


def test_killed_and_continued(folder):
    config, run, kills = folder.write("sweep.yaml", CONFIG), folder("run"), 0
    for ranks in (0, 3, 0, 2, 0):
        sweep = Sweep(config, run, ranks)
        sweep.wait_for(sweep.is_up)
        time.sleep(0.5)  # of the seven seconds that one core takes for all of it
        if sweep.process.poll() is None:
            sweep.send(signal.SIGKILL if ranks == 0 else signal.SIGUSR1)
            kills += 1
        sweep.finish()
    assert kills >= 2
    last = Sweep(config, run, 0)
    assert last.finish() == 0, last.output()
    assert content_hash(run) == undisturbed()


def test_what_commands_say(folder):
    config, run = folder.write("sweep.yaml", CONFIG), folder("run")
    assert Sweep(config, run, 0).finish() == 0
    code, said = status(run)
    assert code == 0 and said.count("as exact as wanted") == 2, said
    points = int(re.search(r"(\d+) points", said).group(1))
    code, said = tell("show", str(run), "--csv")
    assert code == 0 and len(said.splitlines()) == points + 1, said
    code, said = tell("analyse", str(run))
    assert code == 0 and "N_c" in said, said
    code, said = tell("plan", config, "-o", str(run))
    assert code == 0, said
    seed = "depth 1, width 2, seed 1"
    code, said = tell("replay", str(run), seed)
    assert code == 0, said
    code, said = tell("merge", str(folder("joined")), str(run))
    assert code == 0 and f"{points} of {points} points" in said, said
    assert content_hash(folder("joined")) == content_hash(run)
    code, said = tell("sweep", config, "-o", str(folder("share")), "--share", "0/2")
    assert code == 64 and "--share: refine" in said, said


if __name__ == "__main__":
    run_all([test_any_number_of_ranks, test_killed_and_continued, test_what_commands_say])
