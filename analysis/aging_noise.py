#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Displacement and noise: D(t_w, t_w+t) against the time t_w+t with the part that the orthogonal projection made,
and the gradient noise Gamma against time, for time points and for chorales as examples."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, legend, nothing, pages
from common import GREY, PANEL, main

EXAMPLES = {"noise_time_points": ("time points", "-"), "noise_chorales": ("chorales", "--")}


DECADES = 1e-4  # of D, below its largest value, that are shown


def projected(cell):
    """What the projection took, where the panel shows it."""
    part, _ = cell.mean("displacement_projected")
    return np.where(-part > np.nanmax(cell.log_mean("displacement")[0]) * DECADES, -part, np.nan)


def draw_displacement(ax, cell):
    tau = cell.begun[:, None] + cell.lag
    d, error = cell.log_mean("displacement")
    draw_curves(ax, cell, tau, d, error)
    draw_curves(ax, cell, tau, projected(cell), ls=":", lw=0.9)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(np.nanmax(d) * DECADES, np.nanmax(d) * 2)
    ax.set_ylabel("$D(t_w, t_w+t)$")
    ax.set_title(cell.title(), loc="left")
    ax.set_xlim(cell.begun[0] * 0.8, None)


def draw_noise(ax, cell, tau):
    for name, (_, style) in EXAMPLES.items():
        if name not in cell.points:
            continue
        gamma, error = cell.mean(name)
        good = np.isfinite(gamma) & (tau > 0)
        if good.any():
            ax.plot(tau[good], gamma[good], color="black", ls=style)
            ax.fill_between(tau[good], (gamma - error)[good], (gamma + error)[good], color="black", alpha=0.15, lw=0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylabel(r"$\Gamma$  [(nat/$w$)$^2$]")


def draw(run):
    rows = cells(run)
    if not rows:
        return nothing(run, "displacement and noise")
    shown = [name for name in EXAMPLES if name in run.points]
    columns = 2 if shown else 1
    extra = [plt.Line2D([], [], color=GREY, ls=":", lw=0.9, label="taken by\nprojection")] if any(
        np.isfinite(projected(cell)).any() for cell in rows) else []
    extra += [plt.Line2D([], [], color="black", ls=EXAMPLES[name][1], label=f"$\\Gamma$: {EXAMPLES[name][0]}") for name in shown]
    made = []
    for ending, page in pages(rows, []):
        figure, grid = plt.subplots(len(page), columns, squeeze=False,
                                    figsize=(1.3 * PANEL * columns + 0.9, 2.4 * len(page) + 0.4))
        for axes, cell, above in zip(grid, page, [None] + page):
            draw_displacement(axes[0], cell)
            if shown:
                draw_noise(axes[1], cell, run.points["grid_tau"])
            legend(axes[-1], cell, above, extra)
        for ax in grid[-1]:
            ax.set_xlabel(r"proper time $\tau$")
        made += run.save(figure, "aging-noise" + ending)
    return made


if __name__ == "__main__":
    main(draw)
