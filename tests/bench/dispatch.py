# SPDX-License-Identifier: GPL-3.0-or-later
"""Points handed out a second: Ritardando's master, mpi4py's MPIPoolExecutor and an array of Slurm jobs, alternately.

    dispatch.py BUILD [--rounds N] [--points N]

Four things in turn, a master and two workers each: points of two steps, trained; the same master with workers that answer at
once, untrained (tests/bench/dispatch.c); empty Python tasks; and, where a Slurm is installed, single tasks of an array that run
`true` on a private cluster of slurm/cluster.sh with two CPUs. Prints medians, what the master takes for a point, and the load of the machine.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
MPIRUN = ["mpirun", "--oversubscribe", "-n", "3"]
TASKS = """
import sys, time
from mpi4py.futures import MPIPoolExecutor
def task(i):
    return i
if __name__ == "__main__":
    n = int(sys.argv[1])
    with MPIPoolExecutor() as pool:
        list(pool.map(task, range(100)))
        began = time.time()
        assert sum(1 for _ in pool.map(task, range(n))) == n
        print(n / (time.time() - began))
"""


def cpu_seconds(pid):
    """User and system time of a process; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return None


def plan_of(points, folder):
    config = folder / "points.yaml"
    config.write_text(f"grid: {{seed: {{from: 1, to: {points}}}}}\ndata: {{chorales: 1}}\nmodel: {{width: 2}}\n"
                      "stop: {tau: 0.2}\nrun: {keep: none}\n")
    return config, folder / f"run{time.time_ns()}"


def handled(bench, points, folder):
    """Points a second that are given out and taken back untrained, and CPU seconds of the master's thread a point."""
    done = subprocess.run([*MPIRUN, bench, *plan_of(points, folder)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the benchmark of the master failed: {done.stderr}")
    return tuple(map(float, done.stdout.split()))


def ritardando(program, points, folder):
    """Points a second between the first that is given out and the last result, and CPU seconds of the master a point."""
    config, run = plan_of(points, folder)
    sweep = subprocess.Popen([*MPIRUN, program, "sweep", config, "-o", run], stderr=subprocess.DEVNULL)
    samples = []

    def watch():
        claim = run / "claims" / "000001"
        while sweep.poll() is None:
            if claim.exists() and "pid: " in claim.read_text():
                pid = int(claim.read_text().split("pid: ")[1].split()[0])
                used = cpu_seconds(pid)
                if used is not None:
                    samples.append((time.time(), used))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    if sweep.wait() != 0:
        sys.exit("the sweep failed")
    watcher.join()
    with open(run / "events.jsonl") as file:
        events = [json.loads(line) for line in file]
    times = [e["time"] for e in events if e["event"] in ("give", "result")]
    within = [used for at, used in samples if times[0] <= at <= times[-1]]
    return points / (times[-1] - times[0]), (within[-1] - within[0]) / points if len(within) > 1 else float("nan")


def futures(points, folder):
    script = folder / "tasks.py"
    script.write_text(TASKS)
    done = subprocess.run([*MPIRUN, sys.executable, "-m", "mpi4py.futures", script, str(points)], capture_output=True,
                          text=True)
    return float(done.stdout) if done.returncode == 0 else None


def slurm_array(tasks, folder):
    cluster = folder / f"cluster{time.time_ns()}"
    tool = ["bash", SOURCE / "slurm" / "cluster.sh"]
    if subprocess.run([*tool, "start", cluster, "--cpus", "2", "--owner", str(os.getpid())],
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:  # a pipe would be held open by the daemons
        return None
    try:
        exports = subprocess.run([*tool, "env", cluster], capture_output=True, text=True, check=True).stdout
        began = time.time()
        subprocess.run(["bash", "-c", exports + f"\nsbatch --wait -o /dev/null --array=1-{tasks} --wrap true"], check=True,
                       capture_output=True, timeout=120)
        return tasks / (time.time() - began)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    finally:
        subprocess.run([*tool, "stop", cluster], capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=20000)
    options = parser.parse_args()
    os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    found = {"whole points": [], "empty points": [], "mpi4py.futures": [], "Slurm array": []}
    whole, empty, load = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            load.append(os.getloadavg()[0])
            rate, seconds = ritardando(options.build / "ritardando", options.points, Path(folder))
            found["whole points"].append(rate)
            whole.append(seconds)
            rate, seconds = handled(options.build / "tests" / "bench_dispatch", options.points, Path(folder))
            found["empty points"].append(rate)
            empty.append(seconds)
            found["mpi4py.futures"].append(futures(options.points, Path(folder)))
            found["Slurm array"].append(slurm_array(30, Path(folder)))
    for name, rates in found.items():
        rates = [rate for rate in rates if rate is not None]
        print(f"{name:16s} {statistics.median(rates):10.1f} points/s ({min(rates):.1f} to {max(rates):.1f})" if rates
              else f"{name:16s} not here")
    print(f"the master's process takes {1e6 * statistics.median(whole):.0f} microseconds of CPU for a whole point, its thread "
          f"{1e6 * statistics.median(empty):.0f} for an empty one; load of the machine {min(load):.1f} to {max(load):.1f}")


main()
