#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two-time overlaps C(t_w, t_w+t) of the weights and of the outputs against t/t_w."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, waiting_handles
from common import PANEL, main

ROWS = 6


def draw_overlap(ax, cell, name, text):
    overlap, error = cell.mean(name)
    u = cell.lag / cell.waiting[:, None]
    draw_curves(ax, cell, np.where(u >= 1e-3, u, np.nan), overlap, error, relative=False)
    ax.set_xscale("log")
    ax.set_ylabel(text)


def draw(run):
    rows = cells(run)
    if not rows:
        return "overlaps: no point measured them (observe.aging)"
    shown = [("overlap_weights", "$C$ of the weights"), ("overlap_outputs", "$C$ of the outputs")]
    made = []
    for first in range(0, len(rows), ROWS):
        page = rows[first:first + ROWS]
        figure, grid = plt.subplots(len(page), 2, squeeze=False, figsize=(2.4 * PANEL, 2.2 * len(page) + 0.4))
        for axes, cell in zip(grid, page):
            for ax, (name, text) in zip(axes, shown):
                draw_overlap(ax, cell, name, text)
            axes[0].set_title(cell.title(), loc="left")
            axes[0].legend(handles=waiting_handles(cell), title="$t_w$", loc="lower left", fontsize=7,
                           title_fontsize=8, handlelength=1.0, labelspacing=0.1)
        for ax in grid[-1]:
            ax.set_xlabel("$t/t_w$")
        made += run.save(figure, "aging-overlaps" + (f"-{first // ROWS + 1}" if len(rows) > ROWS else ""))
    return made


if __name__ == "__main__":
    main(draw)
