#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phase diagram: critical width against the number of chorales, one line per depth, by threshold.

Above a line networks learn, below they do not. Bands are the intervals of the analysis, dots the measured
widths, arrows bounds; dashed: the fit N_c = b P^s."""
import numpy as np
import matplotlib.pyplot as plt

from common import GREY, depth_handles, depth_style, grid_of, label, label_outer, legend_beside, main, plain_log

BELOW, ABOVE, BETWEEN = 2, 3, 4  # n_c_known


def draw_depth(ax, run, where, i, colour, marker):
    """One depth at threshold i: N_c(P) with its band, bounds and power law."""
    p = run.analysis["chorales"].astype(float)
    values, low, high, known = (np.asarray(run.at(name, **run.known(name, where)))[..., i].ravel()
                                for name in ("n_c", "n_c_low", "n_c_high", "n_c_known"))
    good = np.isfinite(values)
    ax.fill_between(p[good], low[good], high[good], color=colour, alpha=0.22, lw=0)
    ax.errorbar(p[good], values[good], yerr=[values[good] - low[good], high[good] - values[good]], fmt=marker + "-",
                color=colour, ms=5, mec="white", mew=0.5, elinewidth=1, lw=1.2, zorder=4)
    for kind, limit, arrow in ((BELOW, high, 11), (ABOVE, low, 10)):
        bound = (known == kind) & np.isfinite(limit)
        ax.plot(p[bound], limit[bound], ls="", marker=arrow, color=colour, ms=7, mew=0, zorder=4)
    between = known == BETWEEN
    ax.vlines(p[between], low[between], high[between], color=colour, lw=1, ls=(0, (1, 1)), zorder=3)
    if "growth" in run.analysis:
        power, prefactor = (float(np.asarray(run.at(name, **run.known(name, where)))[..., i])
                            for name in ("growth", "growth_prefactor"))
        if np.isfinite(power):
            x = np.geomspace(p.min() / 1.2, p.max() * 1.2, 60)
            ax.plot(x, prefactor * x**power, color=colour, lw=0.8, ls=(0, (4, 3)), alpha=0.8, zorder=2)


def draw_page(run, others, index):
    """One panel per threshold for the points `index`, which share the axes `others`."""
    eps, p, widths = run.analysis["threshold"], run.analysis["chorales"], run.points["width"][index]
    depths = sorted(set(run.points["depth"][index].tolist())) if "depth" in run.analysis else [None]
    measured = sorted(set(zip(run.points["chorales"][index].tolist(), widths.tolist())))
    figure, axes = grid_of(len(eps), height=2.8, sharex=True, sharey=True)
    for i, ax in enumerate(axes):
        ax.plot(*np.transpose(measured), ".", color=GREY, ms=2, alpha=0.5, mew=0, zorder=0)
        for depth in depths:
            where = dict(others, **({"depth": depth} if depth is not None else {}))
            colour, marker, _ = depth_style(run, where)
            draw_depth(ax, run, where, i, colour, marker)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_title(f"$\\epsilon$ = {eps[i]:g} bits" + (f", {label(others)}" if others else ""))
        ax.set_xticks(p, [f"{x:g}" for x in p])
        ax.xaxis.set_minor_locator(plt.NullLocator())
        ax.set_xlim(p.min() / 1.25, p.max() * 1.25)
        plain_log(ax.yaxis)
        ax.set_ylim(0.85 * np.nanmin([widths.min(), *run.analysis["n_c"].ravel()]), 1.1 * widths.max())
    axes[0].text(0.97, 0.93, "learns", transform=axes[0].transAxes, ha="right", color=GREY, style="italic")
    axes[0].text(0.97, 0.04, "does not learn", transform=axes[0].transAxes, ha="right", color=GREY, style="italic")
    label_outer(axes, "chorales $P$", "width $N_h$")
    legend_beside(axes, depth_handles(run))
    ending = "".join(f"-{n}-{v}" for n, v in others.items())
    return run.save(figure, "phase-diagram" + ending)


def draw(run):
    if run.analysis is None:
        return "phase diagram: run `ritardando analyse` first"
    if "chorales" not in run.analysis:
        return "phase diagram: all points have the same number of chorales"
    if not np.isfinite(run.analysis["n_c"]).any():
        return "phase diagram: no critical width has a value"
    others = [n for n in run.axes() if n not in ("depth", "chorales")]
    made = []
    for key, index in run.groups(others) if others else [((), np.arange(run.count))]:
        made += draw_page(run, dict(zip(others, key)), index)
    return made


if __name__ == "__main__":
    main(draw)
