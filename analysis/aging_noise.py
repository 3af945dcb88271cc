#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Displacement and noise: D(t_w, t_w+t) against the time t_w+t with the part that the orthogonal projection made,
and the gradient noise Gamma against time, for time points and for chorales as examples."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, waiting_handles
from common import GREY, PANEL, main

ROWS = 6


def draw_displacement(ax, cell):
    tau = cell.begun[:, None] + cell.lag
    d, error = cell.log_mean("displacement")
    part, _ = cell.mean("displacement_projected")
    draw_curves(ax, cell, tau, d, error)
    draw_curves(ax, cell, tau, np.where(part < 0, -part, np.nan), ls=":", lw=0.9)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(np.nanmax(d) * 1e-4, np.nanmax(d) * 2)
    ax.set_ylabel("$D(t_w, t_w+t)$")
    ax.set_title(cell.title(), loc="left")
    handles = waiting_handles(cell) + [plt.Line2D([], [], color=GREY, ls=":", lw=0.9, label="taken by projection")]
    ax.set_xlim(cell.begun[0] / 5, None)
    ax.legend(handles=handles, title="$t_w$", loc="upper left", fontsize=7, title_fontsize=8, handlelength=1.0,
              labelspacing=0.1)


def draw_noise(ax, cell, tau):
    for name, text, style in [("noise_time_points", "time points", "-"), ("noise_chorales", "chorales", "--")]:
        if name not in cell.points:
            continue
        gamma, error = cell.mean(name)
        good = np.isfinite(gamma) & (tau > 0)
        if good.any():
            ax.plot(tau[good], gamma[good], color="black", ls=style, label=f"examples: {text}")
            ax.fill_between(tau[good], (gamma - error)[good], (gamma + error)[good], color="black", alpha=0.15, lw=0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylabel(r"$\Gamma$  [(nat/$w$)$^2$]")
    ax.legend(loc="best", fontsize=8)


def draw(run):
    rows = cells(run)
    if not rows:
        return "displacement and noise: no point measured them (observe.aging, observe.noise)"
    with_noise = "noise_time_points" in run.points
    made = []
    for first in range(0, len(rows), ROWS):
        page = rows[first:first + ROWS]
        figure, grid = plt.subplots(len(page), 2 if with_noise else 1, squeeze=False,
                                    figsize=((1.3 * PANEL) * (2 if with_noise else 1), 2.4 * len(page) + 0.4))
        for axes, cell in zip(grid, page):
            draw_displacement(axes[0], cell)
            if with_noise:
                draw_noise(axes[1], cell, run.points["grid_tau"])
        for ax in grid[-1]:
            ax.set_xlabel(r"proper time $\tau$")
        made += run.save(figure, "aging-noise" + (f"-{first // ROWS + 1}" if len(rows) > ROWS else ""))
    return made


if __name__ == "__main__":
    main(draw)
