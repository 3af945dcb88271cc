#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning curves: NLL of the training block against proper time, one line per run, coloured by width. Dashed, where a
block was held out (data.test), is its loss: a network whose dashed line rises overfits."""
import matplotlib.pyplot as plt
import numpy as np

from common import GREY, grid_of, label, label_outer, main, number, pages


def colours(widths):
    """One colour per width, cividis without its palest end."""
    map_ = plt.get_cmap("cividis")
    return {w: map_(0.9 * i / max(1, len(widths) - 1)) for i, w in enumerate(widths)}


def widths_of(run, points):
    return sorted(set(run.points["width"][points].tolist()))


def has_curve(run, points):
    """Whether some run was measured after its start."""
    return ((run.points["nll_tau"][points] > 0) & np.isfinite(run.points["nll"][points])).any()


def draw_line(ax, run, points, legend):
    """All runs of one line; returns the lowest NLL, the longest time and the highest loss of a held-out block."""
    widths = widths_of(run, points)
    colour = colours(widths)
    lowest, longest, highest = np.inf, 0.0, 0.0
    held_out = "test_loss" in run.points
    for i in points[np.argsort(run.points["width"][points], kind="stable")]:
        tau, nll = run.points["nll_tau"][i], run.points["nll"][i]
        good = (tau > 0) & np.isfinite(nll)
        if good.any():
            ax.plot(tau[good], nll[good], color=colour[run.points["width"][i]], lw=0.9, alpha=0.85)
            lowest, longest = min(lowest, nll[good].min()), max(longest, tau[good].max())
        if held_out:
            loss = run.points["test_loss"][i]
            good &= np.isfinite(loss)
            ax.plot(tau[good], loss[good], color=colour[run.points["width"][i]], lw=0.9, ls=(0, (3, 1.5)), alpha=0.85)
            highest = max(highest, loss[good].max(initial=0.0))
    for eps in run.points["threshold"] if "threshold" in run.points else []:
        ax.axhline(eps, color=GREY, lw=0.5, ls=(0, (1, 3)), zorder=0)
    shown = widths if len(widths) <= 10 else [widths[k] for k in np.unique(np.linspace(0, len(widths) - 1, 8).astype(int))]
    if legend:
        dashed = [plt.Line2D([], [], color=GREY, lw=0.9, ls=(0, (3, 1.5)))] if held_out else []
        ax.legend([plt.Line2D([], [], color=colour[w], lw=2) for w in shown] + dashed,
                  [number(w) for w in shown] + ["held out"][:len(dashed)], title="$N_h$",
                  loc="lower left", handlelength=1.0, labelspacing=0.15, fontsize=8, title_fontsize=9)
    return lowest, longest, highest


def draw(run):
    if "nll" not in run.points or run.count == 0:
        return "learning curves: no point has a measured NLL"
    made = []
    for ending, page in pages(run):
        page = [(where, points) for where, points in page if has_curve(run, points)]
        if not page:
            continue
        figure, axes = grid_of(len(page), sharex=True, sharey=True)
        first = widths_of(run, page[0][1])  # one legend says it all where the widths are the same
        limits = [draw_line(ax, run, points, ax is axes[0] or widths_of(run, points) != first)
                  for ax, (_, points) in zip(axes, page)]
        lowest, longest, highest = (f(column) for f, column in zip((min, max, max), zip(*limits)))
        for ax, (where, _) in zip(axes, page):
            ax.set_title(label(where))
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.set_xlim(min(max(0.5, 1e-5 * longest), 0.1 * longest), 1.1 * longest)
            ax.set_ylim(max(0.8 * lowest, 1e-4), max(0.5, 1.1 * highest, 1.2 * lowest))
        label_outer(axes, r"proper time $\tau$", "NLL  [bits per unit and step]")
        made += run.save(figure, "learning-curves" + ending)
    return made or "learning curves: no run went on from its start"


if __name__ == "__main__":
    main(draw)
