#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The largest curvature lambda_max of the cost: along the runs, coloured by width, and against the width at a few times.

Dashed is the edge of stability, eta lambda_max = 2 for descent: beyond it steps overshoot. Dotted, where there is an
analysis, are the critical widths of all thresholds. In the second figure a run that ended earlier stands with its last
value, as an open symbol."""
import matplotlib.pyplot as plt
import numpy as np

from common import COLOURS, GREY, MARKERS, drawn_at, grid_of, has_times, label, label_outer, main, mark_limit, number, pages, plain_log
from learning_curves import colours, widths_of

MOST_TIMES = 5


def edges(run, points):
    """lambda_max at the edge of stability, for every rate among these points."""
    rates = run.points["rule_eta"][points]
    return sorted(set((run.points["edge"][points] / rates)[np.isfinite(run.points["edge"][points])].tolist()))


def draw_curves(ax, run, points, legend):
    """All runs of one line against time."""
    tau, widths = run.points["grid_tau"], widths_of(run, points)
    colour = colours(widths)
    for i in points[np.argsort(run.points["width"][points], kind="stable")]:
        value = run.points["sharpness"][i]
        good = (tau > 0) & (value > 0)
        ax.plot(tau[good], value[good], color=colour[run.points["width"][i]], lw=0.9, alpha=0.85)
    for edge in edges(run, points):
        ax.axhline(edge, color=GREY, lw=0.8, ls=(0, (4, 2)), zorder=0)
    if legend:
        ax.legend([plt.Line2D([], [], color=colour[w], lw=2) for w in widths], [number(w) for w in widths], title="$N_h$",
                  loc="upper left", handlelength=1.0, labelspacing=0.15, fontsize=8, title_fontsize=9)


def at_time(run, i, k):
    """(lambda_max of run i at grid index k or at its last before, whether it had ended)."""
    value = run.points["sharpness"][i][:k + 1]
    good = np.flatnonzero(np.isfinite(value))
    ended = run.points["tau"][i] < run.points["grid_tau"][k]
    return (value[good[-1]] if len(good) else np.nan), bool(ended)


def times(run, points):
    """Grid indices a factor of three or so apart, up to the longest run."""
    tau = run.points["grid_tau"]
    last = np.flatnonzero(np.isfinite(run.points["sharpness"][points]).any(axis=0))[-1]
    wanted = tau[last] / 10 ** (0.5 * np.arange(MOST_TIMES))
    return [int(np.argmin(np.abs(np.log(np.maximum(tau, 1e-12) / t)))) for t in wanted if t >= 1][::-1]


def draw_widths(ax, run, where, points):
    """lambda_max against the width, medians over seeds, at a few times."""
    among = widths_of(run, points)
    widths = drawn_at(among, among, log=True)
    for n, k in enumerate(times(run, points)):
        colour, middle, ended = COLOURS[n], [], []
        for w in among:
            found = [at_time(run, i, k) for i in points[run.points["width"][points] == w]]
            middle.append(np.nanmedian([value for value, _ in found]))
            ended.append(np.mean([e for _, e in found]) > 0.5)
        middle, ended = np.array(middle), np.array(ended)
        ax.plot(widths, middle, color=colour, lw=1.0, label=f"{run.points['grid_tau'][k]:.3g}")
        for open_, style in ((False, colour), (True, "white")):
            ax.plot(widths[ended == open_], middle[ended == open_], ls="", marker=MARKERS[n], mec=colour, mfc=style, mew=0.9)
    if has_times(run):
        critical = np.ravel(run.at("n_c", **run.known("n_c", where)))
        for n_c in critical[(critical > 0.9 * widths.min()) & (critical < 1.1 * widths.max())]:  # of the rest nothing is seen here
            ax.axvline(n_c, color=GREY, lw=0.7, ls=(0, (1, 2)), zorder=0)
    for edge in edges(run, points):
        ax.axhline(edge, color=GREY, lw=0.8, ls=(0, (4, 2)), zorder=0)
    mark_limit(ax, among, log=True)


def draw(run):
    if "sharpness" not in run.points or not np.isfinite(run.points["sharpness"]).any():
        return "sharpness: it was not measured (observe.sharpness)"
    made = []
    for ending, page in pages(run):
        for name, x in (("sharpness", r"proper time $\tau$"), ("sharpness-width", "width $N_h$")):
            figure, axes = grid_of(len(page), sharex=True, sharey=True)
            first = widths_of(run, page[0][1])
            for ax, (where, points) in zip(axes, page):
                if name == "sharpness":
                    draw_curves(ax, run, points, ax is axes[0] or widths_of(run, points) != first)
                else:
                    draw_widths(ax, run, where, points)
                    ax.legend(title=r"$\tau$", fontsize=8, title_fontsize=9, labelspacing=0.15)
                ax.set_title(label(where))
                ax.set_xscale("log")
                ax.set_yscale("log")
            if name != "sharpness":
                plain_log(axes[0].xaxis)
            label_outer(axes, x, r"$\lambda_{\max}$  [nat/w$^2$]")
            made += run.save(figure, name + ending)
    return made


if __name__ == "__main__":
    main(draw)
