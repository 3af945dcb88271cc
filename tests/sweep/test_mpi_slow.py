# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps under mpirun: any number of ranks, stopped, continued, held, refused."""
import functools
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from launching import Folder, Sweep, content_hash, need_open_mpi, run_all, status  # noqa: E402

need_open_mpi()

# Twelve points of a tenth of a second or so.
CONFIG = """
grid:
  depth: [1, 2]
  width: [6, 8]
  seed: {from: 1, to: 3}
data: {source: composer, chorales: 2}
rule: {eta: 0.05}
observe: {thresholds: [0.001]}
stop: {tau: 100}
run: {checkpoint: 0.02, report: 1, lease: 60}
"""


@functools.cache
def undisturbed():
    """Hash of the undisturbed sweep, in one process without a launcher."""
    with Folder() as folder:
        sweep = Sweep(folder.write("sweep.yaml", CONFIG), folder("run"), ranks=0)
        assert sweep.finish() == 0, sweep.output()
        return content_hash(folder("run"))


def reference(folder):
    return folder.write("sweep.yaml", CONFIG), undisturbed()


def test_any_number_of_ranks(folder):
    config, wanted = reference(folder)
    for ranks in (1, 2, 3, 5):
        sweep = Sweep(config, folder(f"ranks-{ranks}"), ranks)
        assert sweep.finish() == 0, sweep.output()
        assert content_hash(folder(f"ranks-{ranks}")) == wanted
        assert "complete" in sweep.output() and "12 of 12 points done" in sweep.output()
    again = Sweep(config, folder("ranks-5"), 2)  # all there already
    code = again.finish()
    assert code == 0 and "0 of them now" in again.output(), f"{code}\n{again.output()}"
    assert status(folder("ranks-5"))[0] == 0


def test_stopped_by_signals_and_continued(folder):
    config, wanted = reference(folder)
    run, stops = folder("run"), 0
    for number in (signal.SIGUSR1, signal.SIGUSR1, signal.SIGTERM):
        sweep = Sweep(config, run, 3)
        if sweep.wait_for(sweep.is_training):
            sweep.send(number)
            code = sweep.finish()
            # To SIGTERM mpirun answers by its own exit code, and soon by SIGKILL.
            assert code == 75 or number == signal.SIGTERM, f"{code} {number}\n{sweep.output()}"
            stops += 1
        else:
            sweep.finish()
    assert stops >= 1
    alone = Sweep(config, run, 0)
    if alone.wait_for(alone.is_training):
        alone.send(signal.SIGTERM)
        assert alone.finish() in (0, 75), alone.output()
    else:
        alone.finish()
    last = Sweep(config, run, 3)
    assert last.finish() == 0, last.output()
    assert content_hash(run) == wanted


def test_files_that_stop_and_drain(folder):
    config, wanted = reference(folder)
    run = folder("run")
    sweep = Sweep(config, run, 2)
    assert sweep.wait_for(sweep.is_up)
    folder.write("run/drain", "")
    code = sweep.finish()
    assert code == 75 and "stopped after" in sweep.output(), sweep.output()
    assert os.listdir(os.path.join(run, "checkpoints")) == []  # what ran was finished
    refused = Sweep(config, run, 2)
    assert refused.finish() == 75 and "remove it" in refused.output(), refused.output()
    os.rename(os.path.join(run, "drain"), os.path.join(run, "stop"))
    refused = Sweep(config, run, 0)
    assert refused.finish() == 75 and "remove it" in refused.output(), refused.output()
    os.remove(os.path.join(run, "stop"))
    assert status(run)[0] == 75
    last = Sweep(config, run, 3)
    assert last.finish() == 0, last.output()
    assert content_hash(run) == wanted


def test_wall_time(folder):
    config = folder.write("sweep.yaml", CONFIG.replace("tau: 100", "tau: 100000").replace("run: {", "run: {wall-time: 8, "))
    sweep = Sweep(config, folder("run"), 3)
    assert sweep.finish() == 75, sweep.output()
    assert "wall-time limit is near" in sweep.output()
    assert sweep.is_training()  # there are checkpoints to go on from


