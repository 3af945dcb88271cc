#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inverse learning times against width by threshold, with the fits and critical widths of the analysis.

Small points are runs, large ones Kaplan-Meier medians; an arrow marks a width at which fewer than half of the
runs learned: its rate is at most that of the time they had."""
import matplotlib.pyplot as plt
import numpy as np

from common import GREY, main, panels, thresholds


def median(tau, censored_at):
    """The middle learning time; None if fewer than half of the runs learned. Censored runs count as longest."""
    times = np.sort(np.where(np.isnan(tau), np.inf, tau))
    n = len(times)
    middle = 0.5 * (times[(n - 1) // 2] + times[n // 2])
    return middle if np.isfinite(middle) else None


def draw_threshold(ax, run, points, i, colour, marker):
    """The runs of one threshold. Returns the rates of the medians by width."""
    width, last = run.points["width"][points], run.points["tau"][points]
    tau = run.points["learning_time"][points, i]
    rates = {}
    learned = np.isfinite(tau) & (tau > 0)
    ax.plot(width[learned], 1 / tau[learned], ".", color=colour, ms=3, alpha=0.45, mew=0, zorder=2)
    for w in sorted(set(width.tolist())):
        here = width == w
        middle = median(tau[here], last[here])
        if middle:
            rates[w] = 1 / middle
        else:
            ax.plot([w], [1 / last[here & ~learned].min()], marker=7, color=colour, ms=5, mew=0, alpha=0.8, zorder=3)
    ax.plot(list(rates), list(rates.values()), marker, color=colour, ms=5, mec="white", mew=0.5, zorder=4)
    return rates


def draw_fit(ax, run, where, i, colour):
    """The straight line from N_c up, solid in the window, and N_c with its interval on the axis."""
    def value(name):
        return float(np.asarray(run.at(name, **run.known(name, where)))[..., i])

    critical, rate = value("n_c"), value("rate")
    if not np.isfinite(critical):
        return
    top = value("window_high")
    beyond = max(top, ax.get_xlim()[1])
    ax.plot([critical, top], [0, rate * (top - critical)], color=colour, lw=1.2, zorder=1)
    ax.plot([top, beyond], [rate * (x - critical) for x in (top, beyond)], color=colour, lw=0.8, ls=(0, (4, 3)),
            alpha=0.6, zorder=1)
    ax.errorbar([critical], [0], xerr=[[critical - value("n_c_low")], [value("n_c_high") - critical]], fmt="|",
                color=colour, ms=9, mew=1.4, elinewidth=2.6, capsize=0, clip_on=False, zorder=5)


def draw(run):
    if "learning_time" not in run.points or run.count == 0:
        return "inverse learning times: no point has learning times"
    figure, filled = panels(run)
    for ax, where, points in filled:
        top = 0.0
        for i, eps, colour, marker in thresholds(run):
            rates = draw_threshold(ax, run, points, i, colour, marker)
            if eps <= 0.05 and rates:
                top = max(top, max(rates.values()))
        width = run.points["width"][points]
        ax.set_xlim(min(width.min() - 1, 0.9 * width.min()), width.max() + 0.6)
        if top > 0:
            ax.set_ylim(-0.03 * top, 1.08 * top)
        ax.axhline(0, color=GREY, lw=0.6, zorder=0)
        ax.spines["bottom"].set_visible(False)
        if run.analysis:
            for i, _, colour, _ in thresholds(run):
                draw_fit(ax, run, where, i, colour)
        if ax.get_subplotspec().is_first_col():
            ax.set_ylabel(r"inverse learning time $1/\tau_\epsilon$")
        if ax.get_subplotspec().is_last_row():
            ax.set_xlabel("width $N_h$")
    handles = [plt.Line2D([], [], marker=m, color=c, ls="-" if run.analysis else "", mec="white", mew=0.5, label=f"{eps:g}")
               for _, eps, c, m in thresholds(run)]
    filled[0][0].legend(handles=handles, title=r"$\epsilon$ [bits]", loc="upper left", labelspacing=0.2)
    return run.save(figure, "inverse-times")


if __name__ == "__main__":
    main(draw)
