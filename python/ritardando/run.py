# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: its points, its analysis, and views of them."""
import functools
import pathlib
import warnings

import numpy as np
import xarray

from . import files
from .weights import weights_of

DATASET, ANALYSIS = "phase-diagram.h5", "phase-analysis.h5"


def open(run):
    """The run in this folder, or of this phase-diagram.h5. FileNotFoundError if there is none, ValueError if it is
    damaged. An analysis of other results than the points is left aside with a warning."""
    return Run(run)


def has_no_meaning(value):
    return value == "" or value != value


class Run:
    """What a run folder holds.

    points    xarray.Dataset with dimension `point`: results as variables, parameters as coordinates, units in `attrs`
    analysis  xarray.Dataset over the axes, or None where `ritardando analyse` has not been, or not since
    """

    def __init__(self, path):
        path = pathlib.Path(path)
        self.folder = path if path.is_dir() else path.parent
        self.points = files.read(path / DATASET if path.is_dir() else path)
        if "seed" not in self.points:
            raise ValueError(f"{path}: no dataset of a sweep of networks")
        self.analysis = self._read_analysis()
        self._columns = {}

    def _read_analysis(self):
        path = self.folder / ANALYSIS
        if not path.exists():
            return None
        analysis = files.read(path)
        if analysis.attrs["of"] == self.points.attrs["content_hash"]:
            return analysis
        warnings.warn(f"{self.folder}: {ANALYSIS} is of other results than {DATASET} and is left aside; "
                      f"`ritardando analyse {self.folder}` renews it", stacklevel=4)
        return None

    def __len__(self):
        return self.points.sizes.get("point", 0)

    def __repr__(self):
        axes = ", ".join(f"{n} x {len(set(self.column(n)))}" for n in [*self.axes, "width"])
        return f"<ritardando.Run {self.folder}: {len(self)} of {self.points.attrs['points_planned']} points; {axes}>"

    # ---- parameters ----

    @property
    def parameters(self):
        """Names of the parameters that are told for each point."""
        return [n for n in self.points.coords if "parameter" in self.points[n].attrs and "point" in self.points[n].dims]

    def _column(self, name):
        if name not in self._columns:
            values = np.broadcast_to(self.points[name].values, len(self)).tolist()
            self._columns[name] = [None if has_no_meaning(v) else v for v in values]
        return self._columns[name]

    def column(self, name, index=slice(None)):
        """The values of a parameter; None where it has no meaning, as the size of a batch where the batch is full."""
        values = self._column(name)
        return values[index] if isinstance(index, slice) else [values[i] for i in np.asarray(index)]

    def groups(self, by, where=None):
        """(values of `by`, numbers of the points) for every combination that occurs, ascending."""
        found = {}
        for i in range(len(self)) if where is None else np.asarray(where).tolist():
            found.setdefault(tuple(self._column(n)[i] for n in by), []).append(i)
        return [(key, np.array(found[key], int))
                for key in sorted(found, key=lambda key: [(v is None, 0 if v is None else v) for v in key])]

    @functools.cached_property
    def axes(self):
        """Parameters other than width and seed that differ between points, without those that follow from the others (a
        rate chosen by depth): the axes of the analysis, chorales first and depth last."""
        axes = [n for n in self.parameters if n != "width" and not n.endswith("seed") and len(set(self._column(n))) > 1]
        for name in sorted((n for n in axes if n not in ("depth", "chorales")), key=lambda n: None not in self._column(n)):
            others = [n for n in axes if n != name] + ["width"]
            if all(len(set(self.column(name, index))) == 1 for _, index in self.groups(others)):
                axes.remove(name)
        return sorted(axes, key=lambda n: (n == "depth", n != "chorales", n))

    def numbers(self, **where):
        """Numbers of the points whose parameters have these values (or one of several): numbers(depth=2, width=[8, 12])."""
        chosen = np.ones(len(self), bool)
        for name, value in where.items():
            if name not in self.points.coords:
                raise KeyError(f"{name} is no parameter; those that vary: {', '.join([*self.axes, 'width', 'seed'])}")
            wanted = set(np.atleast_1d(np.asarray(value, object)).tolist())
            chosen &= np.array([v in wanted for v in self._column(name)], bool)
        return np.flatnonzero(chosen)

    def select(self, **where):
        """The points whose parameters have these values, as self.points."""
        return self.points.isel(point=self.numbers(**where))

    # ---- views ----

    def grid(self, *names):
        """Variables over the axes, width and seed instead of `point`: an xarray.Dataset with NaN (or "") where there is no
        point. Without names: all numbers but those with lags or weight classes. Where data came from several seeds as
        well, the dimension is `repetition`, a number."""
        names = names or [n for n, v in self.points.data_vars.items() if v.dtype.kind in "iuf" and v.dims[0] == "point"
                          and set(v.dims) <= {"point", "threshold", "grid_tau"}]
        dims = [*self.axes, "width"]
        cells = self.groups(dims)
        seeds = sorted(set(self._column("seed")))
        simple = all(len(set(self.column("seed", index))) == len(index) for _, index in cells)
        places = {d: {v: i for i, v in enumerate(sorted(set(self._column(d)), key=lambda v: (v is None, 0 if v is None else v)))}
                  for d in dims}
        last = "seed" if simple else "repetition"
        depth = len(seeds) if simple else max((len(index) for _, index in cells), default=0)
        at = np.zeros((len(self), len(dims) + 1), int)
        for key, index in cells:
            at[index, :-1] = [places[d][v] for d, v in zip(dims, key)]
            at[index, -1] = [seeds.index(s) for s in self.column("seed", index)] if simple else range(len(index))
        shape = [len(places[d]) for d in dims] + [depth]
        coordinates = {d: (d, self._axis_values(d, places[d]), self.points[d].attrs) for d in dims}
        coordinates[last] = (last, seeds if simple else np.arange(depth))
        view = xarray.Dataset(coords=coordinates, attrs=self.points.attrs)
        for name in names:
            view[name] = self._spread(self.points[name], [*dims, last], shape, at)
        return view

    def _axis_values(self, name, place):
        """The labels of an axis: NaN or an empty text where the parameter has no meaning."""
        kind = self.points[name].dtype.kind
        return np.array([("" if kind == "O" else np.nan) if v is None else v for v in place], object if kind == "O" else None)

    def _spread(self, variable, dims, shape, at):
        inner = {d: n for d, n in variable.sizes.items() if d != "point"}
        text = variable.dtype.kind == "O"
        values = np.full([*shape, *inner.values()], "" if text else np.nan, object if text else float)
        values[tuple(at.T)] = variable.values
        return xarray.DataArray(values, dims=[*dims, *inner], attrs=variable.attrs,
                                coords={d: variable[d] for d in inner if d in variable.coords})

    def frame(self, *names, **where):
        """A tidy pandas.DataFrame: a row for each point and each place of the variables' other dimensions, with identity,
        axes, width, seed and how the run ended beside them. Without names: one row a point."""
        points = self.select(**where)
        names = list(names) or [n for n, v in points.data_vars.items() if v.dims == ("point",) and v.dtype.kind in "iuf"]
        beside = ["identity", *self.axes, "width", "seed"]
        view = points[list(dict.fromkeys(["end", *names]))]
        view = view.drop_vars([n for n in view.coords if n not in beside and n not in view.dims])
        table = view.reset_coords().to_dataframe().reset_index().drop(columns="point", errors="ignore")
        ends = dict(zip(np.atleast_1d(points.end.attrs["flag_values"]).tolist(), points.end.attrs["flag_meanings"].split()))
        table["end"] = table["end"].map(ends)
        first = [*beside, *(d for d in view.dims if d != "point" and d in table), "end"]
        return table[first + [n for n in table if n not in first]]

    def curves(self, **where):
        """Learning curves: a pandas.DataFrame with identity, axes, width, seed, tau, nll [bits per unit and step], and
        test_loss where a block was held out; a row for each measurement."""
        names = [n for n in ("nll_tau", "nll", "test_loss") if n in self.points]
        if "nll" not in names:
            raise KeyError("the run has no learning curves")
        table = self.frame(*names, **where).dropna(subset=["nll"])
        return table.drop(columns=["grid_tau", "end"], errors="ignore").rename(columns={"nll_tau": "tau"}).reset_index(drop=True)

    def temperature(self):
        """T = eta Gamma at the end of every run, Gamma being the gradient noise with time points as examples [(nat/w)^2]: the
        temperature of learning, over `point`. KeyError where Gamma was not measured."""
        if "noise_time_points" not in self.points:
            raise KeyError("the run has no gradient noise (observe.noise)")
        noise = self.points["noise_time_points"].sel(weight_class="all").values  # [point][grid_tau]
        measured = np.isfinite(noise)
        last = noise.shape[1] - 1 - measured[:, ::-1].argmax(1)
        value = np.where(measured.any(1), noise[np.arange(len(noise)), last], np.nan)
        return xarray.DataArray(self.points["rule_eta"].values * value, dims="point", name="temperature",
                                attrs={"units": "1", "long_name": "temperature eta Gamma at the end of the run"})

    def weights(self, point, at=None, program=None):
        """Weights of a point at proper times: see ritardando.weights.weights_of."""
        return weights_of(self.folder, point, at, program)
