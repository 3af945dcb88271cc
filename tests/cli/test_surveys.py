#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points that train nothing, beside others in one grid: planned, drawn, interrupted, merged, verified and read like any other."""
import importlib.util
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from calling import PROGRAM, call, content, expect  # noqa: E402

CONFIG = """
grid: {limit.name: [none, draws, cumulants], width: [10, 20]}
limit: {draws: 400, pairs: 2}
model: {name: dense, activation: erf, parametrisation: ntk}
data: {chorales: 2}
rule: {eta: 0.2}
stop: {tau: 5}
"""
DRAWS = 15000
ALONE = f"""
limit: {{name: draws, draws: {DRAWS}, pairs: 1}}
model: {{name: dense, parametrisation: ntk}}
data: {{chorales: 2}}
"""


def values(run):
    import numpy
    import xarray
    dataset = xarray.open_dataset(run / "phase-diagram.h5")
    kind = dataset.limit_name.values.tolist()
    drawn, told = kind.index("draws"), kind.index("cumulants")
    expect(dataset.end.values[drawn] == 4 and dataset.steps.values[drawn] == 400, "it is finished after all draws")
    expect(numpy.isnan(dataset.start_kernel_mean.values[kind.index("none")]).all(), "what is trained has none of it")
    off = dataset.start_kernel_mean.values[drawn] - dataset.start_kernel_mean.values[told]
    expect((abs(off) <= 4 * dataset.start_kernel_mean_error.values[drawn]).all(), off)


def refusals(folder):
    config = folder / "wrong.yaml"
    for more, word in (('rule: {eta: 0.1}', "rule.eta"), ('stop: {tau: 3}', "stop.tau"), ('observe: {tangent: true}', "observe.tangent"),
                       ('batch: {kind: chorales}', "batch.kind"), ('cost: {name: square}', "cost.name")):
        config.write_text(ALONE + more + "\n")
        said = call(65, "check", config)
        expect(f"{word} has a meaning only with limit.name: none or tangent, but it is draws" in said, said)
    for names, why in (("cumulants", "it is cumulants"), ("none, cumulants", "the grid has none of these")):
        config.write_text(f"grid: {{limit.name: [{names}]}}" + CONFIG[CONFIG.index("\nlimit"):])
        expect(f"limit.draws has a meaning only with limit.name: draws, but {why}" in call(65, "check", config), why)
    config.write_text("limit: {name: cumulants}\n")  # of the model that is there without a word
    expect("recurrent" in call(65, "check", config), "not of recurrent networks")
    config.write_text("refine: {by: width, from: 2, to: 30}\n" + ALONE)
    expect("refine needs learning times, and limit.name: draws trains nothing" in call(65, "check", config), "no border")
    config.write_text(ALONE.replace(str(DRAWS), "3"))
    expect("20" in call(65, "check", config), "too few for errors")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    config, run = folder / "grid.yaml", folder / "run"
    config.write_text(CONFIG)
    call(0, "check", config)
    call(0, "plan", config)
    call(0, "sweep", config, "-o", run)
    call(0, "verify", run, "--sample", 6)
    for command in ("show", "status", "analyse"):
        call(0, command, run)
    call(0, "report", run, "-o", folder / "report.html")
    for share in (0, 1):
        call(0, "sweep", config, "-o", folder / f"share{share}", "--share", f"{share}/2")
    call(0, "merge", folder / "whole", folder / "share0", folder / "share1")
    expect(content(folder / "whole")[0] == content(run)[0], "shards make the same")
    said = call(65, "weights", run, "limit.name draws, width 10", "-o", folder / "w.h5")
    expect("limit.name: draws trains no network" in said, said)
    if importlib.util.find_spec("xarray") and importlib.util.find_spec("h5netcdf"):
        values(run)
        if importlib.util.find_spec("matplotlib"):
            done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "start.py", run], capture_output=True, text=True)
            expect(done.returncode == 0 and not done.stderr and "start-1.png" in done.stdout, done.stdout + done.stderr)
    config.write_text(ALONE)
    sweep = subprocess.Popen([PROGRAM, "sweep", config, "-o", folder / "long"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while sweep.poll() is None and not (folder / "long" / "events.jsonl").exists():
        time.sleep(0.02)
    time.sleep(0.3)
    sweep.send_signal(signal.SIGTERM)
    if sweep.wait() == 75:  # in training, and not yet at its end
        said = call(75, "status", folder / "long")
        expect("draw " in said and f" of {DRAWS}" in said, said)
    call(0, "sweep", config, "-o", folder / "long")
    call(0, "sweep", config, "-o", folder / "again")
    expect(content(folder / "long")[0] == content(folder / "again")[0], "an interrupted one comes out the same")
    for command in ("show", "analyse"):
        expect("neither learning times nor aging" in call(65, command, folder / "long"), command)
    expect(not list((folder / "long").glob("*end*/*")), "no end state is kept of it")
    refusals(folder)
