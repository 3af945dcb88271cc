#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phase diagram: critical width against the number of chorales and against every other number that varies (a rate, a
gain), one figure each; one line per depth, one panel per threshold.

Above a line networks learn, below they do not. Bands are the intervals of the analysis, dots the measured
widths, arrows bounds; dashed: the fit N_c = b P^s over chorales."""
import numpy as np
import matplotlib.pyplot as plt

from common import (GREY, NICE, bars, depth_handles, depth_style, grid_of, has_times, label, label_outer, legend_beside, main,
                    no_times, plain_log)

VALUE, BELOW, ABOVE, BETWEEN, EDGE = 1, 2, 3, 4, 5  # n_c_known
NAMES = {"chorales": "chorales $P$", "rule_eta": r"rate $\eta$", "model_gain": "gain $g$"}


def draw_depth(ax, run, axis, where, i, colour, marker):
    """One depth at threshold i: N_c along an axis with its band, bounds and power law."""
    x = run.analysis[axis].astype(float)
    values, low, high, known = (np.asarray(run.at(name, **run.known(name, where)))[..., i].ravel()
                                for name in ("n_c", "n_c_low", "n_c_high", "n_c_known"))
    good = np.isfinite(values)
    ax.fill_between(x[good], low[good], high[good], color=colour, alpha=0.22, lw=0)
    ax.errorbar(x[good], values[good], yerr=bars(values[good], low[good], high[good]), fmt=marker + "-",
                color=colour, ms=5, mec="white", mew=0.5, elinewidth=1, lw=1.2, zorder=4)
    for kinds, limit, arrow in (((BELOW, EDGE), high, 11), ((ABOVE,), low, 10)):
        bound = np.isin(known, kinds) & np.isfinite(limit)
        ax.plot(x[bound], limit[bound], ls="", marker=arrow, color=colour, ms=7, mew=0, zorder=4)
    between = (known == BETWEEN) & np.isfinite(low) & np.isfinite(high)
    ax.vlines(x[between], low[between], high[between], color=colour, lw=1, ls=(0, (1, 1)), zorder=3)
    if axis == "chorales" and "growth" in run.analysis:
        power, prefactor = (float(np.asarray(run.at(name, **run.known(name, where)))[..., i])
                            for name in ("growth", "growth_prefactor"))
        if np.isfinite(power):
            line = np.geomspace(x.min() / 1.2, x.max() * 1.2, 60)
            ax.plot(line, prefactor * line**power, color=colour, lw=0.8, ls=(0, (4, 3)), alpha=0.8, zorder=2)


def draw_panel(ax, run, axis, others, depths, index, i):
    index = index[np.isfinite(run.points["width"][index])]  # no border is sought among infinite ones
    x, widths = run.analysis[axis].astype(float), run.points["width"][index]
    measured = sorted(set(zip(run.points[axis][index].tolist(), widths.tolist())))
    ax.plot(*np.transpose(measured), ".", color=GREY, ms=2, alpha=0.5, mew=0, zorder=0)
    for depth in depths:
        where = dict(others, **({"depth": depth} if depth is not None else {}))
        colour, marker, _ = depth_style(run, where)
        draw_depth(ax, run, axis, where, i, colour, marker)
    if x.min() > 0:
        ax.set_xscale("log")
        ax.set_xlim(x.min() / 1.25, x.max() * 1.25)
    ax.set_yscale("log")
    ax.set_title(f"$\\epsilon$ = {run.analysis['threshold'][i]:g} bits")
    if len(x) <= 8:
        ax.set_xticks(x, [f"{v:g}" for v in x])
        ax.xaxis.set_minor_locator(plt.NullLocator())
    plain_log(ax.yaxis)
    values = run.analysis["n_c"]
    ax.set_ylim(0.85 * np.nanmin([widths.min(), *values[values > 0]]), 1.1 * widths.max())


def draw_page(run, axis, others, index):
    """One panel per threshold that says something, for the points `index`, which share the axes `others`."""
    known = run.at("n_c_known", **run.known("n_c_known", others))
    shown = [i for i in range(len(run.analysis["threshold"])) if (known[..., i] > 0).any()]
    if not np.isin(known, (VALUE, BELOW, ABOVE, EDGE)).any():
        return []
    depths = sorted(set(run.points["depth"][index].tolist())) if "depth" in run.analysis else [None]
    figure, axes = grid_of(len(shown), height=2.8, sharex=True, sharey=True)
    for ax, i in zip(axes, shown):
        draw_panel(ax, run, axis, others, depths, index, i)
    label_outer(axes, NAMES.get(axis, NICE.get(axis, axis.replace("_", " "))), "width $N_h$")
    legend_beside(axes, depth_handles(run), title="learns above,\nnot below")
    if others:
        figure.suptitle(label(others), fontsize=11.5)
    ending = "".join(f"-{n}-{v}" for n, v in others.items())
    return run.save(figure, ("phase-diagram" if axis == "chorales" else f"phase-diagram-{axis}") + ending)


def draw(run):
    if not has_times(run):
        return no_times(run, "phase diagram")
    swept = [n for n in run.axes() if n != "depth" and run.points[n].dtype.kind in "if"
             and np.isfinite(run.analysis[n]).all()]
    if not swept:
        return "phase diagram: depth, width and seed are all numbers that vary"
    if not np.isfinite(run.analysis["n_c"]).any():
        return "phase diagram: no critical width has a value"
    made = []
    for axis in swept:
        others = [n for n in run.axes() if n not in ("depth", axis)]
        for key, index in run.groups(others) if others else [((), np.arange(run.count))]:
            made += draw_page(run, axis, dict(zip(others, key)), index)
    return made


if __name__ == "__main__":
    main(draw)
