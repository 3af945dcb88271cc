# SPDX-License-Identifier: GPL-3.0-or-later
"""What all figures share: reading a run's datasets, the style, and where figures go.

A figure is one script with `draw(run)`, which returns the files it made or a sentence why there is nothing to
draw. It reads RUN/phase-diagram.h5 and, where `ritardando analyse` has made it, RUN/phase-analysis.h5.
"""
import argparse
import os
import pathlib
import sys

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # a dataset is replaced, never written to: no lock is needed

import h5py  # noqa: E402
import matplotlib  # noqa: E402

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import matplotlib.ticker  # noqa: E402
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
NICE = {"depth": "$N_L$", "width": "$N_h$", "chorales": "$P$", "rule_eta": r"$\eta$"}


def missing_as_none(value):
    return None if value == "" or value != value else value


def selected(folder, name, **where):
    """A variable of RUN/phase-diagram.h5 as an xarray.DataArray with only these labels of its dimensions, read alone:
    selected("run", "delta", weight_class="all") is a hundredth of what to_dataframe() of the whole file would make."""
    import xarray

    with xarray.open_dataset(pathlib.Path(folder) / "phase-diagram.h5") as points:
        return points[name].sel(**where).load()


class Variable:
    """An array with named dimensions."""

    def __init__(self, dataset):
        self.dims = [dim.keys()[0] if len(dim) else None for dim in dataset.dims]
        self.values = dataset.asstr()[()] if h5py.check_string_dtype(dataset.dtype) else dataset[()]
        self.attributes = dict(dataset.attrs)
        fill = self.attributes.get("_FillValue")
        if fill is not None and self.values.dtype.kind == "i":
            self.values = np.where(self.values == fill, np.nan, self.values)


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
        if self.analysis and self.analysis.attributes["of"] != self.points.attributes["content_hash"]:
            print(f"{folder}: phase-analysis.h5 is of other results than phase-diagram.h5 and is left aside; "
                  f"`ritardando analyse {folder}` renews it", file=sys.stderr)
            self.analysis = None
        self.count = len(self.points["seed"])

    def column(self, name, index=slice(None)):
        """The values of a parameter; None where it has no meaning, as the size of a batch where the batch is full."""
        return [missing_as_none(v) for v in self.points[name][index].tolist()]

    def groups(self, by, where=None):
        """(values of `by`, indices of the points) for every combination that occurs, ascending."""
        index = np.arange(self.count) if where is None else np.asarray(where)
        keys = list(zip(*(self.column(name, index) for name in by)))
        return [(key, index[[k == key for k in keys]])
                for key in sorted(set(keys), key=lambda key: [(v is None, 0 if v is None else v) for v in key])]

    def axes(self):
        """Parameters other than width and seed that differ between points, without those that follow from the
        others (a rate chosen by depth): the axes of src/phase/scan.h, chorales first and depth last."""
        names = str(self.points.attributes["coordinates"]).split()
        axes = [n for n in names if n in self.points and "parameter" in self.points.variable[n].attributes
                and self.points.variable[n].dims and n != "width" and not n.endswith("seed") and len(set(self.column(n))) > 1]
        for name in sorted((n for n in axes if n not in ("depth", "chorales")), key=lambda n: None not in self.column(n)):
            others = [n for n in axes if n != name] + ["width"]
            if all(len(set(self.column(name, index))) == 1 for _, index in self.groups(others)):
                axes.remove(name)
        return sorted(axes, key=lambda n: (n == "depth", n != "chorales", n))

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
                index.append([missing_as_none(v) for v in self.analysis[dim].tolist()].index(where[dim]))
            else:
                index.append(slice(None))
        return variable.values[tuple(index)]

    def known(self, name, where):
        """`where` without what is no dimension of the analysis variable."""
        return {k: v for k, v in where.items() if k in self.analysis.variable[name].dims}


def label(where):
    """'$N_L$ = 2, $P$ = 10' from {axis: value}; depth first, and nothing of what has no meaning."""
    return ", ".join(f"{NICE.get(n, n.replace('_', ' '))} = {v:g}" if isinstance(v, (int, float))
                     else f"{n.replace('_', ' ')}: {v}"
                     for n, v in sorted(where.items(), key=lambda item: item[0] != "depth") if v is not None)


def bars(value, low, high):
    """Lengths of error bars, [down, up]: none where a limit is unknown or infinite."""
    down, up = np.asarray(value) - low, np.asarray(high) - value
    return np.array([np.maximum(np.nan_to_num(d, nan=0.0, posinf=0.0, neginf=0.0), 0.0) for d in (down, up)])


