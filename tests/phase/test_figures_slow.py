#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All figures of odd sweeps: whatever a sweep is like, analyse and the figures say what there is, never break and have no empty panel."""
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

for module in ("numpy", "h5py", "matplotlib"):
    if not importlib.util.find_spec(module):
        sys.exit(77)

PROGRAM = os.environ["RITARDANDO"]
ANALYSIS = pathlib.Path(__file__).parent.parent.parent / "analysis"
PANELS = pathlib.Path(__file__).parent / "panels.py"
COMMON = "data: {source: composer, chorales: 1}\n"
LEARNS = "observe: {thresholds: [0.05, 0.1, 0.2, 0.3]}\nstop: {tau: 60}\n"

# name: (config, figures that must be there, words of the tables)
SWEEPS = {
    "one-seed": ("grid: {depth: [1, 2], width: [3, 4, 6, 8]}\n" + LEARNS,
                 {"depth", "inverse-times", "learning-curves"}, "Critical widths"),
    "one-width": ("grid: {width: [4], seed: [1, 2]}\n" + LEARNS, {"inverse-times", "learning-curves"}, "all learn"),
    "one-run": ("grid: {width: [4]}\n" + LEARNS, {"inverse-times", "learning-curves"}, "1 run in 1 line"),
    "censored": ("grid: {width: [2, 3, 4], seed: [1, 2]}\nobserve: {thresholds: [0.001, 0.01]}\nstop: {tau: 3}\n",
                 {"learning-curves"}, "none learns"),
    "diverged": ("grid: {width: [3, 4], seed: [1, 2]}\nrule: {eta: 900}\nstop: {tau: 90000}\n", set(), ""),
    "aging-alone": ("grid: {width: [3, 5], seed: [1, 2, 3]}\nstop: {tau: 20}\n"
                    "observe: {learning-time: false, aging: true, noise: true, waiting-times: [1, 2, 4]}\n",
                    {"aging-delta", "aging-collapse", "aging-noise", "aging-overlaps"}, "Aging: collapse"),
    "rates": ("grid: {rule.eta: [0.05, 0.1, 0.2], width: [2, 3, 4, 6, 8], seed: [1, 2]}\n" + LEARNS.replace("thresholds", "noise: true, thresholds"),
              {"inverse-times", "learning-curves", "phase-diagram-rule_eta", "temperature"}, "rule_eta"),
    "edge": ("grid: {width: [2, 3, 4, 6], seed: [1, 2]}\nrule: {eta: 0.5}\nstop: {tau: 20}\n"
             "observe: {thresholds: [0.1, 0.2, 0.3], sharpness: true, per-decade: 8}\n",
             {"sharpness", "sharpness-width"}, "eta lambda_max > 2 in 8 of 8 runs"),
    "songs": ("data: {source: composer}\ngrid: {chorales: [1, 2], width: [4, 8], seed: [1, 2]}\nobserve: {thresholds: [0.1, 0.2], song: true}\n"
              "stop: {tau: 20}\n", {"song"}, "Critical widths"),
    "two-numbers": ("data: {source: composer}\ngrid: {rule.eta: [0.05, 0.1], chorales: [1, 2], width: [2, 3, 4, 6, 8], seed: [1, 2]}\n" + LEARNS,
                    {"critical-map-chorales-rule_eta"}, "rule_eta"),
    "blocks": ("data: {source: composer}\ngrid: {data.first: [0, 1], data.chorales: [1, 2], width: [3, 4, 6], seed: [1, 2]}\n" + LEARNS,
               {"inverse-times", "learning-curves"}, "data_first"),
    "sources": ("data: {source: composer}\ngrid: {data.composer-seed: [1, 2], width: [3, 4, 6], seed: [1, 2]}\n" + LEARNS,
                {"inverse-times", "learning-curves"}, "12 runs in 1 line"),  # other pieces are repetitions
}


def figures(run, code=0):
    done = subprocess.run([sys.executable, PANELS, ANALYSIS, run], capture_output=True, text=True)
    assert done.returncode == code and "Traceback" not in done.stderr, (run, done.returncode, done.stdout, done.stderr)
    return done


def check(folder, name, config, wanted, words):
    (folder / f"{name}.yaml").write_text(config + ("" if "data:" in config else COMMON))
    run = folder / name
    done = subprocess.run([PROGRAM, "sweep", folder / f"{name}.yaml", "-o", run], capture_output=True, text=True)
    assert done.returncode == 0, (name, done.stderr)
    done = subprocess.run([PROGRAM, "analyse", run, "--resamples", "100"], capture_output=True, text=True)
    assert done.returncode == 0 and words in done.stdout, (name, done.stdout, done.stderr)
    assert all(len(line) <= 140 for line in done.stdout.splitlines()), max(done.stdout.splitlines(), key=len)
    assert not any(signs in done.stdout for signs in ("+-", "--0.", "-+")), (name, done.stdout)
    assert not re.search(r"\+[0-9.]+ \+", done.stdout), (name, done.stdout)
    made = {pathlib.Path(path).stem for path in figures(run).stdout.split("Not drawn")[0].split()}
    assert wanted <= {stem for stem in made} | {stem.split("-data_")[0] for stem in made}, (name, wanted - made, made)
    return run


def check_one_fails(run):
    """One figure that cannot be drawn, here since a variable is gone, says so; the others are drawn."""
    script = ("import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = 'all.py'\n"
              "import learning_curves, runpy\n"
              "def broken(run): raise ValueError('a figure that breaks')\n"
              "learning_curves.draw = broken\n"
              "runpy.run_path(sys.path[0] + '/all.py', run_name='__main__')\n")
    done = subprocess.run([sys.executable, "-c", script, str(ANALYSIS), str(run)], capture_output=True, text=True)
    assert done.returncode == 1 and "a figure failed" in done.stderr and "a figure that breaks" in done.stderr, done
    assert "Traceback" not in done.stderr and "inverse-times.png" in done.stdout, done.stdout


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for sweep, rest in SWEEPS.items():
            run = check(folder, sweep, *rest)
            if sweep == "one-width":
                check_one_fails(run)


if __name__ == "__main__":
    main()
