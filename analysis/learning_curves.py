#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning curves: NLL of the training block against proper time, one line per run, coloured by width."""
import matplotlib.pyplot as plt
import numpy as np

from common import GREY, main, panels


def colours(widths):
    """One colour per width, cividis without its palest end."""
    map_ = plt.get_cmap("cividis")
    return {w: map_(0.93 * i / max(1, len(widths) - 1)) for i, w in enumerate(widths)}


def draw(run):
    if "nll" not in run.points or run.count == 0:
        return "learning curves: no point has a measured NLL"
    figure, filled = panels(run, sharex=True, sharey=True)
    lowest, highest = np.inf, -np.inf
    for ax, _, points in filled:
        widths = sorted(set(run.points["width"][points].tolist()))
        colour = colours(widths)
        for i in points[np.argsort(run.points["width"][points], kind="stable")]:
            tau, nll = run.points["nll_tau"][i], run.points["nll"][i]
            good = (tau > 0) & np.isfinite(nll)
            if not good.any():
                continue
            ax.plot(tau[good], nll[good], color=colour[run.points["width"][i]], lw=0.9, alpha=0.85)
            lowest, highest = min(lowest, nll[good].min()), max(highest, tau[good].max())
        for eps in run.points["threshold"] if "threshold" in run.points else []:
            ax.axhline(eps, color=GREY, lw=0.5, ls=(0, (1, 3)), zorder=0)
        handles = [plt.Line2D([], [], color=colour[w], lw=2) for w in widths]
        shown = range(len(widths)) if len(widths) <= 10 else np.unique(np.linspace(0, len(widths) - 1, 8).astype(int))
        ax.legend([handles[k] for k in shown], [f"{widths[k]}" for k in shown], title="$N_h$", loc="lower left",
                  handlelength=1.0, labelspacing=0.15, fontsize=8, title_fontsize=9)
        ax.set_xscale("log")
        ax.set_yscale("log")
    for ax, _, _ in filled:
        if np.isfinite(lowest):
            ax.set_xlim(max(0.5, 1e-5 * highest), 1.1 * highest)
            ax.set_ylim(max(0.8 * lowest, 1e-4), 0.5)
        if ax.get_subplotspec().is_first_col():
            ax.set_ylabel("NLL  [bits per unit and step]")
        if ax.get_subplotspec().is_last_row():
            ax.set_xlabel(r"proper time $\tau$")
    return run.save(figure, "learning-curves")


if __name__ == "__main__":
    main(draw)
