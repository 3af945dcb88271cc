#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Infinite width at the end of an axis: planned, trained, grown, merged, shown, analysed and drawn as any other width; and
one point, however it is written."""
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from calling import PROGRAM, call, content, expect  # noqa: E402

CONFIG = """
grid: {width: [4, 8, 12, inf], seed: [1, 2]}
model: {parametrisation: ntk, recurrent-init: haar, readout-init: gaussian, orthogonal: none}
data: {chorales: 2}
rule: {eta: 0.2}
observe: {thresholds: [0.2, 0.3]}
stop: {tau: 20}
"""


def tables(run):
    shown = call(0, "show", run)
    rows = [row.split() for row in shown.splitlines()[4:]]
    expect([r[0] for r in rows if r and r[0] in ("4", "8", "12", "inf")] == ["4", "8", "12", "inf"], shown)
    listed = [line.split(",") for line in call(0, "show", run, "--csv").splitlines()]
    width = listed[0].index("width")
    expect([line[width] for line in listed[1:]] == ["4", "4", "8", "8", "12", "12", "inf", "inf"], listed)
    expect([one["width"] for one in json.loads(call(0, "show", run, "--json"))][-1] == float("inf"), "JSON says infinite")
    table = call(0, "analyse", run, "--resamples", 100, "--cells")
    expect("   inf |" in table and "..inf" not in table, f"a cell, but in no window: {table}")
    cells = json.loads(call(0, "analyse", run, "--resamples", 100, "--json"))
    expect(cells["coords"]["width"]["data"] == [4, 8, 12, float("inf")], cells["coords"])
    expect(cells["data_vars"]["cell_runs"]["data"] == [2] * 4, "all cells have their runs")


def readers(run):
    import numpy
    import xarray
    dataset = xarray.open_dataset(run / "phase-diagram.h5")
    expect(dataset.width.values.tolist() == [4, 4, 8, 8, 12, 12, numpy.inf, numpy.inf], dataset.width.values)
    expect(dataset.limit_name.values.tolist() == ["none"] * 6 + ["tangent"] * 2, dataset.limit_name.values)
    expect(numpy.isinf(dataset.weights.values[-1]), "no number of weights is enough")
    sys.path.insert(0, str(HERE.parent.parent / "python"))
    import ritardando
    opened = ritardando.open(run)
    expect(opened.axes == [] and len(opened.numbers(width=numpy.inf)) == 2, opened.axes)
    grid = opened.grid("learning_time")
    expect(grid.width.values.tolist() == [4, 8, 12, numpy.inf] and grid.learning_time.shape == (4, 2, 2), grid)


def figures(run):
    done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "all.py", run], capture_output=True, text=True)
    expect(done.returncode == 0 and not done.stderr and "inverse-times.png" in done.stdout, done.stdout + done.stderr)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    config = folder / "grid.yaml"
    config.write_text(CONFIG)
    expect("width                 4  4, 8, 12, inf" in call(0, "check", config), "check lists it")
    call(0, "plan", config)
    call(0, "sweep", config, "-o", folder / "run")
    tables(folder / "run")
    if importlib.util.find_spec("xarray") and importlib.util.find_spec("h5netcdf"):
        readers(folder / "run")
        if importlib.util.find_spec("matplotlib"):
            figures(folder / "run")
    call(0, "report", folder / "run", "-o", folder / "report.html")
    expect('"widths": [4,8,12,1e999]' in (folder / "report.html").read_text(), "the page has it")
    kernel = subprocess.run([PROGRAM, "spectrum", folder / "run", "width inf, seed 1", "--of", "kernel", "-o",
                             folder / "kernel.h5"], capture_output=True, text=True)
    expect("negative   0;" in kernel.stdout or (kernel.returncode == 65 and "ScaLAPACK" in kernel.stderr),
           kernel.stdout + kernel.stderr)
    expect("bit for bit" in call(0, "replay", folder / "run", "width inf, seed 2"), "it is known by its width")

    # By its other name, in two shards, and grown: the same points.
    limit = CONFIG.replace("width: [4, 8, 12, inf], ", "width: [3, 5], ") + "limit: {name: tangent}\n"
    config.write_text(limit)
    expect("2 points" in call(0, "check", config), "two seeds, and no width of its own")
    call(0, "sweep", config, "-o", folder / "other")
    identity = [line.split(",")[0] for line in call(0, "show", folder / "run", "--csv").splitlines()]
    other = [line.split(",")[0] for line in call(0, "show", folder / "other", "--csv").splitlines()]
    expect(identity[-2:] == other[1:], f"{identity} {other}")
    config.write_text(CONFIG)
    for share in (0, 1):
        call(0, "sweep", config, "-o", folder / f"share{share}", "--share", f"{share}/2")
    call(0, "merge", folder / "whole", folder / "share0", folder / "share1")
    expect(content(folder / "whole")[0] == content(folder / "run")[0], "shards make the same")
    expect("go on from kept end states" in call(0, "check", config, "-o", folder / "other", "width=inf", "stop.tau=40"),
           "it grows")
    call(0, "sweep", config, "-o", folder / "other", "width=inf", "stop.tau=40")
    config.write_text(CONFIG.replace("[4, 8, 12, inf]", "inf").replace("tau: 20", "tau: 40"))
    call(0, "sweep", config, "-o", folder / "fresh")
    expect(content(folder / "other")[0] == content(folder / "fresh")[0], "longer from an end state is longer from the start")
    call(0, "show", folder / "fresh")
    call(0, "analyse", folder / "fresh", "--resamples", 100, "--cells")
    call(0, "status", folder / "fresh")

    # What stands in the way of the limit, all at once.
    config.write_text("grid: {width: [4, inf]}\ndata: {chorales: 2}\n")
    said = call(65, "check", config)
    wanted = "model.parametrisation: ntk, model.recurrent-init: haar or gaussian, model.readout-init: gaussian, model.orthogonal: none"
    expect(wanted in said, said)