def test_a_silent_worker_under_recovery(folder):
    wanted = undisturbed()
    # Long enough for what a busy machine does to the others: who seems silent for a while is taken back.
    config = folder.write("sweep.yaml", CONFIG.replace("lease: 60", "lease: 5"))
    sweep = Sweep(config, folder("run"), 3, recovery=True)
    assert sweep.wait_for(lambda: sweep.is_training() and 2 in sweep.pids())
    os.kill(sweep.pids()[2], signal.SIGSTOP)
    assert sweep.finish() == 0, sweep.output()  # its own end was seen to
    assert content_hash(folder("run")) == wanted
    assert "is silent" in sweep.output() and "lost on the way" in sweep.output(), sweep.output()


def test_a_lost_master_under_recovery(folder):
    config, wanted = reference(folder)
    sweep = Sweep(config, folder("run"), 3, recovery=True)
    assert sweep.wait_for(lambda: sweep.is_training() and 0 in sweep.pids())
    assert sweep.kill(0)
    sweep.finish()  # mpirun --enable-recovery hides exit codes
    assert "the master of the sweep is lost" in sweep.output(), sweep.output()
    assert status(folder("run"))[0] == 75
    last = Sweep(config, folder("run"), 3, recovery=True)
    last.finish()
    assert status(folder("run"))[0] == 0, last.output()
    assert content_hash(folder("run")) == wanted


def test_a_second_start_says_who_holds_the_run(folder):
    config, wanted = reference(folder)
    first = Sweep(config, folder("run"), 2)
    assert first.wait_for(first.is_training)
    master = first.pids()[0]
    second = Sweep(config, folder("run"), 2)
    assert second.wait_for(lambda: "the run is held by" in second.output())
    assert f"held by process {master} on " in second.output(), second.output()
    assert first.finish() == 0, first.output()
    assert second.finish() == 0, second.output()  # it waited, and found everything done
    assert content_hash(folder("run")) == wanted


def test_refusals(folder):
    cases = [
        ("grid: {widht: [3]}", "run", 65, "did you mean"),
        ("data: {source: chorales, file: /no/such/file.json}", "run", 74, "/no/such/file.json"),
        ("grid: {seed: {from: 1, to: 1000000}}", "run", 65, "1000000 points"),
        ("stop: {tau: 1}", "sweep.yaml/run", 74, "sweep.yaml"),
    ]
    for text, run, code, words in cases:
        config = folder.write("sweep.yaml", text)
        for ranks in (0, 3):
            sweep = Sweep(config, folder(run), ranks)
            assert sweep.finish() == code, sweep.output()
            assert words in sweep.output(), sweep.output()
            assert sweep.output().count(words) == 1, sweep.output()  # said once, not by every rank
    missing = Sweep(folder("no-such.yaml"), folder("run"), 2)
    assert missing.finish() == 74 and "no-such.yaml" in missing.output(), missing.output()
    usage = Sweep(config, folder("run"), 0, arguments=("--share", "2/2"))
    assert usage.finish() == 64, usage.output()


def test_idle_ranks_sleep(folder):
    """One point, three workers: two of them, and the master, have nothing to do."""
    config = folder.write("sweep.yaml", "model: {width: 30}\nrun: {checkpoint: 0.1}\n"
                          "stop: {tau: 1e6}\nobserve: {thresholds: [1e-6]}\n")
    sweep = Sweep(config, folder("run"), 4)
    assert sweep.wait_for(sweep.is_training)

    def ticks():
        used = {}
        for rank, pid in sweep.pids().items():
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            used[rank] = int(fields[11]) + int(fields[12])
        return used

    before = ticks()

    def spent():
        return sorted(now - before[rank] for rank, now in ticks().items())

    assert sweep.wait_for(lambda: spent()[-1] >= 200)
    used = spent()
    sweep.send(signal.SIGUSR1)
    assert sweep.finish() == 75, sweep.output()
    assert used[2] < 0.25 * used[3], f"ticks of processor time: {used}"


if __name__ == "__main__":
    run_all([test_any_number_of_ranks, test_stopped_by_signals_and_continued, test_files_that_stop_and_drain,
             test_wall_time, test_a_silent_worker_under_recovery, test_a_lost_master_under_recovery,
             test_a_second_start_says_who_holds_the_run, test_refusals, test_idle_ranks_sleep])
