# SPDX-License-Identifier: GPL-3.0-or-later
"""What the aging figures share: the cells of a run, means over seeds, the colours of waiting times."""
import matplotlib.pyplot as plt
import numpy as np

from common import COLOURS, Arrays, label, ritardando

# Of the talk: t_w = 80 blue, 160 orange, 320 green, 640 red, 1280 violet; common.COLOURS in that order.
FEWEST_RUNS = 2  # for an error band
FEWEST_LAGS = 5  # for a curve
ROWS = 6  # cells on one page
LEFT_OUT = (2, 3)  # ends: diverged, failed


class Cell:
    """Runs that differ in their seed only; arrays [waiting time][lag] are means over them."""

    def __init__(self, points, index, where):
        self.points, self.where = points, where
        self.index = index[~np.isin(points["end"][index], LEFT_OUT)]
        self.waiting = points["waiting_time"]
        self.begun = points["waiting_tau"][self.index[0]]
        self.lag = points["lag_tau"][self.index[0]]
        self.glass = False

    def title(self):
        return label(self.where) if self.where else "all runs"

    def runs(self, name):
        """Variable of all runs; class "all" where it has weight classes."""
        values = self.points[name][self.index]
        if self.points.dims(name)[-1] != "weight_class":
            return values
        classes = list(self.points["weight_class"])
        return values[..., classes.index("all") if "all" in classes else 0]  # older files number them, "all" first

    def reached(self):
        """Whether there is a curve at all: a waiting time with lags after it."""
        return (np.isfinite(self.lag).sum(1) >= FEWEST_LAGS).any()

    def mean(self, name):
        """(mean, standard error) over runs."""
        values = self.runs(name)
        error = values.std(0, ddof=1) / np.sqrt(len(values)) if len(values) >= FEWEST_RUNS else np.full_like(values[0], np.nan)
        return values.mean(0), error

    def log_mean(self, name):
        """(geometric mean, relative standard error): how the analysis averages Delta. NaN where a run is <= 0."""
        values = self.runs(name)
        with np.errstate(invalid="ignore", divide="ignore"):
            logs = np.where((values > 0).all(0), np.log(values), np.nan)
        error = logs.std(0, ddof=1) / np.sqrt(len(logs)) if len(logs) >= FEWEST_RUNS else np.full_like(logs[0], np.nan)
        return np.exp(logs.mean(0)), error


def cells(run):
    """All cells of a run with curves of aging, by axes and width; empty without."""
    points = run.points
    if "delta" not in points or "waiting_time" not in points:
        return []
    axes = run.axes() + ["width"] if "width" in points else []
    groups = run.groups(axes) if axes else [((), np.arange(run.count))]
    found = []
    for key, index in groups:
        if not np.isin(points["end"][index], LEFT_OUT).all():
            found.append(Cell(points, index, dict(zip(axes, key))))
    return [cell for cell in found if cell.reached()]


def nothing(run, what):
    """Why there are no cells."""
    if "delta" not in run.points:
        return f"{what}: no point measured it (observe.aging)"
    return f"{what}: no run went on long enough after its first waiting time"


def reference(run):
    """The p-spin glass of `ritardando reference p-spin -o RUN/p-spin`, if it is there: (cell, analysis)."""
    folder = run.folder / "p-spin"
    if not (folder / "phase-diagram.h5").exists():
        return None
    points = Arrays(ritardando.read(folder / "phase-diagram.h5"))
    cell = Cell(points, np.arange(1), {})
    p, temperature = points["p_spin_p"][0], points["p_spin_temperature"][0]
    cell.glass = True
    cell.title = lambda: f"spherical ${p:g}$-spin glass, $T$ = {temperature:g}"
    analysis = folder / "phase-analysis.h5"
    return cell, Arrays(ritardando.read(analysis)) if analysis.exists() else None


def colour(i):
    return COLOURS[i % len(COLOURS)]


def waiting_handles(cell):
    return [plt.Line2D([], [], color=colour(i), lw=2, label=f"{w:g}") for i, w in enumerate(cell.waiting)]


def legend(ax, cell, above=None, extra=()):
    """The waiting times to the right of the last panel of a row, if the row above did not have the same."""
    if above is not None and np.array_equal(above.waiting, cell.waiting):
        return
    ax.legend(handles=waiting_handles(cell) + list(extra), title="$t_w$", loc="center left", bbox_to_anchor=(1.02, 0.5),
              fontsize=8.5, title_fontsize=10, handlelength=1.2, labelspacing=0.25, alignment="left")


def pages(rows, last):
    """(ending of the file's name, rows) of every page; the rows of `last` join the last page."""
    ending = (lambda k: f"-{k + 1}") if len(rows) > ROWS else (lambda k: "")
    found = [rows[first:first + ROWS] for first in range(0, len(rows), ROWS)]
    return [(ending(k), page + (last if k + 1 == len(found) else [])) for k, page in enumerate(found)]


def draw_curves(ax, cell, x, y, error=None, relative=True, **options):
    """One line per waiting time with its band of one standard error; x, y: [waiting time][lag]. A line breaks where
    there is no y; a point without neighbours is a dot."""
    for i in range(len(cell.waiting)):
        there = np.isfinite(x[i])
        xi, yi = x[i][there], y[i][there]
        ax.plot(xi, yi, color=colour(i), **options)
        good = np.concatenate([[False], np.isfinite(yi), [False]])
        alone = good[1:-1] & ~good[:-2] & ~good[2:]
        ax.plot(xi[alone], yi[alone], ".", color=colour(i), ms=2.5)
        if error is None or not np.isfinite(error[i][there]).any():
            continue
        e = error[i][there]
        low, high = (yi * np.exp(-e), yi * np.exp(e)) if relative else (yi - e, yi + e)
        ax.fill_between(xi, low, high, color=colour(i), alpha=0.2, lw=0)
