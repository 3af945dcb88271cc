# SPDX-License-Identifier: GPL-3.0-or-later
"""What the aging figures share: the cells of a run, means over seeds, the colours of waiting times."""
import matplotlib.pyplot as plt
import numpy as np

from common import COLOURS, NICE, File, label

# Of the talk: t_w = 80 blue, 160 orange, 320 green, 640 red, 1280 violet; common.COLOURS in that order.
FEWEST_RUNS = 2  # for an error band
DIVERGED = 2


class Cell:
    """Runs that differ in their seed only; arrays [waiting time][lag] are means over them."""

    def __init__(self, points, index, where):
        self.points, self.where = points, where
        self.index = index[points["end"][index] < DIVERGED]
        self.waiting = points["waiting_time"]
        self.begun = points["waiting_tau"][self.index[0]]
        self.lag = points["lag_tau"][self.index[0]]

    def title(self):
        return label(self.where) if self.where else "all runs"

    def runs(self, name):
        """Variable of all runs; class "all" where it has weight classes."""
        variable = self.points.variable[name]
        values = variable.values[self.index]
        return values[..., 0] if variable.dims[-1] == "weight_class" else values

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
    """All cells of a run with aging, by axes and width; empty without."""
    points = run.points
    if "delta" not in points or "waiting_time" not in points:
        return []
    axes = run.axes() + ["width"] if "width" in points else []
    groups = run.groups(axes) if axes else [((), np.arange(run.count))]
    found = []
    for key, index in groups:
        if (points["end"][index] < DIVERGED).any():
            found.append(Cell(points, index, dict(zip(axes, key))))
    return found


def reference(run):
    """The p-spin glass of `ritardando reference p-spin -o RUN/p-spin`, if it is there: (cell, analysis)."""
    folder = run.folder / "p-spin"
    if not (folder / "phase-diagram.h5").exists():
        return None
    points = File(folder / "phase-diagram.h5")
    cell = Cell(points, np.arange(1), {})
    p, temperature = points["p_spin_p"][0], points["p_spin_temperature"][0]
    cell.title = lambda: f"spherical ${p:g}$-spin glass, $T$ = {temperature:g}"
    analysis = folder / "phase-analysis.h5"
    return cell, File(analysis) if analysis.exists() else None


def colour(i):
    return COLOURS[i % len(COLOURS)]


def waiting_handles(cell):
    return [plt.Line2D([], [], color=colour(i), lw=2, label=f"{w:g}") for i, w in enumerate(cell.waiting)]


def draw_curves(ax, cell, x, y, error=None, relative=True, **options):
    """One line per waiting time with its band of one standard error; x, y: [waiting time][lag]."""
    for i in range(len(cell.waiting)):
        good = np.isfinite(x[i]) & np.isfinite(y[i])
        ax.plot(x[i][good], y[i][good], color=colour(i), **options)
        if error is None or not np.isfinite(error[i][good]).any():
            continue
        e = error[i][good]
        low, high = (y[i][good] * np.exp(-e), y[i][good] * np.exp(e)) if relative else (y[i][good] - e, y[i][good] + e)
        ax.fill_between(x[i][good], low, high, color=colour(i), alpha=0.2, lw=0)