def grid_of(n, height=2.6, **options):
    """A figure of n panels in at most three columns, and its axes, row by row."""
    columns = n if n <= 3 else -(-n // 2) if n <= 6 else 3
    rows = -(-n // columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False,
                                figsize=(PANEL * columns + 0.6, height * rows + 0.4), **options)
    for ax in grid.ravel()[n:]:
        ax.set_visible(False)
    return figure, grid.ravel()[:n]


def lines(run):
    """(where, indices of the points) of every line of the phase diagram: where is {axis: value}, depth last."""
    axes = run.axes()
    return [(dict(zip(axes, key)), index) for key, index in run.groups(axes)] if axes else [({}, np.arange(run.count))]


def pages(run):
    """The lines in pages of panels: all on one if they are few, else one page for all that differ in depth only.
    Yields (ending of the file's name, lines)."""
    everything = lines(run)
    if len(everything) <= 6:
        return [("", everything)]
    found = {}
    for where, index in everything:
        key = tuple((n, v) for n, v in where.items() if n != "depth")
        found.setdefault(key, []).append((where, index))
    return [("".join(f"-{n}-{v:g}" if isinstance(v, (int, float)) else f"-{v}" for n, v in key), page)
            for key, page in found.items()]


def families(run):
    """(key, lines by depth) of every set of lines that differ in depth only: key names and values the other axes."""
    found = {}
    for where, index in lines(run):
        key = tuple((n, v) for n, v in where.items() if n != "depth")
        found.setdefault(key, []).append((where, index))
    return list(found.items())


def depth_style(run, where):
    """(colour, marker, label) of a line by its depth."""
    depths = sorted(set(run.points["depth"].tolist()))
    d = depths.index(where["depth"]) if "depth" in where else 0
    return COLOURS[d % len(COLOURS)], MARKERS[d % len(MARKERS)], f"$N_L$ = {depths[d]:g}"


def depth_handles(run):
    """Legend entries of all depths."""
    return [plt.Line2D([], [], color=c, marker=m, mec="white", mew=0.5, label=text)
            for c, m, text in (depth_style(run, {"depth": d}) for d in sorted(set(run.points["depth"].tolist())))]


def legend_beside(axes, handles, **options):
    """A legend right of the first row of panels, where it covers nothing, and room for it."""
    figure = axes[0].figure
    figure.set_size_inches(figure.get_size_inches() + (0.9, 0))
    last = [ax for ax in axes if ax.get_subplotspec().is_first_row()][-1]
    last.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2, labelspacing=0.3,
                **options)


def label_outer(axes, x, y):
    """Axis labels at the left and at the bottom only."""
    for ax in axes:
        place = ax.get_subplotspec()
        if place.is_first_col():
            ax.set_ylabel(y)
        columns = place.get_gridspec().ncols
        if place.num1 + columns >= len(axes):
            ax.set_xlabel(x)
            ax.tick_params(labelbottom=True)


def plain_log(axis):
    """20, 30, 50 instead of powers of ten."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda x, _: f"{x:g}"))
    axis.set_minor_formatter(matplotlib.ticker.FuncFormatter(
        lambda x, _: f"{x:g}" if f"{x:.0e}"[0] in "235" else ""))


def has_times(run):
    """Whether there is an analysis, of learning times."""
    return run.analysis is not None and "threshold" in run.analysis


def no_times(run, what):
    """Why there is no figure of the analysis of learning times."""
    return f"{what}: run `ritardando analyse` first" if run.analysis is None else f"{what}: learning times were not measured"


def thresholds(run):
    """(index, eps, colour, marker) of each threshold, ascending."""
    return [(i, float(eps), COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)])
            for i, eps in enumerate(run.points["threshold"])]


def run_of(description):
    """The run that the command line names, SCRIPT RUN [-o FOLDER]; ends the program with a sentence if there is none."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("run", help="run folder with phase-diagram.h5")
    arguments.add_argument("-o", "--out", help="folder for the figures; RUN/figures if not given")
    given = arguments.parse_args()
    if not (pathlib.Path(given.run) / "phase-diagram.h5").exists():
        sys.exit(f"{given.run}: there is no phase-diagram.h5 in this folder" if pathlib.Path(given.run).is_dir()
                 else f"{given.run}: there is no such folder")
    try:
        return Run(given.run, given.out)
    except OSError as problem:
        sys.exit(f"{given.run}: a file cannot be read: {problem}")
    except KeyError:
        sys.exit(f"{given.run}: no sweep of networks; as RUN/p-spin the p-spin glass is drawn beside those of RUN")


def main(draw):
    """The command line of every figure script: SCRIPT RUN [-o FOLDER]."""
    made = draw(run_of(sys.modules[draw.__module__].__doc__))
    print(made if isinstance(made, str) else "\n".join(map(str, made)))
