#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two-time overlaps C(t_w, t_w+t) of the weights and of the outputs against t/t_w, the p-spin glass in the last row
if RUN/p-spin holds it. Bands are one standard error over seeds."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, legend, nothing, pages, reference
from common import PANEL, main

SHORTEST = 1e-2  # in t/t_w; below, C is flat
SHOWN = {"overlap_weights": "$C$ of the weights", "overlap_outputs": "$C$ of the outputs"}


def draw_overlap(ax, cell, name, text):
    overlap, error = cell.mean(name)
    u = cell.lag / cell.waiting[:, None]
    draw_curves(ax, cell, np.where(u >= SHORTEST, u, np.nan), overlap, error, relative=False)
    ax.set_xscale("log")
    ax.set_xlim(SHORTEST, None)
    ax.set_ylabel("$C$ of the spins" if cell.glass else text)


def draw(run):
    rows = cells(run)
    if not rows:
        return nothing(run, "overlaps")
    shown = [name for name in SHOWN if any(name in c.points and np.isfinite(c.mean(name)[0]).any() for c in rows)]
    glass = reference(run)
    made = []
    for ending, page in pages(rows, [glass[0]] if glass else []):
        figure, grid = plt.subplots(len(page), len(shown), squeeze=False,
                                    figsize=(1.25 * PANEL * len(shown) + 0.6, 2.2 * len(page) + 0.4))
        for axes, cell, above in zip(grid, page, [None] + page):
            own = [name for name in shown if name in cell.points]
            for ax, name in zip(axes, own):
                draw_overlap(ax, cell, name, SHOWN[name])
            for ax in axes[len(own):]:
                ax.set_visible(False)
            axes[0].set_title(cell.title(), loc="left")
            legend(axes[len(own) - 1], cell, above)
        for column in range(len(shown)):
            last = [ax for ax in grid[:, column] if ax.get_visible()][-1]
            last.set_xlabel("$t/t_w$")
        made += run.save(figure, "aging-overlaps" + ending)
    return made


if __name__ == "__main__":
    main(draw)
