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


def check_weights(folder):
    """The same arrays as the command writes, at any time; other points are refused in its sentence."""
    import h5py
    run = ritardando.open(folder)
    asked = "depth 2, width 4, eta 0.1, seed 1"
    subprocess.run([PROGRAM, "weights", folder, asked, "--at", "0,5", "-o", folder / "w.h5"], check=True, stdout=subprocess.DEVNULL)
    weights = run.weights(asked, at=[0, 5])
    with h5py.File(folder / "w.h5") as file:
        names = [name for name in file if file[name].ndim == 3]
        assert set(names) == {"J1", "J2", "M1", "M2", "K", "W", "h"} and set(names) <= set(weights.data_vars), weights
        for name in names:
            np.testing.assert_array_equal(weights[name].values, file[name][()])
    assert list(weights.tau.values) == [0, 5] and weights.J1.attrs["unit_name"] == "w" and weights.attrs["model.width"] == 4
    identity = weights.attrs["identity"]
    assert identity in run.points.identity.values
    np.testing.assert_array_equal(run.weights(identity[:12], at=5, program=PROGRAM).J1.values[0], weights.J1.values[1])
    last = run.weights(identity)
    assert len(last.tau) == 1 and last.tau.values[0] == run.points.tau.values[list(run.points.identity.values).index(identity)]
    assert "8 points fit" in refusal(RuntimeError, lambda: run.weights("width 4"))
    assert "no point of the run fits" in refusal(RuntimeError, lambda: run.weights("depth 2, width 4, eta 0.1, seed 9"))
    assert "--at" in refusal(RuntimeError, lambda: run.weights(asked, at=-1))
    known, path = os.environ.pop("RITARDANDO"), os.environ["PATH"]
    try:
        os.environ["PATH"] = f"{pathlib.Path(PROGRAM).parent}{os.pathsep}{path}"
        assert len(run.weights(identity, at=0).tau) == 1
        os.environ["PATH"] = ""
        if not (SOURCE / "build" / "ritardando").exists():
            assert "neither on the path nor" in refusal(FileNotFoundError, lambda: run.weights(identity))
    finally:
        os.environ["PATH"], os.environ["RITARDANDO"] = path, known


def check_document(folder):
    """The example of docs/dataset.md runs, on a sweep that has what it names."""
    run = sweep(folder, "bach", """grid: {depth: [1, 2], width: [18, 20, 22], seed: [1, 2]}
data: {source: composer, chorales: 1}
observe: {thresholds: [0.05, 0.1, 0.2], noise: true}
stop: {tau: 12}
""")
    subprocess.run([PROGRAM, "analyse", run, "--resamples", "100"], check=True, stdout=subprocess.DEVNULL)
    text = (SOURCE / "docs" / "dataset.md").read_text(encoding="utf-8")
    example = [part.split("```")[0] for part in text.split("```python\n")[1:] if part.startswith("import ritardando")]
    here = os.getcwd()
    os.chdir(folder)
    exec(compile(example[0], "docs/dataset.md", "exec"), {})
    os.chdir(here)


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
        check_weights(run)
        check_document(folder)
        check_installed(folder, run)


main()
