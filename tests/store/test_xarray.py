# SPDX-License-Identifier: GPL-3.0-or-later
"""A dataset opens in xarray with named dimensions and units, and the example of docs/dataset.md runs."""
import os
import re
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
    assert ds.drift.dims == ("point", "threshold", "block")
    assert list(ds.threshold.values) == [0.1, 0.05] and ds.threshold.attrs["units"] == "bit"
    assert ds.grid_tau.values[0] == 0 and np.all(np.diff(ds.grid_tau) > 0)
    for axis in ["depth", "width", "chorales", "seed", "identity", "batch_kind"]:
        assert axis in ds.coords, axis
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
        assert file.userblock_size == 512
        assert nll.chunks and nll.shuffle and nll.fletcher32
        assert (nll.compression, nll.compression_opts) == ("gzip", 4)
        assert np.isnan(nll.fillvalue)


def run_example(path):
    text = open(os.path.join(source, "docs", "dataset.md"), encoding="utf-8").read()
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    os.chdir(os.path.dirname(path))
    exec(compile(example, "docs/dataset.md", "exec"), {})


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "phase-diagram.h5")
    subprocess.run([os.path.join(build, "tests", "store_test_dataset"), "write", path], check=True)
    with xr.open_dataset(path, engine="h5netcdf") as ds:
        check_contents(ds.load())
    check_storage(path)
    run_example(path)
    os.chdir("/")
