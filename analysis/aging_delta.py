#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aging as in the talk: Delta against t and against t/t_w, linear and log-log, coloured by waiting time.

One row per cell (depth, width, ...), the p-spin glass in the last row if RUN/p-spin holds it. Bands are one
standard error over seeds. In the log-log panels lines break where Delta of a run is negative."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, legend, nothing, pages, reference
from common import GREY, PANEL, main

SHORT = 2.0  # the talk's figures end at t/t_w = 2


def draw_row(axes, cell, above):
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
    legend(axes[3], cell, above)
    axes[0].set_title(cell.title(), loc="left")


def draw(run):
    rows = cells(run)
    if not rows:
        return nothing(run, "aging")
    glass = reference(run)
    made = []
    for ending, page in pages(rows, [glass[0]] if glass else []):
        figure, grid = plt.subplots(len(page), 4, squeeze=False, figsize=(3.6 * PANEL, 2.15 * len(page) + 0.4))
        for axes, cell, above in zip(grid, page, [None] + page):
            draw_row(axes, cell, above)
        for ax, text in zip(grid[-1], ["lag $t$", "$t/t_w$", "lag $t$", "$t/t_w$"]):
            ax.set_xlabel(text)
        made += run.save(figure, "aging-delta" + ending)
    return made


if __name__ == "__main__":
    main(draw)
