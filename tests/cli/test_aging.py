# SPDX-License-Identifier: GPL-3.0-or-later
"""From a config to the aging analysis: a tiny sweep, `analyse`, and the p-spin reference, as xarray sees them."""
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile

try:
    import h5netcdf  # noqa: F401
    import h5py
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print(f"skipped: {missing} (python3-xarray, python3-h5netcdf, python3-h5py)")
    sys.exit(77)

program = os.environ["RITARDANDO"]
# as root, and with or without a launcher in the environment
environment = {k: v for k, v in os.environ.items() if not k.startswith(("OMPI_", "PMIX_"))}

SWEEP = """
grid: {width: [4, 8], seed: {from: 1, to: 3}}
model: {depth: 1, retract-every: 5}
data: {source: composer, chorales: 3}
rule: {eta: 0.05}
batch: {kind: chorales, size: 2}
stop: {tau: 40, when-learned: false}
observe: {aging: true, noise: true, waiting-times: [2, 4, 8, 16], lag-first: 0.05}
"""


def run(*arguments, code=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment, timeout=250)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout, done.stderr


def open_file(*path):
    return xr.open_dataset(os.path.join(*path), engine="h5netcdf")


def check_measured(ds):
    assert ds.delta.dims == ("point", "waiting_time", "lag", "weight_class")
    assert list(ds.waiting_time.values) == [2, 4, 8, 16]
    assert ds.lag.values[0] == 0.05 and np.allclose(np.diff(np.log10(ds.lag)), 1 / 16)
    assert list(ds.weight_class.values) == ["all", "K", "W", "J1", "M1"], ds.weight_class.values
    # one step is the first lag; lags of the grid that fall between two steps are empty
    assert np.allclose(ds.lag_tau[:, :, 0], 0.05) and np.isnan(ds.lag_tau[:, :, 1]).all()
    there = ~np.isnan(ds.lag_tau)
    assert (ds.lag_tau >= ds.lag * (1 - 1e-9)).where(there, True).all()
    assert (np.isnan(ds.displacement.sel(weight_class="all")) == ~there).all()
    last = ds.lag_tau.max("lag")
    assert (ds.waiting_time + last > 0.95 * 40 / 10 ** (1 / 16)).all()  # to the end of the run
    assert (ds.overlap_weights.where(there, 0) <= 1).all() and (ds.overlap_outputs.where(there, 0) <= 1).all()
    assert (ds.noise_chorales.sel(weight_class="all").isel(grid_tau=-1) > 0).all()


def check_analysis(folder):
    tables, _ = run("analyse", folder, "--resamples", "100")
    assert "Aging: collapse of Delta" in tables and "A ln(1 + t/tw)" in tables, tables
    ds = open_file(folder, "phase-analysis.h5")
    assert ds.aging_s.dims == ("line", "width", "mu") or ds.aging_s.dims == ("width", "mu"), ds.aging_s.dims
    assert list(ds.form.values) == ["mu", "mu-b", "xi"] and list(ds.family.values) == ["power", "logarithm", "saturating"]
    assert (ds.aging_runs == 3).all() and (ds.aging_verdict != 0).all()
    at_one = ds.aging_s.sel(mu=1.0, method="nearest")
    assert np.allclose(at_one, ds.aging_s_simple)
    least = ds.aging_s.min("mu")
    assert (ds.aging_quality.sel(form="mu") <= least * (1 + 1e-9)).all()
    parsed = xr.Dataset.from_dict(json.loads(run("analyse", folder, "--resamples", "100", "--json")[0]))
    assert np.allclose(parsed.aging_quality.values.astype(float), ds.aging_quality.values, equal_nan=True)


def diverge(folder, runs):
    """Make of these runs such as ended before their first lag was over."""
    path = os.path.join(folder, "phase-diagram.h5")
    with open(path, "rb") as file:
        memory = io.BytesIO(file.read()[:-100])  # without the trailer
    with h5py.File(memory, "r+") as f:
        for run in runs:
            f["end"][run] = 2
            for name in ("lag_tau", "displacement", "delta"):
                f[name][run] = np.nan
    body = memory.getvalue()
    with open(path, "wb") as file:
        file.write(body + f"\nritardando phase-diagram 2\nsha256 {hashlib.sha256(body).hexdigest()}\n".encode())


def check_diverged(folder):
    """Diverged runs are left out, also when they are the first of a cell or all of it."""
    ds = open_file(folder, "phase-diagram.h5")
    wide = np.flatnonzero(ds.width.values == 8)
    narrow = np.flatnonzero((ds.width.values == 4) & (ds.seed.values == 1))
    ds.close()
    diverge(folder, [*wide, *narrow])
    tables, _ = run("analyse", folder, "--resamples", "100")
    assert "- no runs." in tables and "- 4 diverged runs left out." in tables, tables
    ds = open_file(folder, "phase-analysis.h5")
    assert list(ds.aging_runs.values.ravel()) == [2, 0] and list(ds.aging_points.values.ravel() > 0) == [True, False]
    ds.close()


def check_selection(folder):
    """One class of one variable, read alone."""
    script = ("import sys; sys.path.insert(0, sys.argv[1]); import ritardando\n"
              "d = ritardando.open(sys.argv[2]).points.delta.sel(weight_class='all'); print(d.dims, len(d.to_dataframe()))")
    package = os.path.join(os.environ["RITARDANDO_SOURCE"], "python")
    done = subprocess.run([sys.executable, "-c", script, package, folder], capture_output=True, text=True)
    assert "('point', 'waiting_time', 'lag')" in done.stdout, (done.stdout, done.stderr)


def check_reference(folder):
    tables, _ = run("reference", "p-spin", "-o", folder, "end=24", "waiting-times=2,4,8")
    assert "E(24)" in tables and "one run: no error bar" in tables, tables
    ds = open_file(folder, "phase-diagram.h5")
    assert np.allclose(ds.displacement.sel(weight_class="all"), 2 * (1 - ds.overlap_weights), equal_nan=True)
    assert np.allclose(ds.p_spin_temperature, 0) and ds.energy.values[0, -1] < -1.1
    analysis = open_file(folder, "phase-analysis.h5")
    assert np.isnan(analysis.aging_mu_low).all() and 0.7 < float(analysis.aging_mu.sel(form="mu")) < 1.0
    _, said = run("reference", "p-spin", "-o", folder, "step=1", code=64)
    assert "step=1" in said and "0.06" in said, said
    _, said = run("reference", "p-spin", "-o", folder, "end=5", "waiting-times=2,8", code=65)
    assert "p-spin.waiting-times" in said, said


def main():
    with tempfile.TemporaryDirectory() as work:
        config = os.path.join(work, "aging.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(SWEEP)
        folder = os.path.join(work, "run")
        run("sweep", config, "-o", folder)
        check_measured(open_file(folder, "phase-diagram.h5"))
        check_analysis(folder)
        check_selection(folder)
        check_diverged(folder)
        check_reference(os.path.join(work, "p-spin"))
        # a waiting time beyond the end of the run, and too few seeds, are said before anything is trained
        with open(config, "w", encoding="utf-8") as file:
            file.write(SWEEP.replace("tau: 40", "tau: 10"))
        _, said = run("sweep", config, "-o", folder, code=65)
        assert "observe.waiting-times" in said and "t_w = 16" in said, said
        with open(config, "w", encoding="utf-8") as file:
            file.write(SWEEP.replace("seed: {from: 1, to: 3}", "seed: [1]"))
        said, _ = run("check", config)
        assert "observe.aging with 1 seed" in said, said


main()
