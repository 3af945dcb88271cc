# SPDX-License-Identifier: GPL-3.0-or-later
"""The package `ritardando`: a run as arrays over its axes, tables and curves, which all tell the same; and it is installed."""
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

SOURCE = pathlib.Path(os.environ["RITARDANDO_SOURCE"])
PROGRAM = os.environ["RITARDANDO"]
sys.path.insert(0, str(SOURCE / "python"))
try:
    import numpy as np
    import ritardando
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

CONFIG = """grid: {depth: [1, 2], width: [3, 4, 6], rule.eta: [0.05, 0.1], seed: [1, 2]}
data: {source: composer, chorales: 1}
observe: {thresholds: [0.1, 0.2, 0.3], noise: true}
stop: {tau: 20}
"""


def sweep(folder, name, config):
    path = folder / f"{name}.yaml"
    path.write_text(config)
    subprocess.run([PROGRAM, "sweep", path, "-o", folder / name], check=True, stderr=subprocess.DEVNULL)
    return folder / name


def check_views(run):
    assert len(run) == 24 and run.axes == ["rule_eta", "depth"], run
    grid = run.grid("learning_time", "nll")
    assert grid.learning_time.dims == ("rule_eta", "depth", "width", "seed", "threshold"), grid
    assert grid.nll.attrs["units"] == "bit" and grid.rule_eta.attrs["parameter"] == "rule.eta"
    for i in (0, 7, 23):
        at = {n: run.points[n].values[i] for n in ("rule_eta", "depth", "width", "seed")}
        np.testing.assert_array_equal(grid.learning_time.sel(at), run.points.learning_time[i])
        np.testing.assert_array_equal(grid.nll.sel(at), run.points.nll[i])
    table = run.frame("learning_time", depth=2)
    assert len(table) == 12 * 3 and set(table.depth) == {2} and set(table.end) <= {"learned", "censored"}, table
    row = table.iloc[5]
    same = run.points.learning_time.sel(threshold=row.threshold).values[run.points.identity.values == row.identity]
    assert len(same) == 1 and np.array_equal(same[0], row.learning_time, equal_nan=True)
    assert len(run.frame()) == 24
    curves = run.curves(depth=1, width=[3, 6], rule_eta=0.05)
    assert set(curves.width) == {3, 6} and curves.nll.notna().all() and (curves.groupby("identity").tau.diff().dropna() > 0).all()
    assert len(set(curves.identity)) == 4
    temperature = run.temperature()
    assert temperature.dims == ("point",) and (temperature > 0).all() and temperature.attrs["units"] == "1"


def check_analysis(folder):
    assert ritardando.open(folder).analysis is None
    subprocess.run([PROGRAM, "analyse", folder, "--resamples", "100"], check=True, stdout=subprocess.DEVNULL)
    run = ritardando.open(folder)
    assert set(run.analysis.n_c_known.dims) == {"rule_eta", "depth", "threshold"}
    assert run.analysis.attrs["of"] == run.points.attrs["content_hash"]


def refusal(kind, call):
    try:
        call()
    except kind as problem:
        return str(problem)
    raise AssertionError("it was not refused")


def check_refusals(folder, other):
    assert "no such file" in refusal(FileNotFoundError, lambda: ritardando.open(folder / "nowhere"))
    assert "those that vary: rule_eta, depth, width, seed" in refusal(KeyError, lambda: ritardando.open(folder).select(hidden=3))
    whole = bytearray((folder / "phase-diagram.h5").read_bytes())
    whole[len(whole) // 2] ^= 1
    damaged = other / "damaged"
    damaged.mkdir()
    (damaged / "phase-diagram.h5").write_bytes(whole)
    assert "damaged" in refusal(ValueError, lambda: ritardando.open(damaged))
    (damaged / "phase-diagram.h5").write_bytes((folder / "phase-diagram.h5").read_bytes())
    smaller = sweep(other, "smaller", CONFIG.replace("[3, 4, 6]", "[3]"))
    (smaller / "phase-analysis.h5").write_bytes((folder / "phase-analysis.h5").read_bytes())
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert ritardando.open(smaller).analysis is None
    assert any("of other results" in str(w.message) for w in said)


def check_unequal(folder):
    """Points without some parameter, and data of several seeds: neither breaks the grid."""
    run = ritardando.open(sweep(folder, "unequal", """grid: {batch.kind: [full, chorales], width: [3, 4], seed: [1, 2]}
batch: {size: 1}
data: {source: composer, chorales: 2}
stop: {tau: 3}
"""))
    assert run.axes == ["batch_kind"] and run.grid("tau").tau.notnull().all(), run
    run = ritardando.open(sweep(folder, "pieces", """grid: {data.composer-seed: [1, 2], width: [3, 4], seed: [1, 2]}
data: {source: composer, chorales: 1}
stop: {tau: 3}
"""))
    assert run.grid("tau").tau.dims == ("width", "repetition") and run.grid("tau").tau.notnull().all()


def check_installed(folder, run):
    build = os.environ["RITARDANDO_BUILD"]
    subprocess.run(["cmake", "--install", build, "--prefix", folder / "there"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "DESTDIR": str(folder / "root")})
    packages = [path.parent for path in (folder / "root").rglob("*-packages/ritardando/run.py")]
    assert len(packages) == 1, packages
    done = subprocess.run([sys.executable, "-c", "import sys, ritardando; print(ritardando.__file__, ritardando.open(sys.argv[1]))", run],
                          env={**os.environ, "PYTHONPATH": str(packages[0].parent)}, capture_output=True, text=True, cwd="/")
    assert str(packages[0]) in done.stdout and "24 of 24 points" in done.stdout, (done.stdout, done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run = sweep(folder, "run", CONFIG)
        check_views(ritardando.open(run))
        check_analysis(run)
        check_refusals(run, folder)
        check_unequal(folder)
        check_installed(folder, run)


main()
