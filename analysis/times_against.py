#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning times against any swept parameter that is no width and has at least four values, as layers of a quantum circuit; one panel for
what else is swept, one file a parameter.

Small points are runs, large ones medians of all runs, censored ones being longer than any; open ones above the dotted line mark values
at which half of the runs or more did not learn. Where `ritardando analyse` has looked for borders along the parameter (--size, or a run
that is refined along it), bands are its critical values with their intervals, and dashed lines the law of the fits."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from common import GREY, NICE, grid_of, label, label_outer, legend_beside, main, plain_log, thresholds
from ritardando.files import read

LEAST, MOST_PANELS = 4, 6


def parameters(run):
    """Names of the axes that have enough numbers, and nothing else, to be drawn against."""
    return [name for name in run.axes() if len(set(run.column(name))) >= LEAST
            and all(isinstance(value, (int, float)) and np.isfinite(value) for value in run.column(name))]


def panels_of(run, name):
    """(where, indices of points) for each set of the other axes in which the parameter has enough values."""
    others = [axis for axis in [*run.axes(), "width"] if axis != name and len(set(run.column(axis))) > 1]
    found = [(dict(zip(others, key)), index) for key, index in run.groups(others)] if others else [({}, np.arange(run.count))]
    return [(where, index) for where, index in found if len(set(run.column(name, index))) >= LEAST]


def borders_along(run, name):
    """RUN/phase-analysis-NAME.h5, or None."""
    path = run.folder / f"phase-analysis-{name}.h5"
    return read(path) if path.exists() else None


def draw_borders(ax, run, borders, where, name, beyond):
    """The critical value of each threshold as a band, and the learning times of its law up to what was seen."""
    places = {axis: value for axis, value in where.items() if axis in borders["n_c"].dims}
    low, high = ax.get_xlim()
    for i, _, colour, _ in thresholds(run):
        found = {key: float(borders[key].sel(places).isel(threshold=i)) for key in ("n_c", "n_c_low", "n_c_high", "rate")}
        if not np.isfinite(found["n_c"]):
            continue
        ax.axvspan(found["n_c_low"], found["n_c_high"], color=colour, alpha=0.18, lw=0, zorder=0)
        ax.axvline(found["n_c"], color=colour, lw=0.9, zorder=1)
        x = np.linspace(max(low, np.nanmin(borders[name])), min(high, np.nanmax(borders[name])), 2000)
        above = (found["n_c"] - x) if "learned" in borders.attrs else x - found["n_c"]
        tau = np.divide(1, found["rate"] * above, out=np.full_like(x, np.nan), where=above > 0)
        ax.plot(x[tau < beyond], tau[tau < beyond], color=colour, lw=0.8, ls=(0, (4, 3)), alpha=0.7, zorder=1)
    ax.set_xlim(low, high)


def draw_panel(ax, run, name, index, beyond):
    x = np.array(run.column(name, index), float)
    for i, _, colour, marker in thresholds(run):
        tau = run.points["learning_time"][index, i]
        tau = np.where(np.isfinite(tau) & (tau > 0), tau, np.inf)
        learned = np.isfinite(tau)
        values = np.unique(x)
        middle = np.array([np.median(tau[x == v]) for v in values])
        ax.plot(x[learned], tau[learned], ".", color=colour, ms=3, alpha=0.45, mew=0)
        ax.plot(values[np.isfinite(middle)], middle[np.isfinite(middle)], marker + "-", color=colour, ms=5, mec="white", mew=0.5, lw=0.8)
        ax.plot(values[np.isinf(middle)], np.full(np.isinf(middle).sum(), beyond * 1.12 ** (i + 1)), marker, color=colour, ms=4, mfc="none")
    ax.axhline(beyond, color=GREY, lw=0.6, ls=(0, (1, 2)), zorder=0)
    ax.set_yscale("log")
    plain_log(ax.yaxis)
    if (x == np.round(x)).all():
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def draw_parameter(run, name):
    panels = panels_of(run, name)
    if not 1 <= len(panels) <= MOST_PANELS:
        return f"times-against: {name} in {len(panels)} panels"
    times = run.points["learning_time"]
    if not np.isfinite(times).any():
        return f"times-against: no run has learned, against {name}"
    figure, axes = grid_of(len(panels), height=2.9, sharey=True)
    borders, beyond = borders_along(run, name), 1.2 * times[np.isfinite(times)].max()
    for ax, (where, index) in zip(axes, panels):
        draw_panel(ax, run, name, index, beyond)
        if borders is not None and "n_c" in borders:
            draw_borders(ax, run, borders, where, name, beyond)
        ax.set_title(label(where))
    label_outer(axes, NICE.get(name, name.replace("_", " ")), r"learning time $\tau$")
    legend_beside(axes, [plt.Line2D([], [], color=c, marker=m, mec="white", mew=0.5, label=f"$\\epsilon$ = {eps:g}")
                         for _, eps, c, m in thresholds(run)])
    return run.save(figure, f"times-against-{name.replace('_', '-')}")


def draw(run):
    if "learning_time" not in run.points or run.count == 0:
        return "times-against: learning times were not measured"
    names = parameters(run)
    if not names:
        return f"times-against: nothing but width and seed has {LEAST} values"
    made = [draw_parameter(run, name) for name in names]
    return [path for one in made for path in ([one] if isinstance(one, str) else one)]


if __name__ == "__main__":
    main(draw)
