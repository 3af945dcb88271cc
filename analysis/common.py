# SPDX-License-Identifier: GPL-3.0-or-later
"""What all figures share: reading a run's datasets, the style, and where figures go.

A figure is one script with `draw(run)`, which returns the files it made or a sentence why there is nothing to
draw. It reads RUN/phase-diagram.h5 and, where `ritardando analyse` has made it, RUN/phase-analysis.h5.
"""
import argparse
import itertools
import pathlib
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

# Okabe and Ito's colours, told apart by all eyes; the order is that of the talk: .01 blue, .02 orange, ...
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000", "#F0E442"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
GREY = "#777777"

plt.rcParams.update({
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 10.5,
    "axes.labelsize": 11.5,
    "axes.titlesize": 11.5,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "lines.linewidth": 1.3,
    "lines.markersize": 4.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": (-3, 4),
    "figure.constrained_layout.use": True,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
})

PANEL = 2.9  # inches, width of one panel
CORE = {"width", "depth", "chorales", "seed"}
NICE = {"depth": "$N_L$", "width": "$N_h$", "chorales": "$P$"}


class Variable:
    """An array with named dimensions."""

    def __init__(self, dataset):
        self.dims = [dim.keys()[0] if len(dim) else None for dim in dataset.dims]
        self.values = dataset.asstr()[()] if h5py.check_string_dtype(dataset.dtype) else dataset[()]
        self.unit = dataset.attrs.get("units", "1")


class File:
    """All variables of a file by name, and its attributes."""

    def __init__(self, path):
        with h5py.File(path, "r") as f:
            self.attributes = dict(f.attrs)
            self.variable = {name: Variable(f[name]) for name in f}

    def __contains__(self, name):
        return name in self.variable

    def __getitem__(self, name):
        return self.variable[name].values


class Run:
    """A run folder: the measured points, and the analysis if there is one."""

    def __init__(self, folder, out=None):
        self.folder = pathlib.Path(folder)
        self.out = pathlib.Path(out) if out else self.folder / "figures"
        self.points = File(self.folder / "phase-diagram.h5")
        analysis = self.folder / "phase-analysis.h5"
        self.analysis = File(analysis) if analysis.exists() else None
        self.count = len(self.points["seed"])

    def groups(self, by, where=None):
        """(values of `by`, indices of the points) for every combination that occurs, ascending."""
        index = np.arange(self.count) if where is None else np.asarray(where)
        keys = list(zip(*(self.points[name][index].tolist() for name in by)))
        return [(key, index[[k == key for k in keys]]) for key in sorted(set(keys))]

    def axes(self):
        """Names of parameters other than width and seed that differ between points."""
        names = str(self.points.attributes["coordinates"]).split()
        varying = [n for n in names if n not in ("identity", "width", "seed", "planned", "point")
                   and len(set(self.points[n].tolist())) > 1]
        return sorted(varying, key=lambda n: (n not in CORE, n != "chorales", n))

    def save(self, figure, name):
        self.out.mkdir(parents=True, exist_ok=True)
        paths = [self.out / f"{name}.{ending}" for ending in ("pdf", "png")]
        for path in paths:
            figure.savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else None)
        plt.close(figure)
        return paths

    def at(self, name, **where):
        """The entry of a gridded analysis variable at these coordinate values; remaining dimensions stay."""
        variable = self.analysis.variable[name]
        index = []
        for dim in variable.dims:
            if dim in where:
                index.append(int(np.flatnonzero(self.analysis[dim] == where[dim])[0]))
            else:
                index.append(slice(None))
        return variable.values[tuple(index)]

    def known(self, name, where):
        """`where` without what is no dimension of the analysis variable."""
        return {k: v for k, v in where.items() if k in self.analysis.variable[name].dims}


def label(names, values):
    """'$N_L$ = 2, $P$ = 10'."""
    return ", ".join(f"{NICE.get(n, n.replace('_', ' '))} = {v:g}" if isinstance(v, (int, float))
                     else f"{n.replace('_', ' ')}: {v}" for n, v in zip(names, values))


def panels(run, height=2.5, **options):
    """One panel per line of the phase diagram: columns by depth, rows by everything else.

    Yields nothing if there are no points. Returns (figure, list of (axes, where, indices of the points))."""
    axes = run.axes()
    columns = [n for n in axes if n == "depth"]
    rows = [n for n in axes if n != "depth"]
    column_values = [key for key, _ in run.groups(columns)] if columns else [()]
    row_values = [key for key, _ in run.groups(rows)] if rows else [()]
    figure, grid = plt.subplots(len(row_values), len(column_values), squeeze=False,
                                figsize=(PANEL * len(column_values) + 0.9, height * len(row_values) + 0.5), **options)
    filled = []
    for (i, row), (j, column) in itertools.product(enumerate(row_values), enumerate(column_values)):
        where = dict(zip(rows + columns, row + column))
        chosen = np.ones(run.count, bool)
        for name, value in where.items():
            chosen &= run.points[name] == value
        ax = grid[i, j]
        if not chosen.any():
            ax.set_visible(False)
            continue
        if where:
            ax.set_title(label(columns + rows, column + row))
        filled.append((ax, where, np.flatnonzero(chosen)))
    for ax in grid[-1]:
        ax.is_bottom = True
    for ax in grid[:, 0]:
        ax.is_left = True
    return figure, filled


def thresholds(run):
    """(index, eps, colour, marker) of each threshold, ascending."""
    return [(i, float(eps), COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)])
            for i, eps in enumerate(run.points["threshold"])]


def main(draw):
    """The command line of every figure script: SCRIPT RUN [-o FOLDER]."""
    arguments = argparse.ArgumentParser(description=sys.modules[draw.__module__].__doc__)
    arguments.add_argument("run", help="run folder with phase-diagram.h5")
    arguments.add_argument("-o", "--out", help="folder for the figures; RUN/figures if not given")
    given = arguments.parse_args()
    try:
        run = Run(given.run, given.out)
    except OSError as problem:
        sys.exit(f"{given.run}: {problem}")
    made = draw(run)
    print(made if isinstance(made, str) else "\n".join(map(str, made)))
