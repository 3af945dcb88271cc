#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aging as in the talk: Delta against t and against t/t_w, linear and log-log, coloured by waiting time.

One row per cell (depth, width, ...), the p-spin glass in the last row if RUN/p-spin holds it. Bands are one
standard error over seeds."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, reference, waiting_handles
from common import GREY, PANEL, main

ROWS = 6  # on one page
SHORT = 2.0  # the talk's figures end at t/t_w = 2


def draw_row(axes, cell):
    t = cell.lag
    u = t / cell.waiting[:, None]
    delta, error = cell.log_mean("delta")
    near = u <= SHORT * 1.03
    draw_curves(axes[0], cell, np.where(near, t, np.nan), delta, error)
    draw_curves(axes[1], cell, np.where(near, u, np.nan), delta, error)
    draw_curves(axes[2], cell, t, delta, error)
    draw_curves(axes[3], cell, u, delta, error)
    for ax in axes[:2]:
        ax.set_xlim(0, None)
        ax.set_ylim(0, None)
    for ax in axes[2:]:
        ax.set_xscale("log")
        ax.set_yscale("log")
    axes[3].axvline(SHORT, color=GREY, lw=0.6, ls=(0, (1, 3)))
    axes[0].set_ylabel(r"$\Delta$")
    axes[2].legend(handles=waiting_handles(cell), title="$t_w$", loc="lower right", fontsize=7, title_fontsize=8,
                   handlelength=1.0, labelspacing=0.1)
    axes[0].set_title(cell.title(), loc="left")


def draw(run):
    rows = cells(run)
    if not rows:
        return "aging: no point measured it (observe.aging)"
    glass = reference(run)
    rows += [glass[0]] if glass else []
    made = []
    for first in range(0, len(rows), ROWS):
        page = rows[first:first + ROWS]
        figure, grid = plt.subplots(len(page), 4, squeeze=False, figsize=(3.4 * PANEL, 2.15 * len(page) + 0.4))
        for axes, cell in zip(grid, page):
            draw_row(axes, cell)
        for ax, text in zip(grid[-1], ["lag $t$", "$t/t_w$", "lag $t$", "$t/t_w$"]):
            ax.set_xlabel(text)
        made += run.save(figure, "aging-delta" + (f"-{first // ROWS + 1}" if len(rows) > ROWS else ""))
    return made


if __name__ == "__main__":
    main(draw)
