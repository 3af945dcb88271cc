#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ritardando analyse on a synthetic dataset: its file, its JSON and its figures, as a user gets them."""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

try:
    import xarray
except ImportError:
    sys.exit(77)

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "analysis"))
import make_dataset  # noqa: E402


def analyse(*arguments, code=0):
    done = subprocess.run([os.environ["RITARDANDO"], "analyse", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{done.stderr}"
    return done.stdout if code == 0 else done.stderr


def check_answers(run):
    """The file opens in xarray, agrees with the JSON, and holds what the synthetic runs were made with."""
    tables = analyse(run, "--resamples", 200)
    assert "Critical widths" in tables and "rule_eta" in tables
    d = xarray.open_dataset(run / "phase-analysis.h5", engine="h5netcdf")
    assert d.n_c.dims == ("depth", "chorales", "threshold"), d.n_c.dims
    for depth in (1, 2):
        for chorales in (5, 10, 20):
            for eps in (0.01, 0.02, 0.03, 0.05):
                truth = make_dataset.critical(depth, chorales) * (1 - eps / 0.14)
                at = d.sel(depth=depth, chorales=chorales, threshold=eps)
                error = max(float(at.n_c_high - at.n_c_low) / 2, 0.04)
                assert abs(float(at.n_c) - truth) < 4 * error, (depth, chorales, eps, float(at.n_c), truth)
                assert abs(float(at.z) - 1) < 4 * float(at.z_high - at.z_low) / 2
    assert np.all(np.abs(d.growth.sel(threshold=0.01) - 0.5) < 0.06)
    assert d.attrs["resamples"] == 200 and d.attrs["random_key"] == 1
    assert d.rule_eta.sel(depth=2).max() == 0.05
    again = xarray.Dataset.from_dict(json.loads(analyse(run, "--resamples", 200, "--json")))
    for name in again.data_vars:
        ours = np.asarray(d[name].values, float)
        theirs = np.asarray(again[name].values, float)
        ours = np.where(np.isfinite(ours), ours, np.nan)
        assert np.array_equal(ours, theirs, equal_nan=True), name
    d.close()


def figures_of(run, tau, n_widths):
    """What drawing all figures of a synthetic run says: the files, and the sentences about those not drawn."""
    run.mkdir()
    make_dataset.write(run / "phase-diagram.h5", *make_dataset.build([1, 2], [5, 10], 2, tau, n_widths=n_widths))
    analyse(run, "--resamples", 100)
    done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "all.py", run], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    made, _, missing = done.stdout.partition("Not drawn:")
    return made.split(), missing


def check_figures(folder):
    made, missing = figures_of(folder / "nothing-learned", 1.0, 4)
    assert {pathlib.Path(path).stem for path in made} == {"learning-curves"}, made
    for sentence in ("no run has learned", "no critical width has a value", "no line has critical widths at three"):
        assert sentence in missing, (sentence, missing)
    stale = folder / "stale"
    stale.mkdir()
    make_dataset.write(stale / "phase-diagram.h5", *make_dataset.build([1], [5], 2, 300.0, n_widths=4))
    analyse(stale, "--resamples", 100)
    make_dataset.write(stale / "phase-diagram.h5", *make_dataset.build([1], [5], 3, 300.0, n_widths=4))
    done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "all.py", stale], capture_output=True, text=True)
    assert done.returncode == 0 and "of other results" in done.stderr and "analyse` first" in done.stdout, done
    made, missing = figures_of(folder / "figures", 2000.0, 6)
    for name in ("learning-curves", "inverse-times", "phase-diagram", "nll-critical", "small-thresholds", "depth"):
        assert any(f"/{name}" in path and path.endswith(".pdf") for path in made), (name, made)
    layers = folder / "layers"
    layers.mkdir()
    grid, rows = make_dataset.build([1], [5], 2, 2000.0, n_widths=6)
    make_dataset.write(layers / "phase-diagram.h5", grid, [dict(row, depth=depth) for depth in (1, 2, 3, 4) for row in rows])
    done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "times_against.py", layers], capture_output=True, text=True)
    assert "times-against-depth.png" in done.stdout and not done.stderr, done


def check_complaints(folder):
    for name, sentence in (("nowhere", "there is no such folder"), (".", "there is no phase-diagram.h5")):
        done = subprocess.run([sys.executable, HERE.parent.parent / "analysis" / "all.py", folder / name],
                              capture_output=True, text=True)
        assert done.returncode == 1 and sentence in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert "nowhere" in analyse(folder / "nowhere", code=74)
    broken = folder / "broken"
    broken.mkdir()
    (broken / "phase-diagram.h5").write_bytes(b"ritardando phase-diagram 1\n" + bytes(900))
    assert "damaged" in analyse(broken, code=65)
    for arguments in ((), ("a", "b"), ("a", "--what")):
        assert "usage" in analyse(*arguments, code=64)
    assert "--level: '95' is not a number within 0.001 .. 0.9999" in analyse("a", "--level", "95", code=64)
    assert "--resamples: its N is missing" in analyse("a", "--resamples", code=64)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run = folder / "run"
        run.mkdir()
        grid, rows = make_dataset.build([1, 2], [5, 10, 20], 4, 2000.0)
        make_dataset.write(run / "phase-diagram.h5", grid, rows)
        check_answers(run)
        check_complaints(folder)
        if importlib.util.find_spec("matplotlib"):
            check_figures(folder)


main()
