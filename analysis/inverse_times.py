#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inverse learning times against width by threshold, with the fits and critical widths of the analysis.

Small points are runs, large ones the medians of the analysis; open ones below the axis mark widths that did not learn: fewer
than half of their runs did in the time they had. Infinite width (limit.name: tangent) stands right of the dotted line."""
import matplotlib.pyplot as plt
import numpy as np

from common import (GREY, bars, drawn_at, grid_of, has_times, label, label_outer, legend_beside, lines, main, mark_limit, pages,
                    thresholds)


def medians(run, where, i):
    """{width: median learning time} of the analysis, inf where the width did not learn; empty without an analysis."""
    if not has_times(run):
        return {}
    tau = run.at("tau", **run.known("tau", where))  # [width][threshold]
    return dict(zip(run.analysis["width"].tolist(), tau[:, i].tolist()))


def draw_threshold(ax, run, where, points, i, colour, marker):
    """The runs of one threshold. Returns the rates of the medians by width, and the widths that did not learn."""
    among = run.points["width"][points]
    width = drawn_at(among, among)
    tau = run.points["learning_time"][points, i]
    learned = np.isfinite(tau) & (tau > 0)
    ax.plot(width[learned], 1 / tau[learned], ".", color=colour, ms=3, alpha=0.45, mew=0, zorder=2)
    middle = {w: t for w, t in medians(run, where, i).items() if not np.isnan(t)}
    rates = {w: 1 / t for w, t in middle.items() if np.isfinite(t)}
    ax.plot(drawn_at(list(rates), among), list(rates.values()), marker, color=colour, ms=5, mec="white", mew=0.5, zorder=4)
    return list(rates.values()) or (1 / tau[learned]).tolist(), drawn_at([w for w, t in middle.items() if np.isinf(t)], among).tolist()


def draw_fit(ax, run, where, i, colour):
    """The straight line from N_c up, solid in the window, and N_c with its interval on the axis. Returns N_c."""
    def value(name):
        return float(np.asarray(run.at(name, **run.known(name, where)))[..., i])

    critical, rate = value("n_c"), value("rate")
    if not np.isfinite(critical):
        return np.inf
    low, high = max(critical, value("window_low")), value("window_high")
    x = np.array([critical, 3 * high])
    ax.plot(x, rate * (x - critical), color=colour, lw=0.8, ls=(0, (4, 3)), alpha=0.7, zorder=1)
    x = np.array([low, high])
    ax.plot(x, rate * (x - critical), color=colour, lw=1.2, zorder=1)
    ax.errorbar([critical], [0], xerr=bars([critical], [value("n_c_low")], [value("n_c_high")]), fmt="|",
                color=colour, ms=9, mew=1.4, elinewidth=2.6, capsize=0, zorder=5)
    return critical


def draw_slow(ax, slow, top):
    """A row below the axis for each threshold with widths that were too slow. Returns the lower end of the frame."""
    rows = [(widths, colour, marker) for widths, colour, marker in slow if widths]
    for row, (widths, colour, marker) in enumerate(rows):
        ax.plot(widths, [-(0.06 + 0.05 * row) * top] * len(widths), marker, color=colour, ms=4, mfc="white", mew=0.8,
                zorder=3)
    return -(0.04 + 0.05 * len(rows)) * top


def draw_line(ax, run, where, points):
    top, slow = 0.0, []
    for i, _, colour, marker in thresholds(run):
        rates, widths = draw_threshold(ax, run, where, points, i, colour, marker)
        top = max([top, *rates])
        slow.append((widths, colour, marker))
    among = run.points["width"][points]
    width = drawn_at(among, among)
    left = width.min()
    if has_times(run):
        left = min([left] + [draw_fit(ax, run, where, i, colour) for i, _, colour, _ in thresholds(run)])
    ax.set_xlim(left - 0.04 * (width.max() - left) - 0.5, width.max() + 0.03 * (width.max() - left) + 0.3)
    top = top or 1 / max(run.points["tau"][points].max(), 1e-9)
    ax.set_ylim(draw_slow(ax, slow, top), 1.08 * top)
    ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= 1.08 * top])
    ax.axhline(0, color=GREY, lw=0.6, zorder=0)
    ax.spines["bottom"].set_visible(False)
    mark_limit(ax, among)
    ax.set_title(label(where))


def draw(run):
    if "learning_time" not in run.points or run.count == 0:
        return "inverse learning times: no point has learning times"
    if "threshold" not in run.points:
        return "inverse learning times: the points do not share their thresholds"
    if not np.isfinite(run.points["learning_time"]).any():
        return "inverse learning times: no run has learned"
    everything = lines(run)
    if len(everything) > 1 and all(len(set(run.points["width"][points])) == 1 for _, points in everything):
        return "inverse learning times: every line has one width (see times-against)"
    handles = [plt.Line2D([], [], marker=m, color=c, ls="-" if has_times(run) else "", mec="white", mew=0.5, label=f"{eps:g}")
               for _, eps, c, m in thresholds(run)]
    handles += [plt.Line2D([], [], marker="o", color=GREY, ls="", ms=4, mfc="white", mew=0.8, label="too slow")]
    made = []
    for ending, page in pages(run):
        figure, axes = grid_of(len(page), height=3.1)
        for ax, (where, points) in zip(axes, page):
            draw_line(ax, run, where, points)
        label_outer(axes, "width $N_h$", r"inverse learning time $1/\tau_\epsilon$")
        legend_beside(axes, handles, title=r"$\epsilon$ [bits]")
        made += run.save(figure, "inverse-times" + ending)
    return made


if __name__ == "__main__":
    main(draw)
