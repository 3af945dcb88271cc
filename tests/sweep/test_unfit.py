# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that cannot do what others can, or not all of it: no point fails for it."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from launching import ENVIRONMENT, MPIRUN, PROGRAM, Folder, run_all, status  # noqa: E402

CONFIG = """
grid: {width: [6, 8], seed: {from: 1, to: 5}}
data: {source: chorales, chorales: 2}
stop: {tau: 1}
"""


def write_chorales(folder):
    """A file of the form of Boulanger-Lewandowski's, with scales for chorales."""
    scale = [[[60 + (i + k) % 12, 55 + (i + k) % 5] for i in range(20)] for k in range(3)]
    return folder.write("chorales.json", json.dumps({"train": scale, "valid": scale, "test": scale}))


def sweep(folder, run, *workers):
    """Exit code and output of a master that has the file and of workers of which each has a line of shell before."""
    config = folder.write("sweep.yaml", CONFIG)
    data = write_chorales(folder)
    parts = []
    for line in ("", *workers):
        parts += [":"] if parts else []
        parts += ["-n", "1", "bash", "-c", f"export RITARDANDO_DATA='{data}'; {line or ':'}; exec '{PROGRAM}' sweep '{config}' -o '{folder(run)}'"]
    done = subprocess.run([*MPIRUN, *parts], capture_output=True, text=True, env=ENVIRONMENT, timeout=100,
                          stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout + done.stderr


def test_one_worker_without_the_data(folder):
    code, output = sweep(folder, "run", ":", "export RITARDANDO_DATA=/no/such/file.json")
    assert code == 0 and "10 of 10 points done" in output, output
    assert "0 failed" in output and "was lost" not in output, output
    assert output.count("gets no work: ") == 1 and "/no/such/file.json" in output, output
    assert "failed" not in status(folder("run"))[1].replace("0 failed", "")


def test_one_worker_with_other_data(folder):
    other = folder.write("other.json", json.dumps({part: [[[62, 64]] * 9] * 4 for part in ("train", "valid", "test")}))
    code, output = sweep(folder, "run", ":", f"export RITARDANDO_DATA='{other}'")
    assert code == 0 and "10 of 10 points done" in output and "0 failed" in output, output
    assert "gets no work: " in output, output


def test_nobody_has_the_data(folder):
    none = "export RITARDANDO_DATA=/no/such/file.json"
    code, output = sweep(folder, "run", none, none)
    assert code == 74, output
    assert "no machine can do the work" in output and "0 of 10 points done" in output, output
    code, output = sweep(folder, "run", ":")
    assert code == 0 and "10 of 10 points done" in output, output


def test_a_point_without_memory_keeps_no_other_back(folder):
    config = folder.write("wide.yaml", "grid: {width: [6, 4096, 8]}\ndata: {chorales: 1}\nstop: {tau: 0.5}\n")
    limited = "ulimit -d 400000; exec '{}'".format(PROGRAM)
    if subprocess.run(["bash", "-c", limited + " --version"], capture_output=True, check=False).returncode != 0:
        return  # sanitizers want more memory than that for themselves
    done = subprocess.run(["bash", "-c", f"{limited} sweep '{config}' -o '{folder('large')}'"], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=100, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 65, done.stderr
    assert "does not train the point width 4096: model.width, model.depth: this network needs " in done.stderr, done.stderr
    assert "2 of 3 points done" in done.stderr and "0 failed" in done.stderr, done.stderr
    assert "1 point fits on no machine here" in done.stderr, done.stderr


if __name__ == "__main__":
    run_all([test_one_worker_without_the_data, test_one_worker_with_other_data, test_nobody_has_the_data,
             test_a_point_without_memory_keeps_no_other_back])
