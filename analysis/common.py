# SPDX-License-Identifier: GPL-3.0-or-later
"""What all figures share: a run as the package `ritardando` reads it, the style, and where figures go.

A figure is one script with `draw(run)`, which returns the files it made or a sentence why there is nothing to
draw. It reads RUN/phase-diagram.h5 and, where `ritardando analyse` has made it, RUN/phase-analysis.h5.
"""
import argparse
import pathlib
import sys
import warnings

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import matplotlib.ticker  # noqa: E402
import numpy as np  # noqa: E402

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
import ritardando  # noqa: E402

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


class Arrays:
    """The variables of a dataset by name, as arrays of NumPy that are read when they are used."""

    def __init__(self, dataset):
        self.dataset, self.attributes, self._read = dataset, dataset.attrs, {}

    def __contains__(self, name):
        return name in self.dataset.variables

    def __getitem__(self, name):
        if name not in self._read:
            self._read[name] = self.dataset[name].values
        return self._read[name]

    def dims(self, name):
        return self.dataset[name].dims


class Run:
    """A run as the figures see it: the measured points, the analysis if there is one, and where figures go."""

    def __init__(self, folder, out=None):
        self.data = ritardando.open(folder)
        self.folder = self.data.folder
        self.out = pathlib.Path(out) if out else self.folder / "figures"
        self.points = Arrays(self.data.points)
        self.analysis = None if self.data.analysis is None else Arrays(self.data.analysis)
        self.count = len(self.data)
        self.column, self.groups = self.data.column, self.data.groups

    def axes(self):
        """Those of ritardando.Run: chorales first and depth last."""
        return list(self.data.axes)

    def save(self, figure, name):
        self.out.mkdir(parents=True, exist_ok=True)
        paths = [self.out / f"{name}.{ending}" for ending in ("pdf", "png")]
        for path in paths:
            figure.savefig(path, metadata={"CreationDate": None} if path.suffix == ".pdf" else None)
        plt.close(figure)
        return paths

    def at(self, name, **where):
        """The entry of a gridded analysis variable at these coordinate values; remaining dimensions stay."""
        index = []
        for dim in self.analysis.dims(name):
            if dim in where:
                labels = [None if v == "" or v != v else v for v in self.analysis[dim].tolist()]
                index.append(labels.index(where[dim]))
            else:
                index.append(slice(None))
        return self.analysis[name][tuple(index)]

    def known(self, name, where):
        """`where` without what is no dimension of the analysis variable."""
        return {k: v for k, v in where.items() if k in self.analysis.dims(name)}


def number(x):
    """A number as labels have it."""
    return r"$\infty$" if x == np.inf else f"{x:g}"


def label(where):
    """'$N_L$ = 2, $P$ = 10' from {axis: value}; depth first, and nothing of what has no meaning."""
    return ", ".join(f"{NICE.get(n, n.replace('_', ' '))} = {number(v)}" if isinstance(v, (int, float))
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
    return [("".join(ending(n, v) for n, v in key), page) for key, page in found.items()]


def ending(name, value):
    """A part of a file's name: names alone say what they are, numbers and switches do not; nothing of what has no meaning."""
    text = f"{value:g}" if isinstance(value, (int, float)) else str(value)
    return "" if value is None else f"-{name}-{text}" if text in ("true", "false") or text != value else f"-{text}"


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


def plain_log(axis, named="235"):
    """20, 30, 50 instead of powers of ten; or other digits."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda x, _: f"{x:g}"))
    axis.set_minor_formatter(matplotlib.ticker.FuncFormatter(
        lambda x, _: f"{x:g}" if f"{x:.0e}"[0] in named else ""))


def has_times(run):
    """Whether there is an analysis, of learning times."""
    return run.analysis is not None and "threshold" in run.analysis


def no_times(run, what):
    """Why there is no figure of the analysis of learning times."""
    return f"{what}: run `ritardando analyse` first" if run.analysis is None else f"{what}: learning times were not measured"


def drawn_at(widths, among, log=False):
    """Where widths stand on an axis: infinite width right of the finite ones of `among`, behind a gap."""
    finite = np.unique(np.asarray(among, float)[np.isfinite(among)])
    if len(finite) == 0:
        finite = np.ones(1)
    step = 1.35 * finite[-1] if log else finite[-1] + max(1.0, 0.12 * (finite[-1] - finite[0]))
    return np.where(np.isinf(widths), step, widths)


def mark_limit(ax, among, log=False):
    """The end of an axis of widths, where some are infinite: a tick, and a line that it lies beyond."""
    if not np.isinf(among).any():
        return
    at = float(drawn_at(np.inf, among, log))
    widest = max(np.asarray(among)[np.isfinite(among)], default=1.0)
    ax.axvline(np.sqrt(at * widest) if log else 0.5 * (at + widest), color=GREY, lw=0.6, ls=(0, (1, 2)), zorder=0)
    ax.text(at, -0.02, r"$\infty$", transform=ax.get_xaxis_transform(), ha="center", va="top")


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
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", UserWarning)
            run = Run(given.run, given.out)
        for warning in said:
            print(warning.message, file=sys.stderr)
        return run
    except OSError as problem:
        sys.exit(f"{given.run}: a file cannot be read: {problem}")
    except ValueError as problem:
        sys.exit(str(problem))


def main(draw):
    """The command line of every figure script: SCRIPT RUN [-o FOLDER]."""
    made = draw(run_of(sys.modules[draw.__module__].__doc__))
    print(made if isinstance(made, str) else "\n".join(map(str, made)))
