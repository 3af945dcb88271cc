#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Critical width against the temperature of learning, T = eta Gamma, where the gradient noise Gamma was measured (observe.noise): one
point per line of the phase diagram, its temperature that of its runs at the width nearest to N_c; one panel per threshold."""
import matplotlib.pyplot as plt
import numpy as np

from common import bars, depth_handles, depth_style, grid_of, has_times, label_outer, legend_beside, lines, main, no_times

VALUE = 1  # n_c_known


def temperature_at(run, points, temperature, critical):
    """Geometric mean and relative standard error of T over the runs of the width nearest to N_c; NaN if none was measured."""
    width = run.points["width"][points]
    near = width == width[np.abs(width - critical).argmin()]
    values = temperature[points[near]]
    logs = np.log(values[values > 0])
    if len(logs) == 0:
        return np.nan, np.nan
    return np.exp(logs.mean()), logs.std(ddof=1) / np.sqrt(len(logs)) if len(logs) > 1 else 0.0


def marks(run, temperature, i):
    """(line's axes, T, relative error of T, N_c, low, high) of the lines with a critical width at threshold i."""
    found = []
    for where, points in lines(run):
        known, value, low, high = (np.asarray(run.at(name, **run.known(name, where)))[..., i].ravel()[0]
                                   for name in ("n_c_known", "n_c", "n_c_low", "n_c_high"))
        if known == VALUE:
            t, error = temperature_at(run, points, temperature, value)
            if np.isfinite(t):
                found.append((where, t, error, value, low, high))
    return found


def draw_panel(ax, run, found, eps):
    for where, t, error, value, low, high in found:
        colour, marker, _ = depth_style(run, where)
        ax.errorbar([t], [value], yerr=bars([value], [low], [high]), xerr=[[t * (1 - np.exp(-error))], [t * (np.exp(error) - 1)]],
                    fmt=marker, color=colour, ms=5, mec="white", mew=0.5, elinewidth=1)
    ax.set_xscale("log")
    ticks = np.geomspace(*ax.get_xlim(), 5)[[1, 3]]  # decades may be few or many: two labels always have room
    ax.set_xticks(ticks, [f"{v:.1e}" for v in ticks])
    ax.xaxis.set_minor_locator(plt.NullLocator())
    ax.set_title(f"$\\epsilon$ = {eps:g} bits")


def draw(run):
    if not has_times(run):
        return no_times(run, "temperature")
    try:
        temperature = run.data.temperature().values
    except KeyError:
        return "temperature: the gradient noise was not measured (observe.noise)"
    panels = [(marks(run, temperature, i), eps) for i, eps in enumerate(run.analysis["threshold"])]
    panels = [(found, eps) for found, eps in panels if len(found) > 1]
    if not panels:
        return "temperature: no two lines have a critical width"
    figure, axes = grid_of(len(panels), height=2.8, sharey=True)
    for ax, (found, eps) in zip(axes, panels):
        draw_panel(ax, run, found, eps)
    label_outer(axes, r"temperature $\eta\,\Gamma$  [(nat/w)$^2$]", "critical width $N_c$")
    legend_beside(axes, depth_handles(run))
    return run.save(figure, "temperature")


if __name__ == "__main__":
    main(draw)
