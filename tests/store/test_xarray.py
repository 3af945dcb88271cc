# SPDX-License-Identifier: GPL-3.0-or-later
"""A dataset opens in xarray with named dimensions and units, and the example of docs/dataset.md runs."""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import h5netcdf  # noqa: F401
    import h5py
    import numpy as np
    import pandas  # noqa: F401
    import xarray as xr
except ImportError as missing:
    print(f"skipped: {missing} (python3-xarray, python3-h5netcdf, python3-pandas)")
    sys.exit(77)

source, build = os.environ["RITARDANDO_SOURCE"], os.environ["RITARDANDO_BUILD"]


def check_contents(ds):
    assert dict(ds.sizes) == {"point": 24, "grid_tau": 10, "threshold": 2, "block": 3}, ds.sizes
    assert ds.nll.dims == ("point", "grid_tau") and ds.nll.attrs["units"] == "bit"
    assert ds.tau.attrs["units"] == "1" and ds.tau.attrs["unit_name"] == "tau"
    assert ds.drift.dims == ("point", "threshold", "block")
    assert list(ds.threshold.values) == [0.1, 0.05] and ds.threshold.attrs["units"] == "bit"
    assert ds.grid_tau.values[0] == 0 and np.all(np.diff(ds.grid_tau) > 0)
    for axis in ["depth", "width", "chorales", "seed", "identity", "batch_kind", "rule_eta", "cost_name"]:
        assert axis in ds.coords, axis
    assert ds.batch_kind.dims == ("point",) and ds.cost_name.dims == () and ds.cost_name == "nll"
    for axis in ["depth", "width", "chorales", "seed", "steps"]:
        assert ds[axis].dtype == np.int64, (axis, ds[axis].dtype)
    assert ds.end.dtype == np.int8 and ds.end.values[5] == 3
    meanings = dict(zip(ds.end.attrs["flag_values"], ds.end.attrs["flag_meanings"].split()))
    assert meanings == {0: "learned", 1: "censored", 2: "diverged", 3: "failed", 4: "finished"}
    assert ds.reason.values[5] == "no memory, \u00e4 ?" and ds.reason.values[0] == ""
    assert len(ds.identity.values[0]) == 64
    assert ds.seconds.dtype == np.float64 and ds.seconds.values[0] == 1.5  # not a timedelta
    assert np.isnan(ds.nll.values[5]).all()  # a failed point has no curve
    assert ds.rule_eta.attrs["parameter"] == "rule.eta"
    assert ds.attrs["points_planned"] == 30 and ds.attrs["points_done"] == 24
    assert ds.attrs["config"].startswith("grid:") and len(ds.attrs["content_hash"]) == 64
    assert ds.attrs["hosts"] == "node1 node2" and ds.attrs["numerics_version"] >= 1


def check_storage(path):
    with h5py.File(path) as file:
        nll = file["nll"]
        assert file.userblock_size == 0
        assert nll.chunks and nll.shuffle and nll.fletcher32
        assert (nll.compression, nll.compression_opts) == ("gzip", 4)
        assert np.isnan(nll.fillvalue)


def run_example(path):
    text = open(os.path.join(source, "docs", "dataset.md"), encoding="utf-8").read()
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    os.chdir(os.path.dirname(path))
    exec(compile(example, "docs/dataset.md", "exec"), {})


def check_units(path):
    """Every unit is one of UDUNITS: the fixed list, and its own program where there is one."""
    with h5py.File(path) as file:
        units = {name: dict(v.attrs)["units"] for name, v in file.items() if "units" in v.attrs}
    assert len(units) > 20 and set(units.values()) <= {"1", "bit", "s"}, units
    if shutil.which("udunits2"):
        for unit, base in (("1", "1"), ("bit", "1"), ("s", "second")):
            subprocess.run(["udunits2", "-H", unit, "-W", base], check=True, stdout=subprocess.DEVNULL)


def check_seal(path):
    """The last two lines vouch for all that stands before them."""
    whole = open(path, "rb").read()
    body, seal = whole[:-100], whole[-100:].decode()
    assert seal == f"\nritardando phase-diagram 2\nsha256 {hashlib.sha256(body).hexdigest()}\n", seal


def sweep(folder, name, text):
    """Train a small sweep; the path of its dataset."""
    config = os.path.join(folder, name + ".yaml")
    with open(config, "w", encoding="utf-8") as out:
        out.write(text)
    run = os.path.join(folder, name)
    subprocess.run([os.environ["RITARDANDO"], "sweep", config, "-o", run], check=True, stderr=subprocess.DEVNULL)
    return os.path.join(run, "phase-diagram.h5")


def check_concat(folder):
    """Sweeps that differ in what varies join along `point`: a parameter is a coordinate of every dataset."""
    common = "data: {chorales: 1}\nstop: {tau: 2}\n"
    paths = [sweep(folder, "plain", "grid: {width: [3, 4], seed: [1, 2]}\n" + common),
             sweep(folder, "rates", "grid: {width: [3], rule.eta: [0.05, 0.2]}\n" + common),
             sweep(folder, "batches", "grid: {width: [3], batch.kind: [full, chorales]}\nbatch: {size: 1}\n" + common),
             sweep(folder, "noise", "grid: {width: [3]}\nrule: {name: white-noise}\n" + common)]
    opened = [xr.open_dataset(path) for path in paths]
    for other in opened[1:]:
        assert set(other.coords) == set(opened[0].coords), set(other.coords) ^ set(opened[0].coords)
    joined = xr.concat(opened, dim="point")
    assert joined.sizes["point"] == sum(d.sizes["point"] for d in opened)
    # full batches are evaluated at every step; the others as often as observe.resolution says
    assert [d.attrs["learning_time_resolution"] for d in opened[:3]] == [0.0, 0.0, 0.002]
    assert list(joined.rule_eta.values[4:6]) == [0.05, 0.2]
    assert list(joined.batch_kind.values[4:9]) == ["full", "full", "full", "chorales", "full"], joined.batch_kind.values
    assert list(joined.rule_name.values[-2:]) == ["sgd", "white-noise"], joined.rule_name.values
    for d in opened:
        d.close()
    for path in paths:
        check_units(path)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "phase-diagram.h5")
    subprocess.run([os.path.join(build, "tests", "store_test_dataset"), "write", path], check=True)
    for engine in ({}, {"engine": "h5netcdf"}):
        with xr.open_dataset(path, **engine) as ds:
            check_contents(ds.load())
    check_storage(path)
    check_units(path)
    check_seal(path)
    run_example(path)
    check_concat(folder)
    os.chdir("/")
