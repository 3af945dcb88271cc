#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tangent kernel: drift, distance from the linearisation, alignment and trace against proper time, by width."""
import numpy as np

from common import grid_of, label, lines, main, number, plain_log, plt

PANELS = [("tangent_drift", r"drift $|\Theta_\tau-\Theta_0|\,/\,|\Theta_0|$", "log"),
          ("tangent_linearisation", r"$|f_\tau-f_0-J_0(w_\tau-w_0)|\,/\,|f_\tau-f_0|$", "log"),
          ("tangent_alignment_centred", "alignment with the targets, centred", "linear"),
          ("tangent_trace", r"$\mathrm{tr}\,\Theta$ / rows", "log")]


def curves(run, name, points):
    """(tau, median, lowest, highest) over the seeds, at the grid times that all of them have."""
    place = np.arange(run.points["tangent_at"].shape[1])
    values, tau = run.points[name][points], run.points["tangent_at"][points]
    good = np.isfinite(values).all(axis=0) & (tau > 0).all(axis=0)
    values, tau = values[:, place[good]], tau[:, place[good]]
    return np.median(tau, axis=0), np.median(values, axis=0), values.min(axis=0), values.max(axis=0)


def draw_panel(ax, run, points, panel, colour):
    name, title, scale = panel
    for width in colour:
        tau, middle, low, high = curves(run, name, points[run.points["width"][points] == width])
        ax.plot(tau, middle, color=colour[width], label=number(width))
        ax.fill_between(tau, low, high, color=colour[width], alpha=0.2, lw=0)
    ax.set_xscale("log")
    ax.set_yscale(scale)
    if name == "tangent_trace":
        plain_log(ax.yaxis)
    ax.set_title(title, fontsize=10.5)
    ax.set_xlabel(r"proper time $\tau$")


def draw(run):
    if "tangent_drift" not in run.points:
        return "the tangent kernel: observe.tangent was off"
    made, found = [], lines(run)
    for where, points in found:
        widths = sorted(set(run.points["width"][points].tolist()))
        colour = {w: plt.get_cmap("cividis")(0.9 * k / max(1, len(widths) - 1)) for k, w in enumerate(widths)}
        figure, axes = grid_of(len(PANELS))
        for ax, panel in zip(axes, PANELS):
            draw_panel(ax, run, points, panel, colour)
        axes[0].legend(title="$N_h$", fontsize=8, title_fontsize=9, labelspacing=0.15, handlelength=1.0)
        figure.suptitle(label(where), fontsize=10.5)
        ending = "".join(f"-{n}-{v:g}" if isinstance(v, (int, float)) else f"-{v}" for n, v in where.items() if v is not None)
        made += run.save(figure, "tangent" + ending)
    return made


if __name__ == "__main__":
    main(draw)
