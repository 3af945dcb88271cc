#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A known answer: perceptrons that store p random patterns in N dimensions. Left, the share of runs that reach a threshold,
beside Cover's probability that the patterns can be stored at all, P(p, N) = 2^(1-p) sum_{k<N} C(p-1, k); right, inverse learning
times, which go to zero at p/N = 2."""
import math

import matplotlib.pyplot as plt
import numpy as np

from common import GREY, grid_of, label, legend_beside, lines, main, thresholds


def cover(p, n):
    """Probability that a perceptron without threshold can store p patterns in general position in n dimensions."""
    return sum(math.comb(p - 1, k) for k in range(n)) / 2 ** (p - 1)


def share(learned, runs):
    """(share, its standard error by Wilson's centre) of runs that learned."""
    centre = (learned + 0.5) / (runs + 1)
    return learned / runs, math.sqrt(centre * (1 - centre) / runs)


def median(times):
    """Median learning time, inf where fewer than half of the runs have one."""
    return float(np.median(np.where(np.isfinite(times), times, np.inf)))


def draw_line(left, right, run, points, p):
    size, tau = run.points["width"][points], run.points["learning_time"][points]
    dimensions = np.unique(size)
    for i, _, colour, marker in thresholds(run):
        times = [tau[size == n, i] for n in dimensions]
        part, error = np.array([share(np.isfinite(t).sum(), len(t)) for t in times]).T
        limits = [np.minimum(part, error), np.minimum(1 - part, error)]
        left.errorbar(dimensions, part, yerr=limits, fmt=marker, color=colour, ms=4.5, lw=0.8, mec="white", mew=0.5)
        rate = np.array([1 / median(t) for t in times])
        right.plot(dimensions, rate / (rate.max() or 1), marker + "-", color=colour, lw=1, mec="white", mew=0.5)
    between = np.arange(int(dimensions.min()), int(dimensions.max()) + 1)
    left.plot(between, [cover(p, int(n)) for n in between], color="k", lw=1.2, zorder=0)
    right.set_ylim(bottom=0)


def draw(run):
    perceptrons = run.count > 0 and "learning_time" in run.points and (run.points["depth"] == 0).all()
    if not perceptrons or "threshold" not in run.points or len(set(run.points["pairs"].tolist())) != 1:
        return "capacity: the runs are no perceptrons (depth 0) of one number of patterns"
    p, found = int(run.points["pairs"][0]), lines(run)
    figure, axes = grid_of(2 * len(found), height=2.8)
    for k, (where, points) in enumerate(found):
        left, right = axes[2 * k:2 * k + 2]
        draw_line(left, right, run, points, p)
        left.set_title(label(where))
        left.set_ylabel("share of runs that learn")
        right.set_ylabel(r"$1/\tau_\epsilon$, relative to the largest $N$")
        for ax in (left, right):
            ax.axvline(p / 2, color=GREY, lw=0.8, ls=(0, (4, 3)), zorder=0)
            ax.set_xlabel(f"dimension $N$ ($p$ = {p})")
    handles = [plt.Line2D([], [], marker=m, color=c, ls="", mec="white", mew=0.5, label=f"{eps:g}")
               for _, eps, c, m in thresholds(run)]
    handles += [plt.Line2D([], [], color="k", lw=1.2, label="Cover"),
                plt.Line2D([], [], color=GREY, lw=0.8, ls=(0, (4, 3)), label="$p/N$ = 2")]
    legend_beside(axes, handles, title=r"$\epsilon$ [bits]")
    return run.save(figure, "capacity")


if __name__ == "__main__":
    main(draw)
